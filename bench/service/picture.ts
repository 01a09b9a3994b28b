import {
  aside,
  box,
  colours,
  type Drawn,
  frame,
  heading,
  margin,
  rowHeight,
  text,
  width,
} from '../picture/draw.ts';
import { goalOfBare, goalOfSmallest } from './goals.ts';
import { describeLoad, percent } from './report.ts';
import type { ServiceResults } from './results.ts';

/** Keeps a figure readable where the goal's line runs through it. */
const halo = 'paint-order="stroke" stroke="#ffffff" stroke-width="5"';
const names = 330;

interface Bar {
  name: string;
  share: number;
  figure: string;
}

/** Requests a second beside a bare server, and below them what is left of them as the ledger grows. */
export function renderServicePicture({ engines, takenOn, rounds, seconds }: ServiceResults): string {
  const beside = engines.flatMap(({ name, comparisons }) =>
    comparisons.map((comparison) => ({
      name: `${name}, ${describeLoad(comparison)}`,
      share: comparison.perSecondRatio,
      figure: comparison.perSecondRatio.toFixed(2),
    })),
  );
  const growing = engines.flatMap(({ name, growth }) =>
    growth.map(({ rows, toSmallest }) => ({
      name: `${name}, ${rows.toLocaleString('en-US')} purchases`,
      share: toSmallest,
      figure: percent(toSmallest),
    })),
  );
  const upper = drawBars(beside, goalOfBare, 96);
  const lower = drawBars(growing, goalOfSmallest, upper.bottom + 96);
  const height = lower.bottom + 52;
  const description =
    'Requests a second of the service as shares of those of a bare server, by database, instances, way in and' +
    ' connections; and what is left of them as the ledger grows. The same figures stand in benchmark-service.md.';
  return frame('Benchmark of the service', description, height, [
    text(margin, 42, 'Requests a second, as a share of a bare server’s', heading),
    text(margin, 64, `Each answer after its fsync. The line is the goal, ${goalOfBare}.`, aside),
    upper.svg,
    text(
      margin,
      upper.bottom + 42,
      'Requests a second as the ledger grows, as a share of those with the smallest',
      heading,
    ),
    text(margin, upper.bottom + 64, `The line is the goal, ${percent(goalOfSmallest)}.`, aside),
    lower.svg,
    text(
      margin,
      height - 18,
      `${takenOn}, medians of ${rounds} rounds and more of ${seconds} s. Made by npm run bench.`,
      aside,
    ),
  ]);
}

function drawBars(bars: readonly Bar[], goal: number, top: number): Drawn {
  const left = margin + names;
  const scale = (width - left - margin - 60) / Math.max(1, ...bars.map(({ share }) => share));
  const rows = bars.map(({ name, share, figure }, index) => {
    const y = top + index * rowHeight;
    const { fill } = share >= goal ? colours.ours : colours.other;
    return [
      text(left - 10, y + 19, name, 'text-anchor="end" font-size="13"'),
      box(left, y + 3, share * scale, rowHeight - 6, fill),
      text(left + share * scale + 8, y + 19, figure, halo),
    ].join('');
  });
  const bottom = top + bars.length * rowHeight;
  const x = left + goal * scale;
  const line = `<path d="M${x.toFixed(1)} ${top - 6} V${bottom + 2}" stroke="#a83c00" stroke-width="2" stroke-dasharray="5 4"/>`;
  return { svg: [line, ...rows].join('\n'), bottom };
}
