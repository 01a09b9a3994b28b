import { badge } from '../pages/blocks.ts';
import { type Html, html } from '../pages/html.ts';
import { linkFrom } from '../pages/link.ts';
import { controls } from '../views/figures/controls.ts';
import { type OverviewParts, overviewSections, periodLine } from '../views/figures/overview.ts';
import type { Concern } from './attention.ts';
import { type Losses, lossesSection } from './losses.ts';
import { summary } from './summary.ts';

export interface OverviewPageParts extends OverviewParts {
  url: string;
  concerns: readonly Concern[];
  losses: Losses;
}

/** `/console`: what came of the marketplace, and what needs a person. */
export function overviewPage(parts: OverviewPageParts): Html {
  const { view, overview, choices, concerns, losses, url } = parts;
  return html`<div class="head">
<div>
<h1>Overview</h1>
<p class="muted">${periodLine(view)}</p>
</div>
<div class="live small muted" data-live-state="${linkFrom(url, 'console/live')}"></div>
</div>
${view.problem !== undefined && html`<div class="notice bad" role="alert"><p>${view.problem}</p></div>`}
${controls(view, choices)}
<div id="live-summary" data-live>${summary(overview.now, losses)}</div>
<section class="card" id="live-attention" data-live aria-labelledby="attention-title">
<h2 id="attention-title">What needs you</h2>
${attention(concerns, url)}
</section>
${overviewSections({ ...parts, beside: lossesSection(losses, view, url) })}`;
}

const standingWords = { bad: 'Now', wait: 'Look' } as const;

function attention(concerns: readonly Concern[], url: string): Html {
  if (concerns.length === 0) {
    return html`<p>${badge('good', 'Nothing')} <span class="muted">No order is stuck, nobody has gone quiet, and nothing was refused in the last
day.</span></p>`;
  }
  return html`<ul class="concerns">
${concerns.map(
  ({
    standing,
    text,
    path,
    action,
  }) => html`<li>${badge(standing, standingWords[standing])} <span>${text}.</span>
<a href="${linkFrom(url, path)}">${action}</a></li>
`,
)}</ul>`;
}
