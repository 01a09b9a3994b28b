// The connections to the database break, and the network to it falls silent.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { queryPostgres } from '../../support/postgresDatabases.ts';
import { passOn, startTcpProxy, type TcpProxy } from '../../support/tcpProxy.ts';
import { createDatabase } from '../support/database.ts';
import { addAcme, longestAnswerMs, serveAt, storedOrderIds, unavailable } from '../support/faults.ts';
import { expectEachOnce, type Load, reportFigures, startLoad } from '../support/load.ts';
import { patience } from '../support/patience.ts';

/** How often connections are broken under load. */
const breaks = Number(process.env.ONRAMP_KILLS ?? 5);

vi.setConfig({ testTimeout: 60_000 + breaks * 5_000 });

const nothing = Buffer.alloc(0);
const noAnswer = unavailable('its database does not answer');

async function startProxy(database: string): Promise<TcpProxy> {
  const proxy = await startTcpProxy(database);
  onTestFinished(() => proxy.close());
  return proxy;
}

async function expectNothingLost(database: string, load: Load): Promise<void> {
  await load.progress();
  await load.finish();
  expect(load.unexpected).toEqual([]);
  expect(load.slowestMs).toBeLessThan(longestAnswerMs);
  expectEachOnce(await storedOrderIds(database), load.acknowledged);
  reportFigures(load, { breaks });
}

/** Again and again for a tenth of a second, since whoever is between two statements takes no notice of a cancel. */
const breakOff = (function_: string) => `do $$ begin
  for time in 1..50 loop
    perform ${function_}(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid();
    perform pg_sleep(0.002);
  end loop;
end $$`;

test.each(['pg_terminate_backend', 'pg_cancel_backend'])(
  `%s of all of the service's backends, ${breaks} times under load, loses and doubles nothing`,
  async (function_) => {
    const database = await createDatabase();
    await addAcme(database);
    const service = await serveAt(database);
    const load = startLoad(service.baseUrl, 'order');
    // More often where none has hit.
    for (let round = 1; round <= breaks || load.unavailable.size === 0; round++) {
      await load.progress(10);
      await queryPostgres(database, breakOff(function_));
    }
    await expectNothingLost(database, load);
    expect(load.unavailable.size).toBeGreaterThan(0);
    expect(service.process.exitCode).toBe(null);
  },
);

/** What PostgreSQL says to a connection that an operator ends. */
function fatal(): Buffer {
  const fields = Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0');
  const head = Buffer.from('E\0\0\0\0');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

test('connections that are ended at the moment they are ready do not end the service', async () => {
  const database = await createDatabase();
  await addAcme(database);
  const proxy = await startProxy(database);
  const service = await serveAt(proxy.url);
  // In one piece, so that both are heard before anybody has got the connection.
  proxy.toClient = (bytes) => (bytes.includes('server_version') ? Buffer.concat([bytes, fatal()]) : bytes);
  proxy.cut();
  expect((await service.post('1')).status).toBe(503);
  expect((await service.readiness()).status).toBe(503);
  proxy.toClient = passOn;
  await expect.poll(async () => (await service.post('1')).status, patience).toBe(201);
  expect(service.process.exitCode).toBe(null);
});

test('connections that are reset at any moment lose and double nothing', async () => {
  const database = await createDatabase();
  await addAcme(database);
  const proxy = await startProxy(database);
  const service = await serveAt(proxy.url);
  let pieces = 0;
  let cuts = 0;
  // A prime, so that in time it falls on each of the pieces that a transaction is made of.
  const cutSome: TcpProxy['toClient'] = (bytes, cut) => {
    if (++pieces % 41 > 0) return bytes;
    cuts++;
    cut();
    return nothing;
  };
  proxy.toServer = cutSome;
  proxy.toClient = cutSome;
  const load = startLoad(service.baseUrl, 'order');
  await expect.poll(() => cuts, patience).toBeGreaterThan(breaks);
  await expectNothingLost(database, load);
  expect(service.process.exitCode).toBe(null);
});

/** Calls `act` with a connection's cut when it is about to commit a purchase; its result goes to the server. */
function atCommit(proxy: TcpProxy, act: TcpProxy['toServer']): void {
  const writing = new Set<() => void>();
  proxy.toServer = (bytes, cut) => {
    if (bytes.includes('insert into trackings')) writing.add(cut);
    return writing.has(cut) && bytes.includes('commit\0') ? act(bytes, cut) : bytes;
  };
}

test('a purchase whose commit got no answer is sent again, and is a duplicate', async () => {
  const database = await createDatabase();
  await addAcme(database);
  const proxy = await startProxy(database);
  const service = await serveAt(proxy.url);
  atCommit(proxy, (bytes, committing) => {
    proxy.toClient = (answer, cut) => {
      // It was sent along with what comes before, whose answers may come by themselves.
      if (cut !== committing || !answer.includes('COMMIT\0')) return answer;
      cut();
      return nothing;
    };
    return bytes;
  });
  expect(await service.post('1')).toMatchObject(noAnswer);
  expect(await storedOrderIds(database)).toEqual(['1']);
  proxy.toServer = passOn;
  expect(await service.post('1')).toMatchObject({ status: 200, body: { status: 'duplicate' } });
  expect(await storedOrderIds(database)).toEqual(['1']);
});

test('a network that falls silent is told in time, holds nothing for long that others need, and keeps nobody from ending', async () => {
  const database = await createDatabase();
  await addAcme(database);
  const proxy = await startProxy(database);
  const [cutOff, other] = await Promise.all([serveAt(proxy.url), serveAt(database)]);
  atCommit(proxy, () => {
    proxy.silent = true;
    return nothing;
  });
  const waiting = [cutOff.post('held')];
  await expect.poll(() => proxy.silent, patience).toBe(true);
  waiting.push(cutOff.post('held'), cutOff.post('other'));
  for (const answer of await Promise.all(waiting)) {
    expect(answer).toMatchObject(noAnswer);
    expect(answer.ms).toBeLessThan(longestAnswerMs);
  }
  const [again, readiness, liveness] = await Promise.all([
    cutOff.post('later'),
    cutOff.readiness(),
    cutOff.liveness(),
  ]);
  expect([again, readiness]).toMatchObject([noAnswer, noAnswer]);
  expect(Math.max(again.ms, readiness.ms)).toBeLessThan(longestAnswerMs);
  expect(liveness.status).toBe(200);

  const stored = async () => (await other.post('held')).body.status;
  await expect.poll(stored, patience).toBe('created');
  proxy.silent = false;
  proxy.toServer = passOn;
  await expect.poll(async () => (await cutOff.post('held')).body.status, patience).toBe('duplicate');
  expect(await storedOrderIds(database)).toEqual(['held']);

  proxy.silent = true;
  expect(await cutOff.end('SIGTERM')).toBe(0);
});

test('a connection that is given back when the network has fallen silent keeps no process', async () => {
  const proxy = await startProxy(await createDatabase());
  const program = resolve(import.meta.dirname, '../support/lastConnection.ts');
  const child = spawn(process.execPath, [program, proxy.url], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  proxy.silent = true;
  child.stdin.write('end\n');
  await expect.poll(() => child.exitCode, patience).toBe(0);
});

test('a statement of a test whose connection is cut fails, and nothing else does', async () => {
  const proxy = await startProxy(await createDatabase());
  proxy.toServer = (bytes, cut) => {
    if (!bytes.includes('select 1')) return bytes;
    cut();
    return nothing;
  };
  const asking = queryPostgres(proxy.url, 'select 1');
  await expect(asking).rejects.toThrow(/ECONNRESET|terminated unexpectedly/);
});
