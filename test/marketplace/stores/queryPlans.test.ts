// How much of a table a list reads can't be seen from its answers, only from how the database goes about it.
import { randomUUID } from 'node:crypto';
import {
  type CompiledQuery,
  type Dialect,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { expect, inject } from 'vitest';
import { toBytes } from '../../../src/marketplace/ledger/id.ts';
import { createFigureStore } from '../../../src/marketplace/store/figures.ts';
import { words as postgresWords } from '../../../src/marketplace/store/postgres/postgres.ts';
import { selectOld, selectOldest } from '../../../src/marketplace/store/retention.ts';
import type { Schema } from '../../../src/marketplace/store/schema.ts';
import { words as sqliteWords } from '../../../src/marketplace/store/sqlite/sqlite.ts';
import { selectReports } from '../../../src/marketplace/store/subscriptions.ts';
import {
  selectEvent,
  selectOwned,
  selectRefunds,
  selectVisit,
} from '../../../src/marketplace/store/trackings.ts';
import { trackingEntry } from '../../../src/marketplace/tracking/entry.ts';
import { checkMessage } from '../../../src/marketplace/tracking/message.ts';
import { queryDatabase } from '../support/database.ts';
import { purchase } from '../support/purchase.ts';
import { type Service, startMs, startService } from '../support/service.ts';
import { test as base } from '../support/test.ts';

const isPostgres = inject('postgres') !== undefined;

/** Makes statements and asks nothing. */
const dialect: Dialect = isPostgres
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
    };
const tables = new Kysely<Schema>({ dialect });

/** The statement with its values in the places of its parameters. */
function withValues({ sql, parameters }: CompiledQuery): string {
  const values = parameters.map(toLiteral);
  return sql.replace(/\?|\$\d+/g, () => values.shift() ?? '');
}

function toLiteral(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (!Buffer.isBuffer(value)) return `'${value}'`;
  return isPostgres ? `'\\x${value.toString('hex')}'` : `x'${value.toString('hex')}'`;
}

async function explain(database: string, statement: string, { isAnalyzed = true } = {}): Promise<string> {
  if (isAnalyzed) await queryDatabase(database, 'analyze');
  const rows = await queryDatabase(
    database,
    `explain ${isPostgres ? '(costs off)' : 'query plan'} ${statement}`,
  );
  const plan = rows.map((row) => row.detail ?? row['QUERY PLAN']).join('\n');
  return isPostgres ? nameWholes(database, plan) : plan;
}

/** Partitions, and their indexes, are called as what they are a part of. */
async function nameWholes(database: string, plan: string): Promise<string> {
  const parts = await queryDatabase(
    database,
    'select inhrelid::regclass::text as part, inhparent::regclass::text as whole from pg_inherits',
  );
  const wholes = new Map(parts.map(({ part, whole }) => [part, whole]));
  return plan.replace(/\w+/g, (name) => String(wholes.get(name) ?? name));
}

/** Adds so many of a new provider, of a customer and an order each, or all refunds of one of them; ids go on from the number. */
async function fillProvider(
  { store, addProvider }: Service,
  partnerKey: string,
  batches: { event: 'purchase' | 'refund'; count: number; firstId: number }[],
): Promise<number> {
  await addProvider({ partnerKey });
  const { id: providerId = 0 } = (await store.findProvider(partnerKey)) ?? {};
  for (const { event, count, firstId } of batches) {
    const entryOf = (number: number) => {
      const fields = { ...purchase, event, customerId: number, orderId: event === 'refund' ? 1 : number };
      const { message } = checkMessage({ ...fields, amount: number, currency: 'EUR' }, startMs);
      const id = `01970000-0000-7000-8000-${(firstId + number).toString(16).padStart(12, '0')}`;
      const via = 'post' as const;
      const from = {
        via,
        receivedAt: startMs,
        carrier: 'server' as const,
        signedAt: undefined,
        isBot: false,
      };
      return trackingEntry({ id, providerId, message, ignored: {}, ...from });
    };
    await store.write(Array.from({ length: count }, (_, index) => entryOf(index + 1)));
  }
  return providerId;
}

const test = base
  .extend('ledger', { scope: 'file' }, async ({ service }) => {
    const providerId = await fillProvider(service, 'pk_filled', [
      { event: 'purchase', count: 2_000, firstId: 0 },
      { event: 'refund', count: 2_000, firstId: 2_000 },
    ]);
    return { database: service.database, providerId };
  })
  // The first four providers of a ledger are in four partitions.
  .extend('ofAll', { scope: 'file' }, async ({ atEndOfFile }) => {
    const service = await startService({ atEnd: atEndOfFile });
    for (let number = 0; number < 4; number++) {
      await fillProvider(service, `pk_${number}`, [
        { event: 'purchase', count: 2_000, firstId: number * 2_000 },
      ]);
    }
    return service.database;
  });

