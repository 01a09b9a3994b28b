import type { Figure } from '../figures/figure.ts';
import { type Html, html } from '../pages/html.ts';
import { said } from '../pages/said.ts';
import { type Column, table } from '../pages/table.ts';
import { formatNumber } from '../pages/words.ts';
import { type Choices, controls } from '../views/figures/controls.ts';
import { sayDay, sayDays } from '../views/figures/days.ts';
import { percentOf } from '../views/figures/tiles.ts';
import type { FiguresView } from '../views/figures/view.ts';

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
  const known = figures.filter((figure) => wholeOf(figure) > 0);
  const byProvider = [...Map.groupBy(known, ({ partnerKey = '' }) => partnerKey)]
    .map(([partnerKey, ofProvider]) => ({ partnerKey, name: nameOf(partnerKey, choices), ofProvider }))
    .sort((one, other) => compareTexts(one.name, other.name));
  const query = String(
    new URLSearchParams({
      from: new Date(view.period.from).toISOString(),
      to: new Date(view.period.to).toISOString(),
      by: 'partnerKey,week',
      zone: view.zone,
    }),
  );
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
${byProvider.length === 0 ? nothing(overviewLink) : html`${legend}${byProvider.map(section)}`}`;
}

interface ProviderWeeks {
  partnerKey: string;
  name: string;
  ofProvider: readonly Figure[];
}

function section({ partnerKey, name, ofProvider }: ProviderWeeks): Html {
  const rows = [...ofProvider].sort((one, other) => compareTexts(other.week, one.week));
  return html`<section class="card"><h2>${said(name)}</h2>
${table({ caption: `Purchases of ${partnerKey} by week`, isCaptionUnseen: true, columns, rows })}
</section>
`;
}

const legend = html`<ul class="legend" aria-hidden="true"><li><span class="swatch both"></span> Page and server</li>
<li><span class="swatch server"></span> Server only</li><li><span class="swatch browser"></span> Page only</li></ul>`;

function nothing(overviewLink: string): Html {
  return html`<div class="empty"><h2>No purchase in this time</h2>
<p>Choose a longer time above, or look at <a href="${overviewLink}">what came at all</a>.</p></div>`;
}

function countColumn(heading: string, of: keyof Figure['copies']): Column<Figure> {
  return {
    heading,
    kind: 'number',
    cell: (figure) =>
      html`${formatNumber(figure.copies[of])} <span class="muted small">${percentOf([figure.copies[of], wholeOf(figure)])} %</span>`,
  };
}

const columns: readonly Column<Figure>[] = [
  {
    heading: 'Week of',
    kind: 'name',
    cell: ({ week }) => html`<span class="nowrap">${sayDay(week ?? '')}</span>`,
  },
  { heading: 'Purchases', kind: 'number', cell: (figure) => formatNumber(wholeOf(figure)) },
  { heading: 'Copies', cell: bar },
  countColumn('Page and server', 'both'),
  countColumn('Server only', 'server'),
  countColumn('Page only', 'browser'),
];

/** Says again what the numbers beside it say. */
function bar(figure: Figure): Html {
  const { both, server } = figure.copies;
  const whole = wholeOf(figure);
  const part = (count: number) => ((count / whole) * 100).toFixed(2);
  return html`<svg class="stack" width="8rem" height="12" aria-hidden="true"><rect class="browser" width="100%" height="12"/><rect
class="server" width="${part(both + server)}%" height="12"/><rect class="both" width="${part(both)}%" height="12"/></svg>`;
}

function wholeOf({ copies: { both, server, browser } }: Figure): number {
  return both + server + browser;
}

function nameOf(partnerKey: string, { providers }: Choices): string {
  return providers.find((provider) => provider.partnerKey === partnerKey)?.name ?? partnerKey;
}

function compareTexts(one = '', other = ''): number {
  return one < other ? -1 : Number(one > other);
}
