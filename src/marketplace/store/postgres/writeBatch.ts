import type { Entry, Outcome } from '../ledger.ts';
import { findForgotten } from './forgotten.ts';
import { forgetting, lock, share } from './locks.ts';
import type { Connection, ConnectionPool } from './pool.ts';
import type { TrackingRecord } from './trackingRows.ts';
import { transact } from './transaction.ts';
import { writeClicks } from './writeClicks.ts';
import { writeRejections } from './writeRejections.ts';
import { reportLocksOf, writeReports } from './writeReports.ts';
import { findKnown, locksOf, writeTrackings } from './writeTrackings.ts';

/** The one way into the tables that grow: all entries in one transaction, in a few statements whatever their number. */
export async function writeBatch(
  pool: ConnectionPool,
  forgottenKey: Uint8Array,
  entries: readonly Entry[],
): Promise<Outcome[]> {
  const { tracking, report } = byKind(entries);
  const locks = share(forgetting) + lock(...locksOf(tracking), ...reportLocksOf(report));
  const outcomes = await transact(pool, locks, async (connection) => {
    // Asked at once, since each question by itself would wait for the network.
    const [forgotten, known] = await Promise.all([
      findForgotten(connection, forgottenKey, entries),
      findKnown(connection, tracking),
    ]);
    const kept = entries.filter((entry) => !forgotten.has(entry));
    const written = await writeByKind(connection, kept, known);
    return entries.map((entry) => written.get(entry) ?? { result: 'forgotten' as const, id: entry.id });
  });
  return outcomes;
}

/** Entries of different kinds have nothing to do with each other: only within each does their order count. */
async function writeByKind(
  connection: Connection,
  entries: readonly Entry[],
  known: readonly TrackingRecord[],
): Promise<ReadonlyMap<Entry, Outcome>> {
  const { tracking, click, rejection, report } = byKind(entries);
  const outcomes = [
    ...(await writeTrackings(connection, tracking, known)),
    ...(await writeClicks(connection, click)),
    ...(await writeReports(connection, report)),
    ...(await writeRejections(connection, rejection)),
  ];
  const written = [...tracking, ...click, ...report, ...rejection];
  return new Map(
    written.flatMap((entry, index) => {
      const outcome = outcomes[index];
      return outcome ? [[entry, outcome]] : [];
    }),
  );
}

function byKind(entries: readonly Entry[]) {
  const ofKind = <Kind extends Entry['kind']>(kind: Kind) =>
    entries.filter((entry): entry is Extract<Entry, { kind: Kind }> => entry.kind === kind);
  return {
    tracking: ofKind('tracking'),
    click: ofKind('click'),
    rejection: ofKind('rejection'),
    report: ofKind('report'),
  };
}
