import { setImmediate as turn } from 'node:timers/promises';
import type Database from 'better-sqlite3';

/** Deleted at once: some milliseconds, in which the service stands still. */
const rowsAtOnce = 500;

/**
 * Prepares the deletion of old purchases, signups, visits and clicks. It walks from the oldest id, so that it needs no index,
 * which every insert would pay for; a row that was replayed late has a late id and goes that much later.
 */
export function preparePurge(connection: Database.Database): (receivedBefore: number) => Promise<number> {
  const deletions = [
    connection.prepare<[number]>(
      `delete from trackings where received_at < ?
         and id in (select id from trackings order by id limit ${rowsAtOnce})`,
    ),
    connection.prepare<[number]>(
      `delete from clicks where clicked_at < ?
         and id in (select id from clicks order by id limit ${rowsAtOnce})`,
    ),
  ];

  return async (receivedBefore) => {
    let purged = 0;
    for (const deletion of deletions) {
      for (;;) {
        const { changes } = deletion.run(receivedBefore);
        if (changes === 0) break;
        purged += changes;
        await turn();
      }
    }
    return purged;
  };
}
