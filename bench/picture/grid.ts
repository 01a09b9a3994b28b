import { scenarios } from '../measures/scenarios.ts';
import type { Delivery, ScriptResult } from '../results.ts';
import { box, colours, type Drawn, margin, rowHeight, text, width } from './draw.ts';

const titles = 290;

/** A row for each scenario, a column for each script that can report a conversion. */
export function drawGrid(scripts: ScriptResult[], top: number): Drawn {
  const column = (width - 2 * margin - titles) / scripts.length;
  const left = (index: number) => margin + titles + index * column;
  const heads = scripts.map(({ title }, index) => {
    const weight = index ? '' : 'font-weight="700"';
    return text(left(index + 0.5), top, title, `text-anchor="middle" font-size="13" ${weight}`);
  });
  const rows = scenarios.map(({ id, title }, row) => {
    const y = top + 12 + row * rowHeight;
    const cells = scripts.map(({ deliveries }, index) => drawCell(deliveries[id], left(index), y, column));
    return text(margin, y + 19, title) + cells.join('');
  });
  return { svg: [...heads, ...rows].join('\n'), bottom: top + 12 + scenarios.length * rowHeight };
}

function drawCell(delivery: Delivery | undefined, x: number, y: number, column: number): string {
  const { fill, text: colour } = colourOf(delivery);
  const words = delivery ? describeShortly(delivery) : '—';
  return (
    box(x + 1, y + 1, column - 2, rowHeight - 2, fill) +
    text(x + column / 2, y + 18, words, `text-anchor="middle" font-size="12" fill="${colour}"`)
  );
}

function colourOf(delivery: Delivery | undefined) {
  if (!delivery) return colours.none;
  const { runs, onPage, atNextPage, once } = delivery;
  if ((once ?? onPage) === runs) return colours.good;
  return once === undefined && onPage + atNextPage === runs ? colours.later : colours.bad;
}

function describeShortly({ runs, onPage, atNextPage, once, threw }: Delivery): string {
  const percent = (count: number) => Math.round((count / runs) * 100);
  const later = onPage ? `${percent(onPage)} + ${percent(atNextPage)} %` : `${percent(atNextPage)} % later`;
  const share = atNextPage ? later : `${percent(once ?? onPage)} %`;
  return threw ? `${share} !` : share;
}
