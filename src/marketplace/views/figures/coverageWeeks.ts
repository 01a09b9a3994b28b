import type { Figure } from '../../figures/figure.ts';
import { type Html, html } from '../../pages/html.ts';
import { type Column, table } from '../../pages/table.ts';
import { formatNumber } from '../../pages/words.ts';
import { sayDay } from './days.ts';
import { percentOf } from './tiles.ts';

/** What the bars of coverageWeeks mean. */
export const coverageLegend = html`<ul class="legend" aria-hidden="true"><li><span class="swatch both"></span> Page and server</li>
<li><span class="swatch server"></span> Server only</li><li><span class="swatch browser"></span> Page only</li></ul>`;

/** Who reported the purchases of each week, the newest week first. */
export function coverageWeeks(caption: string, figures: readonly Figure[]): Html {
  const rows = figures
    .filter((figure) => reportedOf(figure) > 0)
    .sort((one, other) => (other.week ?? '').localeCompare(one.week ?? ''));
  return table({ caption, isCaptionUnseen: true, columns, rows });
}

/** Purchases of which it is known who reported them. */
export function reportedOf({ copies: { both, server, browser } }: Figure): number {
  return both + server + browser;
}

function countColumn(heading: string, of: keyof Figure['copies']): Column<Figure> {
  return {
    heading,
    kind: 'number',
    cell: (figure) =>
      html`${formatNumber(figure.copies[of])} <span class="muted small">${percentOf([figure.copies[of], reportedOf(figure)])} %</span>`,
  };
}

const columns: readonly Column<Figure>[] = [
  {
    heading: 'Week of',
    kind: 'name',
    cell: ({ week }) => html`<span class="nowrap">${sayDay(week ?? '')}</span>`,
  },
  { heading: 'Purchases', kind: 'number', cell: (figure) => formatNumber(reportedOf(figure)) },
  { heading: 'Copies', cell: bar },
  countColumn('Page and server', 'both'),
  countColumn('Server only', 'server'),
  countColumn('Page only', 'browser'),
];

/** Says again what the numbers beside it say. */
function bar(figure: Figure): Html {
  const { both, server } = figure.copies;
  const whole = reportedOf(figure);
  const part = (count: number) => ((count / whole) * 100).toFixed(2);
  return html`<svg class="stack" width="8rem" height="12" aria-hidden="true"><rect class="browser" width="100%" height="12"/><rect
class="server" width="${part(both + server)}%" height="12"/><rect class="both" width="${part(both)}%" height="12"/></svg>`;
}
