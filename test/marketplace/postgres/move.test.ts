// A ledger moves to PostgreSQL while all of it changes, is broken off, and goes on.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { expect, test } from 'vitest';
import type { Move, Step } from '../../../src/marketplace/store/move/moveLedger.ts';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
import { partitionTables } from '../../../src/marketplace/store/postgres/partitions.ts';
import { queryPostgres } from '../../support/postgresDatabases.ts';
import { createCommandLine } from '../support/command.ts';
import { createDatabase } from '../support/database.ts';
import { addAcme, unavailable } from '../support/faults.ts';
import { temporaryFolder } from '../support/files.ts';
import { expectSame, fillOperators, keepPosting, liveOn, move } from '../support/moving.ts';
import { patience } from '../support/patience.ts';
import { purchase } from '../support/purchase.ts';
import { startMs, startService } from '../support/service.ts';
import { postReport, usage } from '../support/subscription.ts';

const closed = 'its ledger is closed';

/** A service with a ledger of its own, in which a table has so many rows. */
async function startSource(kind: 'sqlite' | 'postgres', rows = 0) {
  const database =
    kind === 'sqlite' ? join(await temporaryFolder(), 'ledger.db') : await createPartitioned(2);
  const service = await startService({ database });
  const acme = await service.addProvider();
  if (rows > 0) await fillOperators(database, rows);
  return { database, service, acme };
}

/** With a key of its own, which a copy of the template hasn't. */
async function createPartitioned(partitions: number): Promise<string> {
  const database = await createDatabase({ empty: true });
  await (await openDatabase(database)).close();
  await partitionTables(database, partitions);
  return database;
}

const points = ['copying', 'following', 'comparing', 'closing', 'closed', 'proven'] as const;

test.each(['sqlite', 'postgres'] as const)(
  'a ledger in %s moves while all of it changes, though it is ended at once wherever it is',
  async (kind) => {
    const { database, service, acme } = await startSource(kind, 1_100);
    await liveOn(service, acme, 1);
    const to = kind === 'sqlite' ? await createDatabase() : await createPartitioned(3);
    const posting = keepPosting(acme);
    const wakes: (() => void)[] = [];
    const runs: Promise<unknown>[] = [];
    let number = 1;
    for (const point of points) {
      await new Promise<void>((reached, failed) => {
        const asleep = new Promise<void>((wake) => wakes.push(wake));
        // In the midst of the operators, where it copies them.
        const isThere = (step: Step) =>
          step.step === point && (step.step !== 'copying' || step.rows >= 1_000);
        const run = move(database, to, async (step) => {
          if (!isThere(step)) return;
          reached();
          await asleep;
        });
        run.catch(failed);
        runs.push(run.catch((error: Error) => error.message));
      });
      if (point !== 'closed' && point !== 'proven') await liveOn(service, acme, ++number);
      if (point !== 'copying') continue;
      // Somebody whom the next part has, by the name of one whom the copy still has.
      await service.store.removeOperator('operator-1');
      await service.store.addOperator({ name: 'operator-1', tokenHash: undefined, createdAt: startMs });
    }
    await expect(openDatabase(to)).rejects.toThrow('a ledger is being moved into it');

    // While both are compared, and when they have been.
    const pending = new Set<string>(['comparing', 'closing']);
    const { proof, closedMs } = await move(database, to, async ({ step }) => {
      if (pending.delete(step)) await liveOn(service, acme, ++number);
    });
    const refusals = posting.refusals.length;
    await expect.poll(() => posting.refusals.length, patience).toBeGreaterThan(refusals);
    await posting.end();
    // An earlier run that wakes up does nothing more.
    for (const wake of wakes) wake();
    expect(await Promise.all(runs)).toEqual(runs.map(() => expect.any(String)));

    await expectSame(database, to);
    const rows = await queryPostgres(to, `select order_id from trackings where order_id like 'posted-%'`);
    const stored = new Set(rows.map(({ order_id: orderId }) => orderId));
    expect(stored.size).toBe(rows.length);
    expect(stored).toEqual(new Set(posting.acknowledged));
    expect(posting.acknowledged.length).toBeGreaterThan(0);
    expect(closedMs).toBeGreaterThan(0);
    const [counted] = await queryPostgres(to, 'select count(*)::int as rows from trackings');
    const digest = expect.stringMatching(/^\w{16}$/);
    expect(proof?.tables).toContainEqual({ table: 'trackings', ...counted, digest });
    const [sum] = await queryPostgres(
      to,
      `select trim_scale(sum(amount::numeric))::text as total from trackings where event = 'refund'`,
    );
    expect(proof?.money).toContainEqual({ event: 'refund', currency: 'EUR', ...sum });
    const constraints = `select count(*)::int as count from pg_constraint where contype = 'f' and conparentid = 0`;
    expect(await queryPostgres(to, constraints)).toEqual(
      await queryPostgres(await createDatabase(), constraints),
    );

    // The old one is read, and no more.
    const refused = { detail: expect.stringContaining(closed), status: 503, retryAfter: true };
    expect(posting.refusals).toEqual(posting.refusals.map(() => refused));
    expect(await service.send('/readyz')).toMatchObject(unavailable(closed));
    expect((await acme.rows()).length).toBeGreaterThan(0);

    // The new one knows what the old one knew, and counts on from there.
    const moved = await startService({ database: to });
    const at = (fields: object) => moved.post({ ...purchase, ...fields });
    expect(await at({ orderId: 'posted-0', purchasedAt: startMs })).toMatchObject({ status: 200 });
    expect(await at({ orderId: 'a new one' })).toMatchObject({ status: 201 });
    expect(await at({ customerId: 'gone-1' })).not.toMatchObject({ status: 201 });
    const largest = 'select max(position)::int as position from reports';
    const [before] = await queryPostgres(to, largest);
    await postReport(moved, { ...usage, providerkey: acme.secret, coid: 'new' });
    expect(await queryPostgres(to, largest)).toEqual([{ position: Number(before?.position) + 1 }]);
  },
);

