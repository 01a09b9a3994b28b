import type { Figure } from '../figures/figure.ts';
import { type Html, html } from '../pages/html.ts';
import { said } from '../pages/said.ts';
import { type Choices, controls } from '../views/figures/controls.ts';
import { coverageLegend, coverageWeeks, reportedOf } from '../views/figures/coverageWeeks.ts';
import { sayDays } from '../views/figures/days.ts';
import { type FiguresView, figuresQuery } from '../views/figures/view.ts';

/** On one page: a hundred would be a megabyte. */
const mostProviders = 25;

export interface CoverageParts {
  view: FiguresView;
  choices: Choices;
  /** By provider and week. */
  figures: readonly Figure[];
  /** Address of the overview, from the page. */
  overviewLink: string;
  figuresLink: string;
}

/** `/console/coverage`: who reports the purchases of each provider, week by week. */
export function coveragePage({ view, choices, figures, overviewLink, figuresLink }: CoverageParts): Html {
  const known = figures.filter((figure) => reportedOf(figure) > 0);
  const byProvider = [...Map.groupBy(known, ({ partnerKey = '' }) => partnerKey)]
    .map(([partnerKey, ofProvider]) => ({
      partnerKey,
      name: nameOf(partnerKey, choices),
      ofProvider,
      reported: ofProvider.reduce((sum, figure) => sum + reportedOf(figure), 0),
    }))
    .sort((one, other) => other.reported - one.reported);
  const shown = byProvider.slice(0, mostProviders).sort((one, other) => compareTexts(one.name, other.name));
  const query = String(new URLSearchParams(figuresQuery(view, view.period, ['week', 'partnerKey'])));
  return html`<div class="head">
<div>
<h1>Coverage</h1>
<p class="muted">${sayDays(view.period.first, view.period.last)}</p>
</div>
<p class="row small"><a href="${figuresLink}.csv?${query}" download>CSV</a> <a href="${figuresLink}.json?${query}">JSON</a></p>
</div>
<p class="lead">A purchase that page and server report is known twice, and neither can lose it. Known from the server only is what
blockers and closed tabs have eaten; known from a page only, nobody has proven it.</p>
${controls(view, choices)}
${shown.length === 0 ? nothing(overviewLink) : html`${coverageLegend}${shown.map(section)}`}
${
  byProvider.length > shown.length &&
  html`<p class="muted">These ${shown.length} providers sell most; the CSV has all ${byProvider.length}, and the filter above any of them.</p>`
}`;
}

interface ProviderWeeks {
  partnerKey: string;
  name: string;
  ofProvider: readonly Figure[];
}

function section({ partnerKey, name, ofProvider }: ProviderWeeks): Html {
  return html`<section class="card"><h2>${said(name)}</h2>
${coverageWeeks(`Purchases of ${partnerKey} by week`, ofProvider)}
</section>
`;
}

function nothing(overviewLink: string): Html {
  return html`<div class="empty"><h2>No purchase in this time</h2>
<p>Choose a longer time above, or look at <a href="${overviewLink}">what came at all</a>.</p></div>`;
}

function nameOf(partnerKey: string, { providers }: Choices): string {
  return providers.find((provider) => provider.partnerKey === partnerKey)?.name ?? partnerKey;
}

function compareTexts(one = '', other = ''): number {
  return one < other ? -1 : Number(one > other);
}
