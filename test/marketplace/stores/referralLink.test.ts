import { describe, expect } from 'vitest';
import { defaultLimits } from '../../../src/marketplace/limits/limits.ts';
import { StoreUnavailableError } from '../../../src/marketplace/store/errors.ts';
import { createReplay } from '../../../src/marketplace/tracking/replay.ts';
import { purchase } from '../support/purchase.ts';
import { type Provider, type Service, startService } from '../support/service.ts';
import { test } from '../support/test.ts';

/** Adds the provider's link and follows it so often; resolves to the referrals that it minted, the newest first. */
async function follow(service: Service, acme: Provider, times: number): Promise<string[]> {
  await acme.addListing(acme.partnerKey);
  for (let time = 0; time < times; time++) await service.send(`/go/${acme.partnerKey}`);
  return (await acme.clicks()).map(({ referral }) => String(referral));
}

test.for<[string, string]>([
  ['https://acme.example/', 'https://acme.example/?onramp_ref=ID'],
  ['https://acme.example/a?b=c%20d&e=#top', 'https://acme.example/a?b=c%20d&e=&onramp_ref=ID#top'],
  ['https://acme.example/?onramp_ref=old&x=1', 'https://acme.example/?x=1&onramp_ref=ID'],
])('a link to %s leads there with a referral', async ([landingUrl, expected], { acme, service }) => {
  await acme.addListing(acme.partnerKey, landingUrl);
  const { status, headers } = await service.send(`/go/${acme.partnerKey}`);
  expect(status).toBe(302);
  expect(headers.get('location')?.replace(/(?<=onramp_ref=)[\w-]{36}(?=#|$)/, 'ID')).toBe(expected);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('referrer-policy')).toBe('origin');
});

test('each click has a referral of its own, and a row says that it was minted here', async ({
  acme,
  service,
}) => {
  const minted = await follow(service, acme, 2);
  expect(new Set(minted).size).toBe(2);
  const listing = acme.partnerKey;
  expect(await acme.clicks()).toMatchObject([{ listing }, { listing }]);

  await acme.post({ ...purchase, referral: minted[0] });
  await acme.post({ ...purchase, customerId: 'cust-2', referral: 'made-up' });
  expect(await acme.rows()).toMatchObject([
    { customerId: 'cust-2', referralMinted: false },
    { customerId: 'cust-1', referralMinted: true },
  ]);
});

test('a row says by which listing and campaign its referral was minted', async ({
  acme,
  addProvider,
  service,
}) => {
  const other = await addProvider();
  const referrals: string[] = [];
  for (const [provider, query] of [
    [acme, '?campaign=tuesday'],
    [acme, ''],
    [other, '?campaign=friday'],
  ] as const) {
    await provider.addListing(provider.partnerKey);
    await service.send(`/go/${provider.partnerKey}${query}`);
    referrals.push(String((await provider.clicks())[0]?.referral));
  }
  const listing = acme.partnerKey;
  for (const [index, referral] of referrals.entries()) {
    await acme.post({ ...purchase, customerId: index, referral });
  }
  const [foreign, plain, tuesday] = await acme.rows();
  expect(tuesday).toMatchObject({ referralMinted: true, listing, campaign: 'tuesday' });
  expect(plain).toMatchObject({ referralMinted: true, listing });
  expect(plain).not.toHaveProperty('campaign');
  expect(foreign).toMatchObject({ referralMinted: false });
  expect(foreign).not.toHaveProperty('listing');
});

describe('a referral that a link minted and something else was put around', () => {
  test.for([
    'ID/',
    'ID?utm_source=mail&utm_campaign=tuesday',
    'x=1&amp;onramp_ref=ID',
    '<https://acme.example/?onramp_ref=ID>',
    `ID.${'a'.repeat(22)}`,
    'ID ID',
    'ID&amp;utm_source=mail',
    'ID#top',
    '"ID"',
    'x%3D1%26onramp_ref%3DID%26utm_source%3Dmail',
    'https%3A%2F%2Facme.example%2F%3Fonramp_ref%3DID',
  ])('%s is that referral', async (dirty, { acme, service }) => {
    const [referral = ''] = await follow(service, acme, 2);
    const sent = { referral: dirty.replaceAll('ID', referral), landedAt: 1_777_000_000_000 };
    await acme.post({ ...purchase, ...sent, referralSource: 'param' });
    await acme.post({ ...purchase, ...sent, event: 'signup' });
    const visit = { event: 'visit', referralSource: 'param', landedAt: sent.landedAt };
    await acme.post({ ...visit, ...sent });
    expect(await acme.post({ ...visit, referral })).toMatchObject({ status: 200 });
    const minted = { referral, referralMinted: true };
    expect(await acme.rows()).toMatchObject([minted, minted, minted]);
  });

  test('stays as it was sent where it is another, two of them, a part of one, or a host', async ({
    acme,
    service,
  }) => {
    const [one = '', other = ''] = await follow(service, acme, 2);
    const sent = [
      { referral: `${'a'.repeat(22)}/` },
      { referral: `${'a'.repeat(36)}/` },
      { referral: `${one}/${other}` },
      { referral: `${one}a/` },
      { referral: `-${one}/` },
      { referral: `${one.slice(1)}/` },
      { referral: `${one}/`, referralSource: 'referrer' },
    ];
    for (const [index, fields] of sent.entries()) {
      await acme.post({ ...purchase, customerId: index, ...fields });
    }
    const rows = await acme.rows();
    expect(rows.map(({ referral }) => ({ referral }))).toEqual(
      sent.map(({ referral }) => ({ referral })).reverse(),
    );
  });

  test('is that referral in what is replayed, too', async ({ acme, service }) => {
    const { partnerKey } = acme;
    const [referral] = await follow(service, acme, 1);
    await service.store.changeProvider(partnerKey, { minimumLevel: 'origin' });
    service.time.now += 1_000;
    expect(await acme.post({ ...purchase, referral: `${referral}/` })).toMatchObject({ status: 403 });
    await service.store.changeProvider(partnerKey, { minimumLevel: 'unsigned' });
    const [refused] = await service.store.listRejections({ limit: 1, partnerKey });
    const createId = () => '01980000-0000-7000-8000-000000000001';
    const replay = createReplay({ store: service.store, createId, clock: () => service.time.now });
    expect(refused && (await replay(refused))).toMatchObject({ result: 'created' });
    expect(await acme.rows()).toMatchObject([{ referral }]);
  });

  test('is looked for only where it may be one of old, and not by itself', async () => {
    const looks: (readonly string[])[] = [];
    const service = await startService({
      wrapStore: (store) => ({
        ...store,
        findClicked: async (referrals, providerId) => {
          looks.push(referrals);
          return await store.findClicked(referrals, providerId);
        },
      }),
    });
    const [referral] = await follow(service, await service.addProvider(), 1);
    const id = 'b'.repeat(22);
    for (const sent of [`${referral}`, `${referral}/`, id, 'partner-7', 'news.example', '', `${id}x/`])
      await service.post({ ...purchase, referral: sent });
    expect(looks).toEqual([]);
    await service.post({ ...purchase, referral: `${id}/` });
    expect(looks).toEqual([[id]]);
  });
});

describe('what else the link’s query has', () => {
  test.for<[string, string, string]>([
    [
      '?utm_source=mail&utm_campaign=a%20b',
      'https://acme.example/',
      '?utm_source=mail&utm_campaign=a%20b&onramp_ref=ID',
    ],
    ['?x=1&x=2&flag', 'https://acme.example/a?plan=pro#top', '?plan=pro&x=1&x=2&flag&onramp_ref=ID'],
    ['?plan=free&%70lan=free&x=1', 'https://acme.example/?plan=pro', '?plan=pro&x=1&onramp_ref=ID'],
    ['?onramp_ref=forged&onramp%5Fref=forged&x=1', 'https://acme.example/', '?x=1&onramp_ref=ID'],
    [
      '?campaign=tuesday&x=%0d%0aset-cookie:%20a',
      'https://acme.example/',
      '?x=%0d%0aset-cookie:%20a&onramp_ref=ID',
    ],
    ['?&&=&', 'https://acme.example/', '?=&onramp_ref=ID'],
    // The pixel mends mangled links, and takes the first referral that it finds.
    ['?x=1?onramp_ref=forged&y=2', 'https://acme.example/', '?y=2&onramp_ref=ID'],
    ['?x=1&amp;onramp%5Fref=forged', 'https://acme.example/', '?x=1&onramp_ref=ID'],
    ['?x=1&amp;y=2&u=https://a/?b=c', 'https://acme.example/', '?x=1&amp;y=2&u=https://a/?b=c&onramp_ref=ID'],
  ])('%s, goes along to %s', async ([query, landingUrl, expected], { acme, service }) => {
    await acme.addListing(acme.partnerKey, landingUrl);
    const { headers } = await service.send(`/go/${acme.partnerKey}${query}`);
    const location = new URL(headers.get('location') ?? '');
    expect(location.search.replace(/(?<=onramp_ref=)[\w-]{36}$/, 'ID')).toBe(expected);
    expect(location.hash).toBe(new URL(landingUrl).hash);
    const head = await service.send(`/go/${acme.partnerKey}${query}`, { method: 'HEAD' });
    expect(new URL(head.headers.get('location') ?? '').search).toBe(
      expected.replace(/[?&]onramp_ref=ID$/, ''),
    );
  });

  test.for<[string, string | undefined]>([
    ['tuesday', 'tuesday'],
    ['%20tuesday%0A', 'tuesday'],
    [`${'ü'.repeat(99)}ab`, `${'ü'.repeat(99)}a`],
    ['Jose%CC%81', 'José'],
    ['a%00b', 'a\uFFFDb'],
    ['', undefined],
    ['%20', undefined],
    ['caf%E9', undefined],
    ['a&campaign=b', 'a'],
  ])('has ?campaign=%s, which is kept with the click', async ([sent, campaign], { acme, service }) => {
    await acme.addListing(acme.partnerKey);
    const { headers } = await service.send(`/go/${acme.partnerKey}?campaign=${sent}`);
    expect(headers.get('location')).not.toContain('campaign');
    const [click] = await acme.clicks();
    expect(click?.campaign).toBe(campaign);
  });
});

test('HEAD shows where the link leads and mints nothing', async ({ acme, service }) => {
  await acme.addListing(acme.partnerKey);
  const { status, headers } = await service.send(`/go/${acme.partnerKey}`, { method: 'HEAD' });
  expect([status, headers.get('location')]).toEqual([302, 'https://acme.example/']);
  expect(await acme.clicks()).toEqual([]);
});

describe('an unknown listing', () => {
  const people = { headers: { accept: 'text/html,*/*' } };

  test('is 404, as a page for people and as a problem for programs', async ({ service }) => {
    const page = await service.send('/go/nothing', people);
    expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await service.send('/go/nothing')).toMatchObject({ status: 404, body: { status: 404 } });
    expect(await service.send('/go/nothing', { method: 'HEAD' })).toMatchObject({ status: 404 });
    const long = await service.send(`/go/${'n'.repeat(8_000)}`, people);
    expect([long.status, long.body]).toEqual([404, page.body]);
  });

  test('is limited by address, whereas buyers go on', async () => {
    const limits = { ...defaultLimits, perAddress: 2 };
    const service = await startService({ limits, trustedProxies: 1 });
    const acme = await service.addProvider();
    await acme.addListing('acme');
    const from = { 'x-forwarded-for': '203.0.113.7' };
    const go = async (listing: string, method: string) => {
      const { status, headers } = await service.send(`/go/${listing}`, { method, headers: from });
      return [status, headers.get('retry-after')];
    };
    expect([await go('nothing', 'GET'), await go('nothing', 'HEAD')]).toEqual([
      [404, null],
      [404, null],
    ]);
    expect([await go('nothing', 'GET'), await go('nothing', 'HEAD')]).toEqual([
      [429, '30'],
      [429, '30'],
    ]);
    expect(await go('acme', 'GET')).toEqual([302, null]);
    expect(await acme.clicks()).toEqual([]);
  });
});

test('the buyer is sent on even where the click cannot be stored', async () => {
  const service = await startService({
    wrapStore: (store) => ({ ...store, write: () => Promise.reject(new StoreUnavailableError('disk full')) }),
  });
  await (await service.addProvider()).addListing('acme');
  const { status, headers } = await service.send('/go/acme');
  expect(status).toBe(302);
  expect(headers.get('location')).toMatch(/onramp_ref=/);
  expect(service.logLines.join()).toContain('click lost');
});
