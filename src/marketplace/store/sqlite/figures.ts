import type Database from 'better-sqlite3';
import type { FigureChanges } from '../../ledger/figureChanges.ts';
import { spans } from '../../ledger/figures.ts';

/** Statements that move the figures, compiled once. Who writes is alone: there is one part. */
export function prepareFigures(connection: Database.Database) {
  const name = connection.prepare<unknown[]>(
    `insert into figure_groups (provider_id, id, event, counted_as, service_name, listing, campaign, verdict, level,
       reported_by, currency, proven)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing`,
  );
  const move = connection.prepare<unknown[]>(
    `insert into figures (provider_id, span, start, group_id, part, count, billions, units, billionths)
     values (?, ?, ?, ?, 0, ?, ?, ?, ?)
     on conflict do update set count = count + excluded.count, billions = billions + excluded.billions,
       units = units + excluded.units, billionths = billionths + excluded.billionths`,
  );
  return {
    async move(changes: FigureChanges): Promise<void> {
      const { groups, cells } = changes.list();
      for (const group of groups) {
        const { providerId, id, event, countedAs, service, listing, campaign } = group;
        const { verdict, level, reportedBy, currency, isProven } = group;
        const named = [providerId, id, event, countedAs, service, listing, campaign, verdict, level];
        name.run(...named, reportedBy, currency, isProven ? 1 : 0);
      }
      for (const { providerId, span, start, groupId, count, billions, units, billionths } of cells) {
        move.run(providerId, spans.indexOf(span), start, groupId, count, billions, units, billionths);
      }
    },
  };
}
