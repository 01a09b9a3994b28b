// Links while the database is away, as far as that can be played with any store; real outages are in sqlite and postgres.
import { expect, onTestFinished, test } from 'vitest';
import { StoreUnavailableError } from '../../../src/marketplace/store/errors.ts';
import { openSpool } from '../../../src/marketplace/store/spool.ts';
import type { Store } from '../../../src/marketplace/store/store.ts';
import { temporaryFolder } from '../support/files.ts';
import { patience } from '../support/patience.ts';
import { bearer, purchase } from '../support/purchase.ts';
import { hourMs, type Service, startMs, startService } from '../support/service.ts';

type Outage = 'fails' | 'hangs' | undefined;

/** A service that can lose its database, but for purchases, with a spool in that folder. */
async function startLosing(
  folder: string,
  { database, outage, maxLinkWaitMs }: { database?: string; outage?: Outage; maxLinkWaitMs?: number } = {},
) {
  const hanging: (() => void)[] = [];
  const state = {
    outage,
    end() {
      state.outage = undefined;
      for (const giveUp of hanging.splice(0)) giveUp();
    },
  };
  const unlessAway = <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (!state.outage) return work();
    const error = new StoreUnavailableError(new Error('away'));
    if (state.outage === 'fails') return Promise.reject(error);
    return new Promise((_resolve, reject) => hanging.push(() => reject(error)));
  };
  const spool = openSpool(folder);
  const service = await startService({
    database,
    spool,
    maxLinkWaitMs,
    wrapStore: (store: Store) => ({
      ...store,
      findListing: (name) => unlessAway(() => store.findListing(name)),
      listListings: () => unlessAway(() => store.listListings()),
      write: (entries) =>
        entries.some(({ kind }) => kind === 'click')
          ? unlessAway(() => store.write(entries))
          : store.write(entries),
    }),
  });
  // What hangs would keep the service from closing.
  onTestFinished(() => state.end());
  const end = async () => {
    await service.close();
    spool.close();
  };
  /** Follows the link as a browser. */
  const follow = (path: string, method = 'GET') =>
    service.send(path, {
      method,
      headers: { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' },
    });
  return { service, state, spool, follow, end };
}

const referralOf = ({ headers }: { headers: Headers }) =>
  new URL(headers.get('location') ?? '').searchParams.get('onramp_ref') ?? '';

const clicksOf = async (service: Service, secret: string) =>
  (await service.list('/api/clicks', secret)).map(({ referral }) => referral);

test('while it fails, links lead on, rows are judged, and the clicks are written once when it is back', async () => {
  const { service, state, spool, follow } = await startLosing(await temporaryFolder());
  const acme = await service.addProvider();
  await acme.addListing('acme', 'https://acme.example/welcome');
  const before = referralOf(await follow('/go/acme'));

  state.outage = 'fails';
  const answers = [await follow('/go/acme?campaign=tuesday'), await follow('/go/acme')];
  expect(answers.map(({ status }) => status)).toEqual([302, 302]);
  expect(answers[0]?.headers.get('location')).toMatch(/^https:\/\/acme\.example\/welcome\?onramp_ref=/);
  expect(await follow('/go/acme', 'HEAD')).toMatchObject({ status: 302 });
  expect(await follow('/go/another')).toMatchObject({ status: 503 });
  expect((await service.metrics.read()).text).toContain('onramp_spool_clicks 2\n');
  const during = answers.map(referralOf);
  await acme.post({ ...purchase, referral: during[0] });
  expect(await acme.rows()).toMatchObject([{ verdict: 'listing', referralMinted: true }]);

  service.time.now += 30 * hourMs;
  state.end();
  await expect.poll(() => spool.clicks, patience).toBe(0);
  const after = referralOf(await follow('/go/acme'));
  expect((await clicksOf(service, acme.secret)).sort()).toEqual([before, ...during, after].sort());
  const { body } = await service.send('/api/figures?by=day', { headers: bearer(acme.secret) });
  expect(body.items).toMatchObject([
    { day: new Date(startMs).toISOString().slice(0, 10), clicks: 3 },
    { day: new Date(service.time.now).toISOString().slice(0, 10), clicks: 1 },
  ]);
  const { text } = await service.metrics.read();
  expect(text).toContain('onramp_accepted_total{way="go"} 4\n');
  expect(text).toContain('onramp_spool_clicks 0\n');
});

