import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { expect, onTestFinished } from 'vitest';
import { type Move, moveLedger, type Step } from '../../../src/marketplace/store/move/moveLedger.ts';
import { openSource, openTarget } from '../../../src/marketplace/store/move/open.ts';
import { isPostgres } from '../../../src/marketplace/store/open.ts';
import { createReplay } from '../../../src/marketplace/tracking/replay.ts';
import { queryPostgres } from '../../support/postgresDatabases.ts';
import { bearer, purchase } from './purchase.ts';
import { hourMs, type Provider, type Service, startMs } from './service.ts';

const hashOf = (text: string) => createHash('sha256').update(text).digest();

/** Fills every table, and with each number changes some of what it has left there by the one before. */
export async function liveOn(service: Service, acme: Provider, number: number): Promise<void> {
  const { store } = service;
  const now = startMs + number;
  const before = number - 1;
  const proven = bearer(acme.secret);
  const { id: providerId = 0 } = (await store.findProvider('pk_acme')) ?? {};

  if (number === 1) await outlive(service, acme);
  // Rows come, merge with others, and are renamed by the provider's own word.
  const order = (of: number) => ({ ...purchase, orderId: `A-${of}`, amount: '49.90', currency: 'EUR' });
  await acme.post({ ...order(number), customerId: `José \u0001 ${number}`, page: 'https://acme.example/🐫' });
  await acme.post({ ...order(before), customerId: `cust-${before}` }, proven);
  await acme.post({ ...order(before), event: 'refund', amount: `${number}.123456789` }, proven);
  await acme.post({ ...purchase, customerId: `c-${number}` });
  await acme.post({ ...purchase, customerId: `c-${before}`, purchasedAt: startMs });
  await acme.post({ event: 'visit', partnerKey: 'pk_acme', referral: randomUUID(), referralSource: 'param' });
  await acme.addListing('acme', `https://acme.example/${number}`);
  await service.send('/go/acme?campaign=spring');

  // Refusals count up, and are taken in.
  await acme.post({ ...purchase, serviceName: '' });
  await store.changeProvider('pk_acme', { minimumLevel: 'server' });
  await acme.post({ ...purchase, customerId: 'late', orderId: `late ${number}` });
  await store.changeProvider('pk_acme', { minimumLevel: 'unsigned' });
  const replay = createReplay({ store, createId: randomUUID, clock: () => now });
  for (const row of await store.listRejections({ limit: 9, partnerKey: 'pk_acme' })) {
    if (row.payload.orderId === `late ${before}`) await replay(row);
  }

  const gone = { ...purchase, customerId: `gone-${before}` };
  await store.forgetCustomers({
    providerId,
    partnerKey: 'pk_acme',
    customerIds: [gone.customerId],
    forgottenAt: now,
  });
  await acme.post({ ...gone, customerId: `gone-${number}` });

  await acme.report({ count: number }, { 'idempotency-key': `key ${number}` });
  await acme.report({ coid: `coid-${number}` });

  await store.keepLogo({ version: String(number), type: 'image/png', bytes: Buffer.from([0, 1, 255]) });
  const fields = [{ name: 'email' as const, required: true }];
  await store.putOrderForm({ providerId, path: 'acme', fields, logo: String(number) });
  await store.changeProvider('pk_acme', { provisionUrl: 'https://acme.example/provision' });
  await liveOnOrders(service, providerId, number);

  // The same name with another id.
  await store.removeOperator('ada');
  const operatorId = await store.addOperator({ name: 'ada', tokenHash: hashOf('token'), createdAt: now });
  const expiresAt = now + 1_000_000_000;
  await store.addSignInLink({
    hash: hashOf(`link ${number}`),
    owner: { operatorId },
    can: ['view'],
    expiresAt,
  });
  const session = { hash: hashOf(`session ${number}`), browser: 'a browser', createdAt: now, expiresAt };
  await store.beginProviderSession(session, { providerId, can: ['view'], keyId: acme.keyId });
  await store.recordAudit({ at: now, actor: { kind: 'command', name: 'test' }, action: `tried ${number}` });
  await store.foldFigures(startMs + number);
}

/** Leaves what is left of a purchase that was kept for its time. */
async function outlive({ store, time }: Service, acme: Provider): Promise<void> {
  time.now = startMs - 2 * hourMs;
  await acme.post({ ...purchase, purchasedAt: time.now });
  time.now = startMs;
  expect(await store.purge('purchases', startMs - hourMs)).toBe(1);
}