test('a page of reports looks for their counts among those that say one', async ({ service, acme }) => {
  const { store, database } = service;
  const { id: providerId = 0 } = (await store.findProvider(acme.partnerKey)) ?? {};
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

test('the last refund of an order is found without looking at the others', async ({
  ledger: { database, providerId },
}) => {
  const id = toBytes('01970000-0000-7000-8000-000000000001');
  const plan = await explain(database, withValues(selectRefunds(tables, providerId, [id]).compile()));
  expect(plan).toMatch(isPostgres ? /Scan Backward using trackings_refunds/ : /INDEX trackings_refunds/);
  expect(plan).not.toMatch(/TEMP B-TREE|Sort|Seq Scan/);
});

test.for([
  [{ orderId: '7' }, 'trackings_by_order'],
  [{ customerId: '7' }, 'trackings_by_customer'],
  [{ customerId: '7', events: ['purchase'] as const }, 'trackings_by_customer'],
])('rows of %o are found by its index', async ([owner, index], { ledger: { database, providerId } }) => {
  const query = selectOwned(tables, { ...(owner as object), providerId, limit: 100 });
  const plan = await explain(database, withValues(query.compile()));
  expect(plan).toContain(index);
  expect(plan).not.toContain('trackings_by_provider');
});

// PostgreSQL reads so few rows from end to end, and knows it when there are more.
test.skipIf(isPostgres)(
  'what is old is found among rows of its kind, other rows of its order by theirs',
  async ({ ledger: { database, providerId } }) => {
    const noId = toBytes('00000000-0000-7000-8000-000000000000');
    for (const event of ['purchase', 'refund', 'visit'] as const) {
      const oldest = selectOldest(tables, event, { before: startMs, after: noId, whose: undefined });
      expect(await explain(database, withValues(oldest.compile()))).toContain('trackings_by_event');
      const old = selectOld(tables, event, { providerId, before: startMs }, noId);
      const plan = await explain(database, withValues(old.compile()));
      expect(plan).toContain('trackings_by_provider');
      expect(plan).not.toMatch(/TEMP B-TREE|SCAN/);
    }
  },
);

test('a visit is found by its key', async ({ ledger: { database, providerId } }) => {
  const plan = await explain(
    database,
    withValues(selectVisit(tables, providerId, new Uint8Array(16)).compile()),
  );
  expect(plan).toContain('trackings_without_customer');
  expect(plan).not.toMatch(/trackings_by_provider|Seq Scan on trackings/);
});

test('of all providers, rows of an order or a customer are found by their index', async ({
  ofAll: database,
}) => {
  // A SQLite file is as new as nobody has analyzed it; PostgreSQL does so by itself.
  for (const isAnalyzed of isPostgres ? [true] : [false, true]) {
    for (const [owner, index] of [
      [{ orderId: '7' }, 'trackings_by_order'],
      [{ customerId: '7' }, 'trackings_by_customer'],
    ] as const) {
      const query = withValues(selectOwned(tables, { ...owner, limit: 100 }).compile());
      const plan = await explain(database, query, { isAnalyzed });
      expect(plan).toContain(index);
      expect(plan).not.toMatch(/SCAN trackings|Seq Scan on trackings/);
    }
  }
});

test.for(['signup', 'purchase'] as const)(
  'the newest rows of all providers are found without looking at all there are: %s',
  async (event, { ofAll: database }) => {
    const plan = await explain(database, withValues(selectEvent(tables, event, { limit: 51 }).compile()));
    expect(plan).not.toMatch(/SCAN trackings|Seq Scan on trackings/);
    // There are no signups, which can as well be sorted, and nothing but purchases, which can be found by any index.
    if (event === 'signup') expect(plan).toContain('trackings_by_event');
    else expect(plan).not.toMatch(/TEMP B-TREE|Sort(?! Key)/);
  },
);

test('figures of many days are read by ranges of their key, and nothing else of them', async ({
  ledger: { database, providerId },
}) => {
  const dayMs = 86_400_000;
  const days = Array.from({ length: 3_000 }, (_, index) => index * dayMs);
  const rows = days.map(
    (start) => `(${providerId}, 1, ${start}, ${toLiteral(toBytes(randomUUID()))}, 0, 1, 0, 1, 0)`,
  );
  await queryDatabase(database, `insert into figures values ${rows}`);
  const asked: CompiledQuery[] = [];
  const reader = new Kysely<Schema>({ dialect, log: ({ query }) => void asked.push(query) });
  const words = isPostgres ? postgresWords : sqliteWords;
  const pieces = days
    .slice(0, 90)
    .map((start, bucket) => ({ bucket, span: 'day', start, end: start + dayMs, sign: 1 }) as const);
  await createFigureStore({ reader, isSpread: false, words }).sumFigures({
    pieces,
    by: ['campaign'],
    providerId,
  });
  const [statement] = asked;
  if (!statement) throw new Error('Nothing was asked.');
  const plan = await explain(database, withValues(statement));
  if (isPostgres) expect(plan).toMatch(/Index Cond: .*provider_id.* AND .*start >= .*column3/);
  else
    expect(plan).toMatch(/SEARCH figures USING .*\(provider_id=\? AND span=\? AND start>\? AND start<\?\)/);
  expect(plan).not.toMatch(/Seq Scan on figures|SCAN figures/);
});