test('ended between the end of the old ledger and the beginning of the new one, it opens that', async () => {
  const { database, acme } = await startSource('sqlite');
  const to = await createDatabase();
  await new Promise<void>((departed, failed) => {
    const open = () => new Promise<void>(() => departed());
    const change = (parts: Move) => ({ ...parts, target: { ...parts.target, open } });
    move(database, to, undefined, { change }).catch(failed);
  });
  await expect(openDatabase(to)).rejects.toThrow('a ledger is being moved into it');
  expect(await acme.post(purchase)).toMatchObject(unavailable(closed));
  for (let times = 1; times <= 2; times++) {
    expect(await move(database, to)).toEqual({ proof: undefined, closedMs: 0 });
  }
  await (await openDatabase(to)).close();
});

test.each([
  { what: 'altered', sql: `update trackings set amount = '1' where order_id = 'A-7'` },
  { what: 'missing', sql: `delete from trackings where order_id = 'A-7'` },
  { what: 'strange', sql: `insert into forgotten values ('\\x00', 1)` },
])('a row that is $what in the copy is found before the ledger is closed', async ({ sql }) => {
  const { database, acme } = await startSource('sqlite');
  await acme.post({ ...purchase, orderId: 'A-7' });
  const to = await createDatabase();
  const steps: string[] = [];
  const running = move(database, to, async ({ step }) => {
    if (step === 'comparing' && !steps.includes(step)) await queryPostgres(to, sql);
    steps.push(step);
  });
  await expect(running).rejects.toThrow('The copy is not the same in these rows:');
  expect(steps).not.toContain('closing');
  expect(await acme.post(purchase)).toMatchObject({ status: 201 });
});

test('where it fails while the ledger is closed, the ledger takes in again', async () => {
  const { database, acme } = await startSource('sqlite');
  const to = await createDatabase();
  const ending = new AbortController();
  const report = async ({ step }: Step) => {
    if (step !== 'closed') return;
    expect(await acme.post(purchase)).toMatchObject(unavailable(closed));
    ending.abort(new Error('It was broken off.'));
  };
  await expect(move(database, to, report, { signal: ending.signal })).rejects.toThrow('It was broken off.');
  expect(await acme.post(purchase)).toMatchObject({ status: 201 });
  await move(database, to);
  expect(await queryPostgres(to, 'select customer_id from trackings')).toEqual([{ customer_id: 'cust-1' }]);
});