async function liveOnOrders({ store }: Service, providerId: number, number: number): Promise<void> {
  const idOf = (of: number) => `01970000-0000-7000-8000-${String(of + 1).padStart(12, '0')}`;
  await store.createOrder({
    id: idOf(number),
    token: `token-${number}`,
    providerId,
    fields: { email: 'ada@example.com', username: `user-${number}` },
    fingerprint: new Uint8Array(16),
    hasPassword: false,
    createdAt: startMs,
  });
  const order = { id: idOf(number - 1), providerId };
  const attempt = { order, startedAt: startMs, latest: startMs, leaseUntil: startMs + 1 };
  const attemptNumber = await store.beginAttempt(attempt);
  if (attemptNumber === undefined || number % 2 === 0) return;
  const change = { status: 'succeeded', coid: `coid-${number}` } as const;
  await store.endAttempt({ order, number: attemptNumber, endedAt: startMs, outcome: 'created', change });
}

/** Gives a table, whose names are taken but once, more rows than are copied at once. */
export async function fillOperators(database: string, rows: number): Promise<void> {
  const sql = `with recursive numbers (number) as
      (select 1 union all select number + 1 from numbers where number < ${rows})
    insert into operators (name, created_at) select 'operator-' || number, number from numbers`;
  if (isPostgres(database)) await queryPostgres(database, sql);
  else new Database(database).exec(sql).close();
}

/** Tables that don't move. */
const left = /^(kysely_migration|kysely_migration_lock|readiness|move_in|move_out|move_notes|sqlite_.*)$/;

/** All rows of all tables that move, each as text, in the order of the texts. */
export async function readAll(database: string): Promise<Record<string, string[]>> {
  const isServer = isPostgres(database);
  const query = async (sql: string) =>
    isServer ? await queryPostgres(database, sql) : readFile(database, sql);
  const tables = await query(
    isServer
      ? `select c.relname as name from pg_class c where relnamespace = 'public'::regnamespace
           and relkind in ('r', 'p') and not relispartition`
      : `select name from sqlite_schema where type = 'table'`,
  );
  const names = tables.map(({ name }) => String(name)).filter((name) => !left.test(name));
  const rows: Record<string, string[]> = {};
  for (const name of names.sort()) {
    rows[name] = (await query(`select * from ${name}`)).map(toText).sort();
  }
  return rows;
}

function readFile(path: string, sql: string): Record<string, unknown>[] {
  const connection = new Database(path, { readonly: true });
  try {
    return connection.prepare<[], Record<string, unknown>>(sql).all();
  } finally {
    connection.close();
  }
}

function toText(row: Record<string, unknown>): string {
  const columns = Object.entries(row).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify(
    columns.map(([name, value]) => {
      const text = Buffer.isBuffer(value) ? value.toString('hex') : value;
      return [name, text === null ? null : String(text)];
    }),
  );
}

/** Between two purchases, in milliseconds: the sender shares this process. */
const senderPauseMs = 10;

/** Runs a move in this process. What `report` returns is waited for: a promise that stays open stops it there. */
export async function move(
  from: string,
  to: string,
  report: (step: Step) => unknown = () => undefined,
  { signal = new AbortController().signal, change = (move: Move): Move => move } = {},
) {
  const source = openSource(from);
  onTestFinished(() => source.end());
  const target = await openTarget(to);
  onTestFinished(() => target.end());
  return await moveLedger(change({ source, target, to: 'the target', report, signal }));
}

/**
 * Sends purchases one after the other, each until it is acknowledged.
 */
export function keepPosting(acme: Provider) {
  const acknowledged: string[] = [];
  const refusals: unknown[] = [];
  let isOver = false;
  const post = async () => {
    for (let number = 0; !isOver; ) {
      const orderId = `posted-${number}`;
      const { status, headers, body } = await acme.post({ ...purchase, orderId, purchasedAt: startMs });
      if (status === 201 || status === 200) {
        acknowledged.push(orderId);
        number++;
      } else {
        refusals.push({ status, detail: body.detail, retryAfter: Number(headers.get('retry-after')) > 0 });
      }
      await pause(senderPauseMs);
    }
  };
  const posting = post();
  // Where the test has failed, the service may be gone.
  posting.catch(() => undefined);
  return {
    acknowledged,
    refusals,
    async end(): Promise<void> {
      isOver = true;
      await posting;
    },
  };
}

/** Both databases have the same rows in all tables, and some in each. */
export async function expectSame(from: string, to: string): Promise<void> {
  const [there, here] = await Promise.all([readAll(from), readAll(to)]);
  expect(here).toEqual(there);
  const empty = Object.entries(here).filter(([, rows]) => rows.length === 0);
  expect(empty).toEqual([]);
}
