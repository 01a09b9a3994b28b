import type Database from 'better-sqlite3';
import type { ClickEntry, Entry, Outcome } from '../ledger.ts';
import { toBytes } from '../sql/id.ts';
import { prepareForgottenLook } from './forgotten.ts';
import { prepareRejectionWrite } from './writeRejection.ts';
import { prepareReportWrite } from './writeReport.ts';
import { prepareTrackingWrite } from './writeTracking.ts';

/**
 * Prepares the one way into the tables that grow: all entries in one transaction, synchronously, so that no
 * other work of this process can come between. The transaction locks for writing at once, since one that
 * begins by reading can fail when another process has written meanwhile.
 */
export function prepareBatchWrite(connection: Database.Database): (entries: readonly Entry[]) => Outcome[] {
  const writeTracking = prepareTrackingWrite(connection);
  const writeClick = prepareClickWrite(connection);
  const writeReport = prepareReportWrite(connection);
  const rejections = prepareRejectionWrite(connection);
  const lookForForgotten = prepareForgottenLook(connection);

  const writeAll = connection.transaction((entries: readonly Entry[]) => {
    const grownPools = new Set<string>();
    const isForgotten = lookForForgotten();
    const outcomes = entries.map((entry): Outcome => {
      if (isForgotten(entry)) return { result: 'forgotten', id: entry.id };
      if (entry.kind === 'tracking') return writeTracking(entry);
      if (entry.kind === 'click') return writeClick(entry);
      if (entry.kind === 'report') return writeReport(entry);
      const outcome = rejections.write(entry);
      if (outcome.result === 'created') grownPools.add(entry.pool);
      return outcome;
    });
    if (grownPools.size > 0) rejections.trim(grownPools);
    return outcomes;
  });
  return (entries) => writeAll.immediate(entries);
}

function prepareClickWrite(connection: Database.Database): (entry: ClickEntry) => Outcome {
  const insert = connection.prepare(
    `insert into clicks (id, provider_id, listing, referral, clicked_at, bot)
     values (:id, :providerId, :listing, :referral, :clickedAt, :bot)`,
  );
  return ({ id, providerId, listing, referral, clickedAt, isBot }) => {
    insert.run({ id: toBytes(id), providerId, listing, referral, clickedAt, bot: isBot ? 1 : 0 });
    return { result: 'created', id };
  };
}
