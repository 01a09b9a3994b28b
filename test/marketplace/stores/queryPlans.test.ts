// How much of a table a list reads can't be seen from its answers, only from how the database goes about it.
import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { expect, inject, test } from 'vitest';
import type { Schema } from '../../../src/marketplace/store/schema.ts';
import { selectReports } from '../../../src/marketplace/store/subscriptions.ts';
import { queryDatabase } from '../support/database.ts';
import { startMs, startService } from '../support/service.ts';

const isPostgres = inject('postgres') !== undefined;

/** Makes statements and asks nothing. */
const tables = new Kysely<Schema>({
  dialect: isPostgres
    ? {
        createDriver: () => new DummyDriver(),
        createAdapter: () => new PostgresAdapter(),
        createIntrospector: (database) => new PostgresIntrospector(database),
        createQueryCompiler: () => new PostgresQueryCompiler(),
      }
    : {
        createDriver: () => new DummyDriver(),
        createAdapter: () => new SqliteAdapter(),
        createIntrospector: (database) => new SqliteIntrospector(database),
        createQueryCompiler: () => new SqliteQueryCompiler(),
      },
});

/** The statement with its values, all of which are numbers, in the places of its parameters. */
function withValues({ sql, parameters }: CompiledQuery): string {
  const values = parameters.map(String);
  return sql.replace(/\?|\$\d+/g, () => values.shift() ?? '');
}

async function explain(database: string, statement: string): Promise<string> {
  await queryDatabase(database, 'analyze');
  const rows = await queryDatabase(
    database,
    `explain ${isPostgres ? '(costs off)' : 'query plan'} ${statement}`,
  );
  return rows.map((row) => row.detail ?? row['QUERY PLAN']).join('\n');
}

test('a page of reports looks for their counts among those that say one', async () => {
  const { store, database, addProvider } = await startService();
  const { partnerKey } = await addProvider();
  const { id: providerId = 0 } = (await store.findProvider(partnerKey)) ?? {};
  const report = { coid: 'cust-1', sku: 'crm-basic', period: '2026-05', expired: false };
  await store.write(
    Array.from({ length: 2_000 }, (_, index) => ({
      kind: 'report' as const,
      id: `01970000-0000-7000-8000-${index.toString(16).padStart(12, '0')}`,
      providerId,
      report,
      receivedAt: startMs,
      idempotency: undefined,
    })),
  );
  const page = selectReports(tables).orderBy('reports.position', 'desc').limit(100);
  const plan = await explain(database, withValues(page.compile()));
  expect(plan.match(/using (index )?reports_counted/gi)).toHaveLength(2);
  expect(plan).not.toContain('reports_by_period');
});
