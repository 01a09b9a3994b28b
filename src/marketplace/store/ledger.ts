import type { KeyObject } from 'node:crypto';
import { createFigureChanges } from '../ledger/figureChanges.ts';
import { contributionsOf } from '../ledger/figures.ts';
import { forgottenHash } from '../ledger/hash.ts';
import { firstCopy } from '../ledger/merge.ts';
import type { Referrals } from '../ledger/referral.ts';
import type { Minted } from '../ledger/verdict.ts';
import { type ClickEntry, findMinted, writeClicks } from './clicks.ts';
import type { Database, Locks, Outcome, Tables } from './database.ts';
import { createForgottenLook, forgetting } from './forgotten.ts';
import type { RejectionEntry } from './rejections.ts';
import type { ReportEntry } from './subscriptions.ts';
import { createTrackingRows } from './trackingRows.ts';
import { type TrackingEntry, toTrackingColumns } from './trackingStatements.ts';
import { createRejectionTrim } from './trimRejections.ts';
import {
  deleteRejection,
  holdRejection,
  type OwnedRejection,
  replaceRejection,
  writeRejections,
} from './writeRejections.ts';
import { reportLocksOf, writeReports } from './writeReports.ts';
import { findKnown, type TrackingWriting, trackingLocksOf, writeTrackings } from './writeTrackings.ts';

export type Entry = TrackingEntry | ClickEntry | RejectionEntry | ReportEntry;

export type LedgerStore = ReturnType<typeof createLedgerStore>;

/** The way into the tables that grow: purchases, signups and visits, clicks, rejections, reports of subscriptions. */
export function createLedgerStore(
  database: Database,
  { forgottenKey, referrals }: { forgottenKey: KeyObject; referrals: Referrals },
) {
  const { ledgerReader, transactLedger, insertAtOnce } = database;
  const findForgotten = createForgottenLook(database, forgottenKey);
  const trimRejections = createRejectionTrim(database);

  /** Most purchases are new. Those of them that are go ahead where that saves trips to a server. */
  async function addAtOnce(
    entries: readonly Entry[],
    minted: ReadonlyMap<string, Minted>,
  ): Promise<ReadonlySet<Entry>> {
    const fresh = insertAtOnce ? firstOfTheirKey(byKind(entries).tracking) : [];
    if (!insertAtOnce || fresh.length === 0) return new Set();
    const rows = fresh.flatMap((entry) => {
      const { providerId, customerId } = entry;
      const { columns, contribution } = toNewRow(entry, minted);
      const hash = customerId === undefined ? null : forgottenHash(forgottenKey, providerId, customerId);
      return contribution ? [{ columns, contribution, forgottenHash: hash }] : [];
    });
    const ids = await insertAtOnce(rows, locksOf(fresh));
    return new Set(fresh.filter(({ id }) => ids.has(id)));
  }

  /** In one transaction. Of those whose customer was forgotten nothing is written, and there is no outcome. */
  async function writeRest(
    entries: readonly Entry[],
    minted: ReadonlyMap<string, Minted>,
  ): Promise<ReadonlyMap<Entry, Outcome>> {
    if (entries.length === 0) return new Map();
    const { tracking, report } = byKind(entries);
    return await transactLedger(
      async (tables, statements) => {
        // Asked at once, since each question by itself would wait for the network.
        const [forgotten, known] = await Promise.all([
          findForgotten(tables, entries),
          findKnown({ tables, statements }, tracking),
        ]);
        const kept = entries.filter((entry) => !forgotten.has(entry));
        const changes = createFigureChanges();
        const outcomes = await writeByKind({ tables, statements, known, minted, changes }, kept);
        await statements.moveFigures(changes);
        return outcomes;
      },
      locksOf(tracking, report),
    );
  }

  return {
    /**
     * Writes all entries, in a few statements whatever their number, each seeing those before it; resolves when they are
     * on disk. When it throws, they have to be written again, and are taken for copies where they were written.
     */
    async write(entries: readonly Entry[]): Promise<Outcome[]> {
      const minted = await findMinted(ledgerReader, referrals, byKind(entries).tracking);
      const added = await addAtOnce(entries, minted);
      const written = await writeRest(
        entries.filter((entry) => !added.has(entry)),
        minted,
      );
      trimRejections(byKind(entries).rejection.filter((entry) => written.get(entry)?.result === 'created'));
      return entries.map(
        (entry) => written.get(entry) ?? { result: added.has(entry) ? 'created' : 'forgotten', id: entry.id },
      );
    },

    /** What `write` would make of the trackings now; nothing is written. */
    foreseeTrackings(entries: readonly TrackingEntry[]): Promise<Outcome[]> {
      return transactLedger(async (tables, statements) => {
        const [forgotten, known] = await Promise.all([
          findForgotten(tables, entries),
          findKnown({ tables, statements }, entries),
        ]);
        const rows = createTrackingRows(known.records, known.outdated);
        return entries.map((entry) =>
          forgotten.has(entry) ? { result: 'forgotten', id: entry.id } : rows.take(entry),
        );
      }, locksOf(entries));
    },

    /**
     * In one transaction: a tracking is written, and its rejection deleted unless it is refused; a rejection takes the
     * place of the old one, with what is newer about it, at the level and with the fields and times that it had.
     *
     * @returns undefined, with nothing written, where the rejection is no longer there
     */
    async settleRejection(
      rejection: OwnedRejection,
      entry: TrackingEntry | RejectionEntry,
    ): Promise<Outcome | undefined> {
      const tracking = entry.kind === 'tracking' ? [entry] : [];
      const minted = await findMinted(ledgerReader, referrals, tracking);
      return await transactLedger(async (tables, statements): Promise<Outcome | undefined> => {
        const held = await holdRejection(tables, rejection);
        if (!held) return undefined;
        const forgotten = await findForgotten(tables, [entry]);
        if (forgotten.has(entry)) {
          await deleteRejection(tables, rejection);
          return { result: 'forgotten', id: entry.id };
        }
        if (entry.kind === 'rejection') {
          await replaceRejection(tables, held, entry);
          return { result: 'created', id: entry.id };
        }
        const known = await findKnown({ tables, statements }, tracking);
        const changes = createFigureChanges();
        const [outcome] = await writeTrackings({ statements, known, minted, changes }, tracking);
        await statements.moveFigures(changes);
        const isRefused = outcome?.result === 'conflict' || outcome?.result === 'outdated';
        if (!isRefused) await deleteRejection(tables, rejection);
        return outcome;
      }, locksOf(tracking));
    },
  };
}

