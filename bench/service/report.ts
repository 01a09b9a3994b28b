import { renderTable } from '../table.ts';
import { goalReadingMs, judgeGoals } from './goals.ts';
import type { Load } from './plan.ts';
import {
  type Comparison,
  type EngineResults,
  findMeasured,
  type Measured,
  type ServiceResults,
  type SubjectName,
  type Tally,
} from './results.ts';
import { allowedForeignShare } from './turns.ts';

const names: Record<SubjectName, string> = {
  bare: 'bare',
  durable: 'minimal durable',
  beside: 'checkout beside',
  ours: '**the service**',
};

/** The measured part of docs/benchmark-service.md. */
export function renderServiceTables(results: ServiceResults): string {
  const { takenOn, machine, disk, syncMs, rounds, tally, engines } = results;
  return [
    `Measured on ${takenOn}: ${machine}. Medians of ${describeRounds(rounds)}.`,
    `The ledgers are on ${disk}. Writing 64 KiB and its fsync take ${syncMs.toFixed(1)} ms there.`,
    describeTally(tally),
    '### The goals',
    renderGoals(engines),
    ...engines.flatMap((engine) => [
      `### ${engine.name} ${engine.version}`,
      renderComparisons(engine.comparisons),
      renderMany(engine.many),
      renderGrowth(engine),
      renderReading(engine),
    ]),
    '### What costs it',
    'Shares of the time of the thread that answers, one instance, 64 connections, POST.',
    renderProfiles(engines),
  ].join('\n\n');
}

function describeTally({ turns, discarded, disturbed }: Tally): string {
  const kept = disturbed
    ? ` ${whole(disturbed)} of ${whole(turns)} turns count though each try of theirs was disturbed.`
    : ' None that counts was disturbed.';
  return (
    `While others used more than ${percent(allowedForeignShare)} of the machine, a turn was discarded and measured` +
    ` again: ${whole(discarded)} times.${kept}`
  );
}

function renderGoals(engines: readonly EngineResults[]): string {
  const rows = engines.flatMap((engine) =>
    judgeGoals(engine).map(({ what, goal, found, isReached }) => [
      `${engine.name}: ${what}`,
      goal,
      found,
      isReached ? 'met' : '**missed**',
    ]),
  );
  return renderTable(['', 'goal', 'found', ''], rows, 'right');
}

function renderComparisons(comparisons: readonly Comparison[]): string {
  const rows = comparisons.flatMap((comparison) =>
    comparison.measured.map((measured) => [
      `${describeComparison(comparison)}: ${names[measured.subject]}`,
      ...renderMeasured(comparison.load, measured),
    ]),
  );
  const head = [
    '',
    'a second',
    'service : it',
    'p50, ms',
    'p99, ms',
    'server, µs',
    'database, µs',
    'load generator, µs',
  ];
  return renderTable(head, rows, 'right');
}

function renderMeasured(load: Load, { subject, figures, oursToIt }: Measured): string[] {
  const { perSecond, p50Ms, p99Ms, serverMicroseconds, databaseMicroseconds, clientMicroseconds } = figures;
  // An open loop gets as many answers from each.
  const isRatio = 'connections' in load && subject !== 'ours';
  return [
    whole(perSecond),
    isRatio ? `**${oursToIt.toFixed(2)}**` : '—',
    p50Ms.toFixed(1),
    p99Ms.toFixed(1),
    whole(serverMicroseconds),
    databaseMicroseconds ? whole(databaseMicroseconds) : '—',
    whole(clientMicroseconds),
  ];
}

export function describeComparison({ instances, load }: Pick<Comparison, 'instances' | 'load'>): string {
  const way = load.way === 'post' ? 'POST' : 'GIF';
  const many = instances > 1 ? `${instances} instances, ` : '';
  const loop =
    'connections' in load
      ? `${load.connections} connections`
      : `${whole(load.perSecond)} a second, open loop`;
  return `${many}${way}, ${loop}`;
}

function renderMany({ measured, toFew }: EngineResults['many']): string {
  const rows = measured.map(({ providers, figures }, index) => [
    whole(providers),
    whole(figures.perSecond),
    figures.p99Ms.toFixed(1),
    whole(figures.serverMicroseconds),
    figures.databaseMicroseconds ? whole(figures.databaseMicroseconds) : '—',
    percent(index === 0 ? 1 : toFew),
  ]);
  const head = ['providers, limits on', 'a second', 'p99, ms', 'server, µs', 'database, µs', 'of the few'];
  return renderTable(head, rows, 'right');
}

function renderGrowth({ growth }: EngineResults): string {
  const rows = growth.map(({ rows: count, bytes, measured, toSmallest }) => {
    const ours = findMeasured(measured, 'ours')?.figures;
    const durable = findMeasured(measured, 'durable');
    return [
      whole(count),
      whole(bytes / 1_000_000),
      whole(ours?.perSecond ?? Number.NaN),
      (ours?.p99Ms ?? Number.NaN).toFixed(1),
      percent(toSmallest),
      durable ? durable.oursToIt.toFixed(2) : '—',
    ];
  });
  const head = ['purchases', 'MB on disk', 'a second', 'p99, ms', 'of the smallest', 'of minimal durable'];
  return renderTable(head, rows, 'right');
}

function renderReading({ growth, reading }: EngineResults): string {
  const rows = reading.map(({ what, medianMs }) => [
    what,
    medianMs.toFixed(0),
    medianMs < goalReadingMs ? 'met' : '**missed**',
  ]);
  const head = [
    `figures of ${whole(growth.at(-1)?.rows ?? 0)} purchases, by day`,
    'ms',
    `under ${goalReadingMs}`,
  ];
  return renderTable(head, rows, 'right');
}

function renderProfiles(engines: readonly EngineResults[]): string {
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

export function describeRounds(rounds: number): string {
  return `${rounds} round${rounds > 1 ? 's' : ''}`;
}

const whole = (value: number) => Math.round(value).toLocaleString('en-US');
export const percent = (share: number) => `${Math.round(share * 100)} %`;
