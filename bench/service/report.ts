import { renderTable } from '../table.ts';
import { goalOfBare, goalOfSmallest } from './goals.ts';
import type { Load } from './plan.ts';
import type { Comparison, EngineResults, ServiceResults } from './results.ts';

/** The measured part of docs/benchmark-service.md. */
export function renderServiceTables(results: ServiceResults): string {
  const { takenOn, machine, syncMs, rounds, growthRounds, seconds, engines } = results;
  return [
    `Measured on ${takenOn}: ${machine}. Medians of ${rounds} rounds of ${seconds} s for each load and server,` +
      ` of ${growthRounds} for the sizes. Writing 64 KiB and its fsync take ${syncMs.toFixed(1)} ms on this disk.`,
    ...engines.flatMap((engine) => [
      `### ${engine.name} ${engine.version}`,
      renderComparisons(engine),
      renderGoal(engine),
      renderGrowth(engine),
    ]),
    '### What costs it',
    'Shares of the time of the thread that answers, one instance, 64 connections, POST.',
    renderProfiles(engines),
  ].join('\n\n');
}

function renderComparisons({ comparisons }: EngineResults): string {
  const rows = comparisons.map(({ instances, load, bare, ours, perSecondRatio, p99Ratio }) => [
    describeLoad({ instances, load }),
    whole(bare.perSecond),
    whole(ours.perSecond),
    `**${perSecondRatio.toFixed(2)}**`,
    bare.p99Ms.toFixed(1),
    ours.p99Ms.toFixed(1),
    p99Ratio.toFixed(1),
  ]);
  const head = ['', 'bare, a second', 'ours, a second', 'ratio', 'bare p99, ms', 'ours p99, ms', 'ratio'];
  return renderTable(head, rows, 'right');
}

export function describeLoad({ instances, load }: Pick<Comparison, 'instances' | 'load'>): string {
  const count = `${instances} instance${instances > 1 ? 's' : ''}`;
  return `${count}, ${describeWay(load)}, ${load.connections} connections`;
}

function describeWay({ way }: Load): string {
  return way === 'post' ? 'POST' : 'GIF';
}

/** Said aloud where a goal is missed. */
function renderGoal({ comparisons, growth }: EngineResults): string {
  const ratios = comparisons.map(({ perSecondRatio }) => perSecondRatio);
  const reached = ratios.filter((ratio) => ratio >= goalOfBare).length;
  const largest = growth.at(-1);
  const kept = largest?.toSmallest ?? Number.NaN;
  return [
    `The goal of ${goalOfBare} of bare is reached under ${reached} of ${ratios.length} loads` +
      ` (${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}).`,
    `With ${whole(largest?.rows ?? 0)} purchases there, ${percent(kept)} of the requests a second are left:` +
      ` the goal of ${percent(goalOfSmallest)} is ${kept >= goalOfSmallest ? 'reached' : 'missed'}.`,
  ].join(' ');
}

function renderGrowth({ growth }: EngineResults): string {
  const rows = growth.map(({ rows: count, bytes, ours, perSecondRatio, toSmallest }) => [
    whole(count),
    whole(bytes / 1_000_000),
    whole(ours.perSecond),
    ours.p99Ms.toFixed(1),
    perSecondRatio.toFixed(2),
    percent(toSmallest),
  ]);
  const head = ['purchases', 'MB on disk', 'a second', 'p99, ms', 'of bare', 'of the smallest'];
  return renderTable(head, rows, 'right');
}

function renderProfiles(engines: EngineResults[]): string {
  const parts = [...new Set(engines.flatMap(({ profile }) => profile.map(({ what }) => what)))];
  const rows = parts.map((part) => [
    part,
    ...engines.map(({ profile }) => {
      const found = profile.find(({ what }) => what === part);
      return found ? percent(found.share) : '—';
    }),
  ]);
  return renderTable(['', ...engines.map(({ name }) => name)], rows, 'right');
}

const whole = (value: number) => Math.round(value).toLocaleString('en-US');
export const percent = (share: number) => `${Math.round(share * 100)} %`;
