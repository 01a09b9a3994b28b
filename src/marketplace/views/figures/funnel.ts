import type { Figure } from '../../figures/figure.ts';
import { type Html, html } from '../../pages/html.ts';
import { formatNumber } from '../../pages/words.ts';
import { percentOf } from './tiles.ts';

interface Stage {
  name: string;
  /** What it means, where the name alone doesn't say it. */
  about: string;
  count: number;
  /** What its share is of; undefined where nothing goes before it. */
  of: { name: string; count: number } | undefined;
}

function stagesOf({ clicks, visits, signups, purchases, attributed, believed }: Figure): Stage[] {
  return [
    { name: 'Clicks', about: 'on our links', count: clicks, of: undefined },
    { name: 'Visits', about: 'landed with a referral', count: visits, of: { name: 'clicks', count: clicks } },
    {
      name: 'Signups',
      about: 'accounts, nothing paid yet',
      count: signups,
      of: { name: 'visits', count: visits },
    },
    { name: 'Purchases', about: 'first payments', count: purchases, of: { name: 'visits', count: visits } },
    {
      name: 'Attributed',
      about: 'came by our link or page',
      count: attributed,
      of: { name: 'purchases', count: purchases },
    },
    {
      name: 'Believed',
      about: "the provider's own word",
      count: believed,
      of: { name: 'purchases', count: purchases },
    },
  ];
}

/** From click to purchase: a table whose bars say again what the words beside them say. */
export function funnel(figure: Figure): Html {
  const stages = stagesOf(figure);
  return html`<div class="scroll" role="region" aria-label="Stages from click to purchase" tabindex="0">
<table class="funnel">
<caption class="unseen">From click to purchase</caption>
<thead><tr><th scope="col">Stage</th><th scope="col" class="number">Count</th><th scope="col" class="bars">Share</th></tr></thead>
<tbody>
${stages.map(({ name, about, count, of }) => {
  const percent = of && percentOf([count, of.count]);
  return html`<tr><th scope="row">${name} <span class="muted small">${about}</span></th>
<td class="number">${formatNumber(count)}</td>
<td class="bars"><svg width="100%" height="10" aria-hidden="true"><rect width="${barOf(count, percent)}%" height="10" rx="3"/></svg>
<span class="small muted">${percent === undefined ? '' : `${percent} % of ${of?.name}`}</span></td></tr>
`;
})}</tbody>
</table>
</div>`;
}

/** More visits than clicks, of hosts for example, fill the bar. */
function barOf(count: number, percent: number | undefined): number {
  return percent === undefined ? Math.min(count, 1) * 100 : Math.min(percent, 100);
}