test('while it does not answer, links lead on all the same', async () => {
  const { service, state, spool, follow } = await startLosing(await temporaryFolder(), {
    maxLinkWaitMs: 1_000,
  });
  const acme = await service.addProvider();
  await acme.addListing('acme');
  await follow('/go/acme');
  state.outage = 'hangs';
  for (const _ of [1, 2, 3]) expect(await follow('/go/acme')).toMatchObject({ status: 302 });
  expect(spool.clicks).toBe(3);
  state.end();
  await expect.poll(() => spool.clicks, patience).toBe(0);
  expect(await clicksOf(service, acme.secret)).toHaveLength(4);
});

test('a listing that was removed leads nowhere, and one that was changed to its new page', async () => {
  const { service, state, follow } = await startLosing(await temporaryFolder());
  const acme = await service.addProvider();
  for (const name of ['old', 'acme']) await acme.addListing(name);
  await follow('/go/old');
  await service.store.removeListing('old');
  expect(await follow('/go/old')).toMatchObject({ status: 404 });
  await acme.addListing('acme', 'https://acme.example/new');
  await follow('/go/acme');
  state.outage = 'fails';
  expect(await follow('/go/old')).toMatchObject({ status: 503 });
  const { headers } = await follow('/go/acme');
  expect(headers.get('location')).toContain('https://acme.example/new?');
});

test('what a service has kept and remembered is there for the next one, which begins while it is away', async () => {
  const folder = await temporaryFolder();
  const first = await startLosing(folder);
  const { database } = first.service;
  const acme = await first.service.addProvider();
  await acme.addListing('acme');
  // Remembered when it starts.
  await first.end();
  const second = await startLosing(folder, { database });
  second.state.outage = 'fails';
  const kept = referralOf(await second.follow('/go/acme'));
  await second.end();

  const third = await startLosing(folder, { database, outage: 'fails' });
  expect(third.spool.clicks).toBe(1);
  const another = referralOf(await third.follow('/go/acme'));
  third.state.end();
  await expect.poll(() => third.spool.clicks, patience).toBe(0);
  expect((await clicksOf(third.service, acme.secret)).sort()).toEqual([another, kept].sort());
});

test('of a click that is too old, or of another ledger, nothing is written, and it is counted', async () => {
  const folder = await temporaryFolder();
  const first = await startLosing(folder, { outage: 'fails' });
  const { database, time } = first.service;
  const acme = await first.service.addProvider();
  const { id: providerId = 0 } = (await first.service.store.findProvider(acme.partnerKey)) ?? {};
  const click = {
    kind: 'click' as const,
    id: '01980000-0000-7000-8000-000000000001',
    providerId,
    listing: 'acme',
  };
  const old = time.now - 8 * 24 * hourMs;
  first.spool.add({ ...click, referral: 'f'.repeat(36), clickedAt: time.now, isBot: false });
  const referral = first.service.store.mintReferral({ providerId, clickedAt: old, isForTests: false });
  first.spool.add({ ...click, referral, clickedAt: old, isBot: false });
  await first.end();
  const { service, spool } = await startLosing(folder, { database });
  await expect.poll(() => spool.clicks, patience).toBe(0);
  expect(await clicksOf(service, acme.secret)).toEqual([]);
  const { text } = await service.metrics.read();
  expect(text).toContain('onramp_clicks_lost_total{by="age"} 1\n');
  expect(text).toContain('onramp_clicks_lost_total{by="ledger"} 1\n');
});
