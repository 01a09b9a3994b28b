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
import { goalOfDurable, goalOfSmallest } from './goals.ts';
import { describeComparison, describeRounds, percent } from './report.ts';
import { type Comparison, type EngineResults, findMeasured, type ServiceResults } from './results.ts';

/** Keeps a figure readable where the goal's line runs through it. */
const halo = 'paint-order="stroke" stroke="#ffffff" stroke-width="5"';
const names = 400;

interface Bar {
  name: string;
  isOurs: boolean;
  share: number;
  figure: string;
}

/** Requests a second beside a bare server, and below them what is left of them as the ledger grows. */
export function renderServicePicture({ engines, takenOn, rounds }: ServiceResults): string {
  const upper = drawBars(engines.flatMap(barsBesideBare), 96);
  const lower = drawBars(engines.flatMap(barsOfGrowth), upper.bottom + 96, goalOfSmallest);
  const height = lower.bottom + 52;
  const description =
    'Requests a second of the service and of a minimal durable server as shares of those of a bare server, by' +
    ' database, instances and way in; and what is left of them as the ledger grows. The same figures stand in' +
    ' benchmark-service.md.';
  const goal = goalOfDurable.toFixed(2);
  return frame('Benchmark of the service', description, height, [
    text(margin, 42, 'Requests a second, as a share of a bare server’s', heading),
    text(
      margin,
      64,
      `Each answer after its fsync. Grey is the least that stores: the goal is ${goal} of it.`,
      aside,
    ),
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
      `${takenOn}, medians of ${describeRounds(rounds)}. Made by npm run bench.`,
      aside,
    ),
  ]);
}

/** The service, and above it what it is measured by. */
function barsBesideBare({ name, comparisons }: EngineResults): Bar[] {
  return comparisons
    .filter(({ load }) => 'connections' in load)
    .flatMap(({ instances, load, measured }: Comparison) => {
      const title = `${name}, ${describeComparison({ instances, load })}`;
      const bare = findMeasured(measured, 'bare')?.oursToIt ?? Number.NaN;
      const durable = findMeasured(measured, 'durable');
      return [
        ...(durable ? [barOf(`${title}: minimal durable`, bare / durable.oursToIt, false)] : []),
        barOf(title, bare, true),
      ];
    });
}

function barOf(name: string, share: number, isOurs: boolean): Bar {
  return { name, isOurs, share, figure: share.toFixed(2) };
}

function barsOfGrowth({ name, growth }: EngineResults): Bar[] {
  return growth.map(({ rows, toSmallest }) => ({
    name: `${name}, ${rows.toLocaleString('en-US')} purchases`,
    isOurs: true,
    share: toSmallest,
    figure: percent(toSmallest),
  }));
}

function drawBars(bars: readonly Bar[], top: number, goal?: number): Drawn {
  const left = margin + names;
  const longest = Math.max(goal ?? 0, ...bars.map(({ share }) => share));
  const scale = (width - left - margin - 60) / longest;
  const rows = bars.map(({ name, isOurs, share, figure }, index) => {
    const y = top + index * rowHeight;
    const { fill } = isOurs ? colours.ours : colours.other;
    return [
      text(left - 10, y + 19, name, 'text-anchor="end" font-size="13"'),
      box(left, y + 3, share * scale, rowHeight - 6, fill),
      text(left + share * scale + 8, y + 19, figure, halo),
    ].join('');
  });
  const bottom = top + bars.length * rowHeight;
  const svg = goal === undefined ? rows : [drawGoal(left + goal * scale, top, bottom), ...rows];
  return { svg: svg.join('\n'), bottom };
}

function drawGoal(x: number, top: number, bottom: number): string {
  return `<path d="M${x.toFixed(1)} ${top - 6} V${bottom + 2}" stroke="#a83c00" stroke-width="2" stroke-dasharray="5 4"/>`;
}
