// A ledger moves to PostgreSQL while all of it changes, is broken off, and goes on.
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import type { Move, Step } from '../../../src/marketplace/store/move/moveLedger.ts';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
import { queryPostgres } from '../../support/postgresDatabases.ts';
import { createCommandLine } from '../support/command.ts';
import { createDatabase } from '../support/database.ts';
import { unavailable } from '../support/faults.ts';
import { temporaryFolder } from '../support/files.ts';
import { expectSame, fillAudit, keepPosting, liveOn, move } from '../support/moving.ts';
import { patience } from '../support/patience.ts';
import { purchase } from '../support/purchase.ts';
import { startMs, startService } from '../support/service.ts';

const closed = 'its ledger is closed';

/** Before the first table, in the midst of one, and whenever something else begins. */
const changing = ['audit false', 'audit true', 'following', 'tidying', 'comparing', 'closing'];

/** A service with a ledger of its own, in which a table has so many rows. */
async function startSource(kind: 'sqlite' | 'postgres', rows = 0) {
  const database = kind === 'sqlite' ? join(await temporaryFolder(), 'ledger.db') : await createDatabase();
  const service = await startService({ database });
  const acme = await service.addProvider();
  if (rows > 0) await fillAudit(database, rows);
  return { database, service, acme };
}