test('the command, killed while the ledger is closed, goes on or is cancelled', async () => {
  const { database, acme } = await startSource('sqlite');
  const line = await createCommandLine();
  const to = await createDatabase();
  const from = ['--database', database];

  // It looks at the migrations once more before the end, and has to wait there.
  const blocker = new pg.Client({ connectionString: to });
  await blocker.connect();
  const { process: killed, said } = line.begin(['move', ...from], { ONRAMP_MOVE_TO: to });
  await said(/copied/);
  await blocker.query('begin; lock table kysely_migration');
  await said(/closed/);
  killed.kill('SIGKILL');
  await blocker.end();
  expect(await acme.post(purchase)).toMatchObject(unavailable(closed));

  expect(await line.run(['move', '--cancel', ...from])).toMatchObject({ exitCode: 0 });
  expect(await acme.post(purchase)).toMatchObject({ status: 201 });
  expect(await line.run(['move', '--cancel', ...from])).toMatchObject({ exitCode: 1 });

  // What is left in the target is of the same ledger.
  const done = await line.run(['move', '--to', to, ...from]);
  expect(done).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('Both hold the same, of 1 providers.'),
  });
  expect(done.stderr).toMatch(/copied 0 of \d+ rows.*closed:.*open at its new place/s);
  expect(await queryPostgres(to, 'select count(*)::int as count from trackings')).toEqual([{ count: 1 }]);

  const again = await line.run(['move', '--to', to, '--json', ...from]);
  expect(again).toMatchObject({
    exitCode: 0,
    stdout: expect.stringMatching(/^{"to":"[^"]*","moved":true,"spool":"[^"]*-spool"}\n$/),
  });
  const elsewhere = await line.run(['move', '--to', await createDatabase(), ...from]);
  expect(elsewhere).toMatchObject({
    exitCode: 1,
    stderr: expect.stringMatching(/The ledger has moved to .* The target is another database/),
  });
  const cancelled = await line.run(['move', '--cancel', ...from]);
  expect(cancelled).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('use --reopen') });
  expect(await acme.post({ ...purchase, orderId: 'too late' })).toMatchObject(unavailable(closed));
  expect(await line.run(['move', '--reopen', ...from])).toMatchObject({ exitCode: 0 });
  expect(await acme.post({ ...purchase, orderId: 'too late' })).toMatchObject({ status: 201 });
});

test('the command says what is in the way, and leaves the ledger as it was', async () => {
  const { database, acme } = await startSource('sqlite');
  const other = await createDatabase();
  await addAcme(other);
  const line = await createCommandLine();
  const empty = await createDatabase();
  const run = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await line.run(['move', ...args, '--json']);
    expect(stdout).toBe('');
    return { exitCode, stderr };
  };
  const failed = (exitCode: number, stderr: string) => ({
    exitCode,
    stderr: expect.stringContaining(stderr),
  });

  expect(await run('--database', database)).toEqual(failed(2, 'Say where to'));
  expect(await run('--to', 'ledger.db', '--database', database)).toEqual(failed(2, 'PostgreSQL alone'));
  const nowhere = join(await temporaryFolder(), 'nowhere.db');
  expect(await run('--to', empty, '--database', nowhere)).toEqual(failed(1, 'there is no such file'));
  expect(await run('--to', other, '--database', database)).toEqual(
    failed(1, 'The target is not empty: it has providers. Give an empty database.\n'),
  );
  expect(await run('--to', other, '--database', other)).toEqual(failed(1, 'it has the same ledger'));
  const foreign = await createDatabase();
  await queryPostgres(
    foreign,
    'drop schema public cascade; create schema public; create table mine (number integer)',
  );
  expect(await run('--to', foreign, '--database', database)).toEqual(failed(1, 'it has the table mine'));
  const made = await queryPostgres(foreign, `select to_regclass('providers') as made`);
  expect(made).toEqual([{ made: null }]);
  const file = new Database(join(await temporaryFolder(), 'other.db'));
  file.exec('create table mine (number)');
  expect(await run('--to', empty, '--database', file.name)).toEqual(failed(1, 'The database is no ledger'));
  file.close();
  const gone = new URL(empty);
  gone.port = '1';
  expect(await run('--to', gone.href, '--database', database)).toEqual(failed(1, 'ECONNREFUSED'));

  const ledger = new Database(database);
  ledger.exec(`insert into kysely_migration values ('9999-newer', '')`);
  expect(await run('--to', empty, '--database', database)).toEqual(
    failed(1, 'of different versions: 9999-newer there'),
  );
  ledger.exec(`delete from kysely_migration where name = '9999-newer'`);
  ledger.close();

  expect(await acme.post(purchase)).toMatchObject({ status: 201 });
  expect(await run('--cancel', '--database', database)).toEqual(failed(1, 'not being moved'));
});