/** What is written waits for a customer to be forgotten, and for what could make its row another one's. */
function locksOf(trackings: readonly TrackingEntry[], reports: readonly ReportEntry[] = []): Locks {
  const { share, hold } = trackingLocksOf(trackings);
  return { share: [forgetting, ...share], hold: [...hold, ...reportLocksOf(reports)] };
}

/**
 * Those that only a row with their key or of their order can be the same as, without what one before it is the same as,
 * and without refunds, which are counted with their orders.
 */
function firstOfTheirKey(entries: readonly TrackingEntry[]): TrackingEntry[] {
  const keys = new Set<string>();
  return entries.filter(({ stamped, key, order, refundedOrder }) => {
    const shared = order?.key ?? key;
    const text = shared && Buffer.from(shared).toString('latin1');
    if (stamped || refundedOrder || (text !== undefined && keys.has(text))) return false;
    if (text !== undefined) keys.add(text);
    return true;
  });
}

/** What the entry comes to where nothing of it is there. */
function toNewRow(entry: TrackingEntry, minted: ReadonlyMap<string, Minted>) {
  const merged = firstCopy(entry.copy);
  const link = minted.get(merged.details.referral ?? '');
  const columns = toTrackingColumns(entry, merged, link);
  const { event, providerId } = entry;
  const counted = {
    event,
    providerId,
    serviceName: columns.service_name ?? undefined,
    receivedAt: columns.received_at,
    merged,
    verdict: columns.verdict ?? undefined,
    minted: link,
    isTest: columns.test === 1,
  };
  const [contribution] = contributionsOf(counted, undefined);
  return { columns, contribution };
}

interface Writing extends TrackingWriting {
  tables: Tables;
}

/** Entries of different kinds have nothing to do with each other: only within each does their order count. */
async function writeByKind(
  { tables, ...writing }: Writing,
  entries: readonly Entry[],
): Promise<ReadonlyMap<Entry, Outcome>> {
  const { tracking, click, report, rejection } = byKind(entries);
  const outcomes = [
    ...(await writeTrackings(writing, tracking)),
    ...(await writeClicks(tables, click, writing.changes)),
    ...(await writeReports(tables, report)),
    ...(await writeRejections(tables, rejection)),
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