describe.each(['sqlite', 'postgres'] as const)('a ledger in %s', (kind) => {
  test('moves while all of it changes: nothing is lost, doubled or altered', async () => {
    const { database, service, acme } = await startSource(kind, 1_100);
    for (let number = 1; number <= 3; number++) await liveOn(service, acme, number);
    // With a key of its own, which a copy of the template hasn't.
    const to = await createDatabase({ empty: kind === 'postgres' });
    const posting = keepPosting(acme);
    let number = 3;
    const seen = new Set<string>();
    const { proof, closedMs } = await move(database, to, async (step) => {
      const name = step.step === 'copying' ? `${step.table} ${step.rows >= 1_000}` : step.step;
      if (seen.has(name) || !changing.includes(name)) return;
      seen.add(name);
      await liveOn(service, acme, ++number);
    });
    expect([...seen]).toEqual(changing);
    await expect.poll(() => posting.refusals.length, patience).toBeGreaterThan(0);
    await posting.end();

    await expectSame(database, to);
    const rows = await queryPostgres(to, `select order_id from trackings where order_id like 'posted-%'`);
    const stored = new Set(rows.map(({ order_id: orderId }) => orderId));
    expect(stored.size).toBe(rows.length);
    expect(stored).toEqual(new Set(posting.acknowledged));
    expect(posting.acknowledged.length).toBeGreaterThan(0);
    expect(closedMs).toBeGreaterThan(0);
    const [counted] = await queryPostgres(to, 'select count(*)::int as rows from trackings');
    expect(proof?.tables).toContainEqual({
      table: 'trackings',
      ...counted,
      digest: expect.stringMatching(/^\w{16}$/),
    });
    const [sum] = await queryPostgres(
      to,
      `select sum(amount::numeric)::text as total from trackings where event = 'refund'`,
    );
    expect(proof?.money).toContainEqual({ event: 'refund', currency: 'EUR', ...sum });

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
    await moved.send('/update-subscription/', {
      method: 'POST',
      body: JSON.stringify({
        providerkey: acme.secret,
        coid: 'new',
        sku: 's',
        expired: false,
        count: 1,
        period: '2026-05',
      }),
    });
    expect(await queryPostgres(to, largest)).toEqual([{ position: Number(before?.position) + 1 }]);
    expect(await move(database, to)).toEqual({ proof: undefined, closedMs: 0 });
  });

  test('goes on wherever it was ended at once; an earlier run that wakes up does nothing', async () => {
    const { database, service, acme } = await startSource(kind, 1_100);
    await liveOn(service, acme, 1);
    const to = await createDatabase({ empty: kind === 'postgres' });
    const posting = keepPosting(acme);
    const wakes: (() => void)[] = [];
    const runs: Promise<unknown>[] = [];
    const points: Step['step'][] = [
      'copying',
      'following',
      'tidying',
      'comparing',
      'closing',
      'closed',
      'proven',
    ];
    for (const [index, point] of points.entries()) {
      await new Promise<void>((reached, failed) => {
        const asleep = new Promise<void>((wake) => wakes.push(wake));
        // In the midst of a table, where it copies one.
        const isThere = (step: Step) => step.step === point && (step.step !== 'copying' || step.rows >= 1_000);
        const run = move(database, to, async (step) => {
          if (!isThere(step)) return;
          reached();
          await asleep;
        });
        runs.push(run.catch((error: Error) => error.message));
        run.catch(failed);
      });
      if (point !== 'closed' && point !== 'proven') await liveOn(service, acme, index + 2);
    }
    const refusedBefore = posting.refusals.length;
    expect(refusedBefore).toBeGreaterThan(0);

    // Ended between the source's end and the target's beginning.
    const departing = new Promise<void>((departed) => {
      const change = (parts: Move) => ({
        ...parts,
        target: { ...parts.target, open: () => new Promise<void>(() => departed()) },
      });
      move(database, to, undefined, { change }).catch(() => undefined);
    });
    await departing;
    await expect(openDatabase(to)).rejects.toThrow('a ledger is being moved into it');
    expect(await move(database, to)).toMatchObject({ proof: undefined });
    await posting.end();
    for (const wake of wakes) wake();
    expect(await Promise.all(runs)).toEqual(runs.map(() => expect.any(String)));

    await expectSame(database, to);
    const rows = await queryPostgres(to, `select order_id from trackings where order_id like 'posted-%'`);
    expect(new Set(rows.map(({ order_id: orderId }) => orderId))).toEqual(new Set(posting.acknowledged));
    expect(await acme.post(purchase)).toMatchObject(unavailable(closed));
    const constraints = `select count(*)::int as count from pg_constraint where contype = 'f' and conrelid::regclass::text not like '%.%'`;
    expect(await queryPostgres(to, constraints)).toEqual(
      await queryPostgres(await createDatabase(), constraints),
    );
  });
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
    stdout: expect.stringMatching(/^{"to":"[^"]*","moved":true}\n$/),
  });
  const elsewhere = await line.run(['move', '--to', await createDatabase(), ...from]);
  expect(elsewhere).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('The ledger has moved to'),
  });
  const cancelled = await line.run(['move', '--cancel', ...from]);
  expect(cancelled).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('use --reopen') });
  expect(await acme.post({ ...purchase, orderId: 'too late' })).toMatchObject(unavailable(closed));
  expect(await line.run(['move', '--reopen', ...from])).toMatchObject({ exitCode: 0 });
  expect(await acme.post({ ...purchase, orderId: 'too late' })).toMatchObject({ status: 201 });
});

test('the command says what is in the way, and leaves the ledger as it was', async () => {
  const { database, acme } = await startSource('sqlite');
  const other = await startSource('postgres');
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
  expect(await run('--to', empty, '--database', nowhere)).toEqual(failed(1, 'There is no database at'));
  expect(await run('--to', other.database, '--database', database)).toEqual(
    failed(1, 'The target is not empty: it has providers.'),
  );
  expect(await run('--to', other.database, '--database', other.database)).toEqual(
    failed(1, 'it has the same ledger'),
  );
  const gone = new URL(empty);
  gone.port = '1';
  expect(await run('--to', gone.href, '--database', database)).toEqual(failed(1, 'ECONNREFUSED'));

  const file = new Database(database);
  file.exec(`insert into kysely_migration values ('9999-newer', '')`);
  expect(await run('--to', empty, '--database', database)).toEqual(
    failed(1, 'of different versions: 9999-newer there'),
  );
  file.exec(`delete from kysely_migration where name = '9999-newer'`);
  file.close();

  expect(await acme.post(purchase)).toMatchObject({ status: 201 });
  expect(await run('--cancel', '--database', database)).toEqual(failed(1, 'not being moved'));
});
