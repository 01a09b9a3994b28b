import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
import { openSpool } from '../../../src/marketplace/store/spool.ts';
import { findFreePort } from '../../support/freePort.ts';
import { type Postgres, startPostgres } from '../../support/postgres.ts';
import { startTcpProxy } from '../../support/tcpProxy.ts';
import { createCommandLine } from '../support/command.ts';
import { createDatabase } from '../support/database.ts';
import { addAcme, longestAnswerMs, serveAt, storedOrderIds, unavailable } from '../support/faults.ts';
import { temporaryFolder } from '../support/files.ts';
import { expectEachOnce, reportFigures, startLoad } from '../support/load.ts';
import { patience } from '../support/patience.ts';
import { bearer, purchase } from '../support/purchase.ts';
import { startService } from '../support/service.ts';

/** How often the server is ended under load, each way in turn; `npm run soak` does it more often. */
const ends = Number(process.env.ONRAMP_KILLS ?? 3);

vi.setConfig({ testTimeout: 60_000 + ends * 20_000, hookTimeout: 60_000 });

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
  return () => postgres.remove();
});

const ways = [() => postgres.kill(), () => postgres.stop('fast'), () => postgres.stop('immediate')] as const;

test(`after ${ends} times a server that is killed or shut down under load every acknowledged purchase is there, exactly once`, async () => {
  const database = await postgres.createDatabase();
  await addAcme(database);
  const service = await serveAt(database);
  const load = startLoad(service.baseUrl, 'order');
  let slowestRecoveryMs = 0;
  for (let round = 0; round < ends; round++) {
    await load.progress();
    await ways[round % ways.length]?.();
    const away = unavailable(/its database (does not answer|is shutting down or starting)/);
    await expect.poll(service.readiness, patience).toMatchObject(away);
    expect((await service.liveness()).status).toBe(200);
    await postgres.start();
    const startedAt = performance.now();
    await load.progress(1);
    slowestRecoveryMs = Math.max(slowestRecoveryMs, performance.now() - startedAt);
    await expect.poll(service.readiness, patience).toMatchObject({ status: 200 });
  }
  await load.progress();
  await load.finish();

  expect(load.unexpected).toEqual([]);
  expect(load.slowestMs).toBeLessThan(longestAnswerMs);
  expect(service.process.exitCode).toBe(null);
  expectEachOnce(await storedOrderIds(database), load.acknowledged);
  reportFigures(load, { ends, slowestRecoveryMs });
});

/** Follows the link and resolves to the referral that it minted. */
async function follow(baseUrl: string): Promise<string | null> {
  const { status, headers } = await fetch(`${baseUrl}/go/acme`, { redirect: 'manual' });
  return status === 302 ? new URL(headers.get('location') ?? '').searchParams.get('onramp_ref') : null;
}

async function addListing(database: string): Promise<void> {
  const store = await openDatabase(database);
  const { id: providerId = 0 } = (await store.findProvider('pk_acme')) ?? {};
  await store.putListing({ name: 'acme', providerId, landingUrl: 'https://acme.example/' });
  await store.close();
}

test('links lead on while the server is gone, also for a service that starts meanwhile, and each click is there once', async () => {
  const database = await postgres.createDatabase();
  const secret = await addAcme(database);
  await addListing(database);
  const line = await createCommandLine();
  const at = ['--database', database, '--spool', 'spool'];
  const first = await line.serve(...at);
  const referrals = [await follow(first.baseUrl)];
  await postgres.kill();
  referrals.push(await follow(first.baseUrl), await follow(first.baseUrl));
  expect((await fetch(`${first.baseUrl}/readyz`)).status).toBe(503);
  await first.end('SIGKILL');

  const port = String(await findFreePort());
  const baseUrl = `http://127.0.0.1:${port}`;
  const second = line.serve(...at, '--port', port);
  await expect.poll(() => follow(baseUrl).catch(() => null), patience).not.toBe(null);
  referrals.push(await follow(baseUrl));
  const statuses = ['/livez', '/readyz', '/onramp.js', '/api/SaasTrackings', '/console'].map(
    async (path) => (await fetch(baseUrl + path)).status,
  );
  expect(await Promise.all(statuses)).toEqual([200, 503, 200, 503, 503]);
  // What a beacon sends, and a body that nobody can read.
  for (const body of [new URLSearchParams(purchase), new Blob(['{'], { type: 'application/json' })]) {
    const answer = await fetch(`${baseUrl}/api/SaasTrackings`, { method: 'POST', body });
    expect([answer.status, answer.headers.has('retry-after')]).toEqual([503, true]);
  }

  await postgres.start();
  await second;
  referrals.push(await follow(baseUrl));
  const clicks = async () => {
    const answer = await fetch(`${baseUrl}/api/clicks`, { headers: bearer(secret) });
    const { items }: { items: { referral: string }[] } = await answer.json();
    return items.map(({ referral }) => referral);
  };
  // One more than are known: the first that led on after the start.
  await expect.poll(async () => (await clicks()).length, patience).toBe(referrals.length + 1);
  expect(await clicks()).toEqual(expect.arrayContaining(referrals));
});

test('a link leads on while the server is silent, before the server would have to answer', async () => {
  const proxy = await startTcpProxy(await createDatabase());
  onTestFinished(() => proxy.close());
  const spool = openSpool(await temporaryFolder());
  const service = await startService({ database: proxy.url, spool, maxLinkWaitMs: 1_000 });
  onTestFinished(() => spool.close());
  const acme = await service.addProvider();
  await acme.addListing('acme');
  const before = await follow(service.baseUrl);
  proxy.silent = true;
  const began = performance.now();
  const referrals = [await follow(service.baseUrl), await follow(service.baseUrl)];
  expect(performance.now() - began).toBeLessThan(4_000);
  expect(referrals).not.toContain(null);
  expect(spool.clicks).toBe(2);
  proxy.silent = false;
  proxy.cut();
  await expect.poll(() => spool.clicks, patience).toBe(0);
  expect((await acme.clicks()).map(({ referral }) => referral)).toEqual([...referrals.reverse(), before]);
});
