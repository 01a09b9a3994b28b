import { type SharedBudgets, takeCells } from '../budgets.ts';
import type { ConnectionPool } from './pool.ts';
import { transact } from './transaction.ts';

/** Nobody is hurt where a crash gives some back: no need to wait for the disk. */
const withoutSync = 'set local synchronous_commit = off;';
const lockRow = `insert into budgets (name, full_at) values ($1, $2)
  on conflict (name) do update set full_at = budgets.full_at returning full_at`;

export function createSharedBudgets(pool: ConnectionPool): SharedBudgets {
  return {
    take: ({ name, perMinute, wanted, now }) =>
      transact(pool, withoutSync, async (connection) => {
        const { rows } = await connection.query<{ full_at: number }>(lockRow, [name, now]);
        const taken = takeCells({ fullAt: rows[0]?.full_at, now, perMinute, wanted });
        await connection.query('update budgets set full_at = $2 where name = $1', [name, taken.fullAt]);
        return taken;
      }),
  };
}
