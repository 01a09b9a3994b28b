// A primary whose commits wait for a standby, and the standby.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
import { type Postgres, startPostgres } from '../../support/postgres.ts';
import { joinAddresses, queryPostgres } from '../../support/postgresDatabases.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcpProxy.ts';
import { certificate } from '../support/certificate.ts';
import { addAcme, longestAnswerMs, serveAt, storedOrderIds, unavailable } from '../support/faults.ts';
import { temporaryFolder } from '../support/files.ts';
import { expectEachOnce, reportFigures, startLoad } from '../support/load.ts';
import { patience } from '../support/patience.ts';
import { bearer } from '../support/purchase.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

/** Only processes are ended here, so what is written needs to reach the system only. */
const settings = { fsync: 'off' };

let primary: Postgres;
let standby: Postgres;
/** What the standby follows the primary by. */
let replication: TcpProxy;
beforeAll(async () => {
  primary = await startPostgres({ settings, certificate });
  replication = await startTcpProxy(primary.url());
  standby = await startPostgres({ settings, certificate, standbyOf: { url: () => replication.url } });
  await queryPostgres(primary.url(), "alter system set synchronous_standby_names = '*'");
  await queryPostgres(primary.url(), 'select pg_reload_conf()');
  return async () => {
    await Promise.all([primary.remove(), standby.remove()]);
    replication.close();
  };
});

const onStandby = (database: string) => standby.url(new URL(database).pathname.slice(1));
const noAnswer = unavailable('its database does not answer');

async function startProxy(database: string): Promise<TcpProxy> {
  const proxy = await startTcpProxy(database);
  onTestFinished(() => proxy.close());
  return proxy;
}

test('a database that may only be read takes nothing, says so, and shows what it has', async () => {
  const database = await primary.createDatabase();
  const secret = await addAcme(database);
  const proxy = await startProxy(database);
  const service = await serveAt(proxy.url);
  expect((await service.post('1')).status).toBe(201);

  proxy.leadTo(standby.url());
  const readOnly = unavailable('its database may only be read');
  await expect.poll(() => service.post('2'), patience).toMatchObject(readOnly);
  await expect.poll(service.readiness, patience).toMatchObject(readOnly);
  const list = () => service.send('/api/SaasTrackings', { headers: bearer(secret) });
  await expect.poll(list, patience).toMatchObject({ status: 200, body: { items: [{ orderId: '1' }] } });

  proxy.leadTo(primary.url());
  await expect.poll(async () => (await service.post('2')).status, patience).toBe(201);
});

/** Who is connected to the standby for the service. */
const onceConnected = "select 1 from pg_stat_activity where application_name = 'onramp-marketplace'";

async function allowWriting(isAllowed: boolean): Promise<void> {
  await queryPostgres(primary.url(), `alter system set default_transaction_read_only = ${!isAllowed}`);
  await queryPostgres(primary.url(), 'select pg_reload_conf()');
}

test('of several servers, the one that may be written to is found beside one that is silent', async () => {
  const database = await primary.createDatabase();
  await addAcme(joinAddresses([onStandby(database), database]));
  const silent = await startProxy(database);
  silent.silent = true;
  const service = await serveAt(joinAddresses([silent.url, onStandby(database), database]));
  expect((await service.post('1')).status).toBe(201);
  await expect.poll(() => queryPostgres(standby.url(), onceConnected), patience).toEqual([]);

  await allowWriting(false);
  onTestFinished(() => allowWriting(true));
  await expect.poll(async () => (await service.post('2')).body.detail, patience).toMatch('does not answer');
  const refused = await service.post('2');
  expect(refused).toMatchObject(noAnswer);
  expect(refused.ms).toBeLessThan(longestAnswerMs);
  await allowWriting(true);
  await expect.poll(async () => (await service.post('2')).status, patience).toBe(201);
});

test('where none of several servers lets it in, or may be written to, it is told what they say', async () => {
  const database = await primary.createDatabase();
  await addAcme(database);
  const silent = await startProxy(database);
  silent.silent = true;
  const withWrongUser = Object.assign(new URL(database), { username: 'nobody' }).href;
  const said = (servers: string[]) => openDatabase(joinAddresses(servers)).catch(({ reason }) => reason);
  expect(await said([withWrongUser, silent.url])).toBe('its database does not let it in');
  expect(await said([onStandby(database), onStandby(database)])).toBe('its database may only be read');
});

