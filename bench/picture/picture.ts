import type { Results } from '../results.ts';
import { drawBars } from './bars.ts';
import { aside, box, colours, frame, heading, margin, text } from './draw.ts';
import { drawGrid } from './grid.ts';

/** Sizes as bars, and below them what arrives as a grid. */
export function renderPicture({ scripts, takenOn, runs }: Results): string {
  const bars = drawBars(scripts, 84);
  const converting = scripts.filter(({ requests }) => requests);
  const grid = drawGrid(converting, bars.bottom + 86);
  const height = grid.bottom + 72;
  const description =
    `${scripts[0]?.title} beside ${scripts.length - 1} other tracking scripts: their sizes, and which` +
    ' conversions arrive when something goes wrong. The same figures stand in benchmark.md as tables.';
  return frame('Benchmark of tracking scripts', description, height, [
    text(margin, 42, 'Script size, bytes with brotli', heading),
    text(margin, 64, 'Less is better.', aside),
    bars.svg,
    text(margin, bars.bottom + 52, 'Does the conversion arrive?', heading),
    grid.svg,
    drawKey(grid.bottom + 18),
    text(
      margin,
      height - 18,
      `${takenOn}, ${runs.delivery} visits for each field. Made by npm run bench.`,
      aside,
    ),
  ]);
}

function drawKey(y: number): string {
  const entries: [keyof typeof colours, string][] = [
    ['good', 'in every visit'],
    ['later', 'in every visit, in some only at the next page'],
    ['bad', 'not in every visit'],
    ['none', 'no stub to call'],
  ];
  let x = margin;
  const drawn = entries.map(([colour, words]) => {
    const entry = box(x, y, 14, 14, colours[colour].fill) + text(x + 20, y + 12, words, 'font-size="12"');
    // A letter's usual width, and a gap.
    x += 48 + words.length * 6.4;
    return entry;
  });
  return `${drawn.join('')}${text(x, y + 12, '!  an error reaches the page', 'font-size="12"')}`;
}
