import { scenarios } from './measures/scenarios.ts';
import { describeDelivery } from './report.ts';
import type { Delivery, Results, ScriptResult } from './results.ts';

const width = 1_080;
const margin = 24;
const labels = 290;
const rowHeight = 28;
/** Bars of larger scripts are cut here, and say so: at full length the small ones could not be seen. */
const longestBar = 6_000;

/** Each with white or black text on it at a contrast of 4.5 or more; told apart without red and green, too. */
const colours = {
  good: { fill: '#0b5fa5', text: '#ffffff' },
  later: { fill: '#a8cdea', text: '#10222f' },
  bad: { fill: '#a83c00', text: '#ffffff' },
  none: { fill: '#eceff1', text: '#455a64' },
  ours: { fill: '#0b5fa5', text: '#ffffff' },
  other: { fill: '#78909c', text: '#ffffff' },
};

/** Sizes as bars, and below them what arrives as a grid. */
export function renderPicture({ scripts, takenOn, runs }: Results): string {
  const bars = renderBars(scripts, 84);
  const grid = renderGrid(
    scripts.filter(({ requests }) => requests),
    bars.bottom + 56,
  );
  const height = grid.bottom + 64;
  const said = `${scripts[0]?.title} beside ${scripts.length - 1} other tracking scripts: sizes, and which conversions arrive when something goes wrong. The same figures stand in benchmark.md as tables.`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description" font-family="system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif" font-size="14" fill="#10222f">
<title id="title">Benchmark of tracking scripts</title>
<desc id="description">${said}</desc>
<rect width="${width}" height="${height}" rx="8" fill="#ffffff"/>
${text(margin, 42, 'Script size, bytes with brotli', 'font-size="20" font-weight="600"')}
${text(margin, 64, 'Less is better.', `fill="${colours.none.text}"`)}
${bars.svg}
${text(margin, bars.bottom + 30, 'Does the conversion arrive?', 'font-size="20" font-weight="600"')}
${grid.svg}
${renderKey(grid.bottom + 16)}
${text(margin, height - 14, `${takenOn}; ${runs.delivery} visits for each field of the grid. Made by npm run bench.`, `font-size="12" fill="${colours.none.text}"`)}
</svg>
`;
}

interface Drawn {
  svg: string;
  bottom: number;
}

function renderBars(scripts: ScriptResult[], top: number): Drawn {
  const left = margin + 130;
  const scale = (width - left - margin - 90) / longestBar;
  const rows = [...scripts]
    .sort((one, other) => one.bytes.brotli - other.bytes.brotli)
    .map((script, index) => {
      const y = top + index * rowHeight;
      const { brotli } = script.bytes;
      const length = Math.min(brotli, longestBar) * scale;
      const isOurs = script === scripts[0];
      const { fill } = isOurs ? colours.ours : colours.other;
      const note = script.requests ? '' : ' (page views only)';
      return [
        text(left - 10, y + 19, script.title, `text-anchor="end"${isOurs ? ' font-weight="700"' : ''}`),
        `<rect x="${left}" y="${y + 3}" width="${length.toFixed(1)}" height="${rowHeight - 6}" fill="${fill}"/>`,
        brotli > longestBar ? cut(left + length - 40, y) : '',
        text(
          left + length + 8,
          y + 19,
          brotli.toLocaleString('en-US') + note,
          isOurs ? 'font-weight="700"' : '',
        ),
      ].join('');
    });
  return { svg: rows.join('\n'), bottom: top + scripts.length * rowHeight };
}

/** Two slanted lines through a bar that goes on. */
function cut(x: number, y: number): string {
  const line = (from: number) => `M${from} ${y + rowHeight} l10 -${rowHeight}`;
  return `<path d="${line(x)} ${line(x + 9)}" stroke="#ffffff" stroke-width="4" fill="none"/>`;
}

function renderGrid(scripts: ScriptResult[], top: number): Drawn {
  const column = (width - 2 * margin - labels) / scripts.length;
  const heads = scripts.map(({ title }, index) => {
    const weight = index ? '' : ' font-weight="700"';
    return text(
      margin + labels + (index + 0.5) * column,
      top,
      title,
      `text-anchor="middle" font-size="13"${weight}`,
    );
  });
  const rows = scenarios.map(({ id, title }, row) => {
    const y = top + 12 + row * rowHeight;
    const cells = scripts.map(({ deliveries }, index) =>
      renderCell(deliveries[id], margin + labels + index * column, y, column),
    );
    return text(margin, y + 19, title) + cells.join('');
  });
  return { svg: [...heads, ...rows].join('\n'), bottom: top + 12 + scenarios.length * rowHeight };
}

function renderCell(delivery: Delivery | undefined, x: number, y: number, column: number): string {
  const { fill, text: colour } = colourOf(delivery);
  const words = delivery && describeDelivery(delivery);
  const short = (words ?? '—').replace(/^0 % \+ (\S+ %) later/, '$1 later').replace(', throws', ' !');
  return (
    `<rect x="${(x + 1).toFixed(1)}" y="${y + 1}" width="${(column - 2).toFixed(1)}" height="${rowHeight - 2}" rx="3" fill="${fill}"/>` +
    text(x + column / 2, y + 18, short, `text-anchor="middle" font-size="12" fill="${colour}"`)
  );
}

function colourOf(delivery: Delivery | undefined) {
  if (!delivery) return colours.none;
  const { runs, onPage, atNextPage, once = onPage } = delivery;
  if (once === runs) return colours.good;
  return onPage + atNextPage === runs && delivery.once === undefined ? colours.later : colours.bad;
}

function renderKey(y: number): string {
  const entries: [keyof typeof colours, string][] = [
    ['good', 'in every visit'],
    ['later', 'in every visit, but only at the next page in some'],
    ['bad', 'not in every visit'],
    ['none', 'no stub to call'],
  ];
  let x = margin;
  const drawn = entries.map(([colour, words]) => {
    const entry = `<rect x="${x}" y="${y}" width="14" height="14" rx="3" fill="${colours[colour].fill}"/>${text(x + 20, y + 12, words, 'font-size="12"')}`;
    x += 44 + words.length * 6.4;
    return entry;
  });
  return `${drawn.join('')}${text(x, y + 12, '!  an error reaches the page', 'font-size="12"')}`;
}

function text(x: number, y: number, content: string, attributes = ''): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y}" ${attributes}>${escaped}</text>`;
}