test('while the standby is away nothing is acknowledged, and all is well when it is back', async () => {
  const database = await primary.createDatabase();
  await addAcme(database);
  const service = await serveAt(database);
  expect((await service.post('before')).status).toBe(201);
  await standby.stop('fast');
  const answers = await Promise.all([service.post('1'), service.post('before'), service.readiness()]);
  for (const answer of answers) {
    expect(answer).toMatchObject(noAnswer);
    expect(answer.ms).toBeLessThan(longestAnswerMs);
  }
  // The first try holds on to it for as long as the standby is away.
  expect(await service.post('1')).toMatchObject({ status: 503 });
  expect((await service.liveness()).status).toBe(200);
  await standby.start();
  await expect.poll(async () => (await service.post('1')).status, patience).toBe(200);
  await expect.poll(service.readiness, patience).toMatchObject({ status: 200 });
  expectEachOnce(await storedOrderIds(onStandby(database)), ['before', '1']);
});

/** The backends whose commit waits for the standby. */
const waitingFor = (name: string) =>
  `from pg_stat_activity where datname = '${name}' and wait_event = 'SyncRep'`;

/** The name of the severity of warnings, as a server says it whose messages are in German. */
const inGerman = (bytes: Buffer) =>
  Buffer.from(bytes.toString('latin1').replaceAll('SWARNING\0', 'SWARNUNG\0'), 'latin1');

test('a commit whose wait for the standby is broken off is not acknowledged, nor is its repetition', async () => {
  const database = await primary.createDatabase();
  await addAcme(database);
  const name = new URL(database).pathname.slice(1);
  await queryPostgres(primary.url(), `alter database ${name} set client_min_messages = error`);
  const proxy = await startProxy(database);
  proxy.toClient = inGerman;
  const service = await serveAt(proxy.url);
  await standby.stop('fast');

  const posted = service.post('1');
  const breakOff = `select pg_cancel_backend(pid) as done ${waitingFor(name)}`;
  await expect.poll(() => queryPostgres(primary.url(), breakOff), patience).toEqual([{ done: true }]);
  expect(await posted).toMatchObject(unavailable('its database could not vouch for a commit'));
  expect(await storedOrderIds(database)).toEqual(['1']);
  expect(await service.post('1')).toMatchObject(noAnswer);

  await standby.start();
  await expect.poll(async () => (await service.post('1')).body.status, patience).toBe('duplicate');
  expect(await storedOrderIds(onStandby(database))).toEqual(['1']);
});

/** The servers' addresses, as one, by which they are spoken to over TLS and have to prove who they are. */
async function provenBy(ca: string, servers: string[]): Promise<string> {
  const file = join(await temporaryFolder(), 'ca.pem');
  await writeFile(file, ca);
  return `${joinAddresses(servers)}?sslmode=verify-full&sslrootcert=${file}`;
}

test('a server that does not prove who it is gets no password, and is told from one that is away', async () => {
  const database = await primary.createDatabase();
  const servers = [database, onStandby(database)];
  const [mozilla = ''] = rootCertificates;
  const opening = openDatabase(await provenBy(mozilla, servers));
  await expect(opening).rejects.toMatchObject({ reason: 'its database has a certificate it does not trust' });
});

test('a standby that takes over has every acknowledged purchase, exactly once, over TLS', async () => {
  const database = await primary.createDatabase();
  await addAcme(database);
  const service = await serveAt(await provenBy(certificate.cert, [database, onStandby(database)]));
  const inClear = `select 1 from pg_stat_activity join pg_stat_ssl using (pid)
    where application_name = 'onramp-marketplace' and datname = current_database() and not ssl`;
  expect(await queryPostgres(database, inClear)).toEqual([]);
  const load = startLoad(service.baseUrl, 'order');
  await load.progress(300);
  // What is committed now is lost with the primary.
  replication.silent = true;
  const waiting = `select 1 as waits ${waitingFor(new URL(database).pathname.slice(1))}`;
  await expect.poll(() => queryPostgres(primary.url(), waiting), patience).toContainEqual({ waits: 1 });
  await primary.kill();
  await expect.poll(service.readiness, patience).toMatchObject({ status: 503 });
  await queryPostgres(standby.url(), 'select pg_promote()');
  await load.progress(300);
  await load.finish();

  expect(load.unexpected).toEqual([]);
  expect(load.slowestMs).toBeLessThan(longestAnswerMs);
  expect(service.process.exitCode).toBe(null);
  expectEachOnce(await storedOrderIds(onStandby(database)), load.acknowledged);
  reportFigures(load);
});
