import { describe, expect, test } from 'vitest';
import { StoreUnavailableError } from '../../../src/marketplace/store/errors.ts';
import { createReplay } from '../../../src/marketplace/tracking/replay.ts';
import { purchase } from '../support/purchase.ts';
import { type Service, startService } from '../support/service.ts';

async function addListing(service: Service, landingUrl: string) {
  const keys = await service.addProvider();
  const provider = await service.store.findProvider('pk_acme');
  await service.store.putListing({ name: 'acme', providerId: provider?.id ?? 0, landingUrl });
  return keys;
}

test.each([
  ['https://acme.example/', 'https://acme.example/?onramp_ref=ID'],
  ['https://acme.example/a?b=c%20d&e=#top', 'https://acme.example/a?b=c%20d&e=&onramp_ref=ID#top'],
  ['https://acme.example/?onramp_ref=old&x=1', 'https://acme.example/?x=1&onramp_ref=ID'],
])('a link to %s leads there with a referral', async (landingUrl, expected) => {
  const service = await startService();
  await addListing(service, landingUrl);
  const { status, headers } = await service.send('/go/acme');
  expect(status).toBe(302);
  expect(headers.get('location')?.replace(/(?<=onramp_ref=)[\w-]{22}(?=#|$)/, 'ID')).toBe(expected);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('referrer-policy')).toBe('origin');
});

test('each click has a referral of its own, and a row says that it was minted here', async () => {
  const service = await startService();
  const { secret } = await addListing(service, 'https://acme.example/');
  await service.addProvider({ partnerKey: 'pk_other' });
  await service.send('/go/acme');
  await service.send('/go/acme');
  const clicks = await service.list('/api/clicks', secret);
  expect(new Set(clicks.map(({ referral }) => referral)).size).toBe(2);
  expect(clicks).toMatchObject([{ listing: 'acme' }, { listing: 'acme' }]);

  const referral = String(clicks[0]?.referral);
  await service.post({ ...purchase, referral });
  await service.post({ ...purchase, customerId: 'cust-2', referral: 'made-up' });
  expect(await service.list('/api/SaasTrackings', secret)).toMatchObject([
    { customerId: 'cust-2', referralMinted: false },
    { customerId: 'cust-1', referralMinted: true },
  ]);
});

describe('a referral that a link minted and something else was put around', () => {
  /** Two ids that were minted, as the ledger has them. */
  async function mintTwo(service: Service, secret: string): Promise<[string, string]> {
    await service.send('/go/acme');
    await service.send('/go/acme');
    const [one, other] = await service.list('/api/clicks', secret);
    return [String(one?.referral), String(other?.referral)];
  }

  test.each([
    'ID/',
    'ID?utm_source=mail&utm_campaign=tuesday',
    'x=1&amp;onramp_ref=ID',
    '<https://acme.example/?onramp_ref=ID>',
    `ID.${'a'.repeat(22)}`,
    'ID ID',
  ])('%s is that referral', async (dirty) => {
    const service = await startService();
    const { secret } = await addListing(service, 'https://acme.example/');
    const [referral] = await mintTwo(service, secret);
    const sent = { referral: dirty.replaceAll('ID', referral), landedAt: 1_777_000_000_000 };
    await service.post({ ...purchase, ...sent, referralSource: 'param' });
    await service.post({ ...purchase, ...sent, event: 'signup' });
    const visit = { partnerKey: 'pk_acme', event: 'visit', referralSource: 'param', landedAt: sent.landedAt };
    await service.post({ ...visit, ...sent });
    expect(await service.post({ ...visit, referral })).toMatchObject({ status: 200 });
    const minted = { referral, referralMinted: true };
    expect(await service.list('/api/SaasTrackings', secret)).toMatchObject([minted, minted, minted]);
  });

  test('stays as it was sent where it is another, two of them, a part of one, or a host', async () => {
    const service = await startService();
    const { secret } = await addListing(service, 'https://acme.example/');
    const [one, other] = await mintTwo(service, secret);
    const sent = [
      { referral: `${'a'.repeat(22)}/` },
      { referral: `${one}/${other}` },
      { referral: `${one}a/` },
      { referral: `-${one}/` },
      { referral: `${one.slice(1)}/` },
      { referral: `${one}/`, referralSource: 'referrer' },
    ];
    for (const [index, fields] of sent.entries()) {
      await service.post({ ...purchase, customerId: index, ...fields });
    }
    const rows = await service.list('/api/SaasTrackings', secret);
    expect(rows.map(({ referral }) => ({ referral }))).toEqual(
      sent.map(({ referral }) => ({ referral })).reverse(),
    );
  });

  test('is that referral in what is replayed, too', async () => {
    const service = await startService();
    const { secret } = await addListing(service, 'https://acme.example/');
    const [referral] = await mintTwo(service, secret);
    await service.store.changeProvider('pk_acme', { minimumLevel: 'origin' });
    service.time.now += 1_000;
    expect(await service.post({ ...purchase, referral: `${referral}/` })).toMatchObject({ status: 403 });
    await service.store.changeProvider('pk_acme', { minimumLevel: 'unsigned' });
    const [refused] = await service.store.listRejections({ limit: 1 });
    const createId = () => '01980000-0000-7000-8000-000000000001';
    const replay = createReplay({ store: service.store, createId });
    expect(refused && (await replay(refused))).toMatchObject({ result: 'created' });
    expect(await service.list('/api/SaasTrackings', secret)).toMatchObject([{ referral }]);
  });

  test('is looked for only where it is not one by itself', async () => {
    const looks: (readonly string[])[] = [];
    const service = await startService({
      wrapStore: (store) => ({
        ...store,
        findMintedReferrals: async (referrals) => {
          looks.push(referrals);
          return await store.findMintedReferrals(referrals);
        },
      }),
    });
    await addListing(service, 'https://acme.example/');
    const id = 'b'.repeat(22);
    for (const referral of [id, 'partner-7', 'news.example', '', `${id}x`])
      await service.post({ ...purchase, referral });
    expect(looks).toEqual([]);
    await service.post({ ...purchase, referral: `${id}/` });
    expect(looks).toEqual([[id]]);
  });
});

test('HEAD shows where the link leads and mints nothing', async () => {
  const service = await startService();
  const { secret } = await addListing(service, 'https://acme.example/');
  const { status, headers } = await service.send('/go/acme', { method: 'HEAD' });
  expect([status, headers.get('location')]).toEqual([302, 'https://acme.example/']);
  expect(await service.list('/api/clicks', secret)).toEqual([]);
});

test('an unknown listing is 404, as a page for people and as a problem for programs', async () => {
  const service = await startService();
  const page = await service.send('/go/nothing', { headers: { accept: 'text/html,*/*' } });
  expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  expect(await service.send('/go/nothing')).toMatchObject({ status: 404, body: { status: 404 } });
  const long = await service.send(`/go/${'n'.repeat(8_000)}`, { headers: { accept: 'text/html,*/*' } });
  expect([long.status, long.body]).toEqual([404, page.body]);
});

test('the buyer is sent on even where the click cannot be stored', async () => {
  const service = await startService({
    wrapStore: (store) => ({ ...store, write: () => Promise.reject(new StoreUnavailableError('disk full')) }),
  });
  await addListing(service, 'https://acme.example/');
  const { status, headers } = await service.send('/go/acme');
  expect(status).toBe(302);
  expect(headers.get('location')).toMatch(/onramp_ref=/);
  expect(service.logLines.join()).toContain('click lost');
});
