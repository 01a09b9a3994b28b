// The provider's page: who may see and do what there, and what a test referral does.
import { describe, expect } from 'vitest';
import { createBrowser, signInProvider } from '../support/browser.ts';
import { bearer, purchase } from '../support/purchase.ts';
import { hourMs } from '../support/service.ts';
import { test } from '../support/test.ts';

const paths = [
  '/provider',
  '/provider/setup.json',
  '/provider/reconciliation',
  '/provider/reconciliation/payments?event=purchase&from=2026-05-01&to=2026-06-01',
  '/provider/reconciliation/rejections',
  '/provider/keys',
  '/provider/figures',
  '/provider/figures.csv',
];

test.for(paths)('%s is for who has signed in', async (path, { service, acme }) => {
  expect((await createBrowser(service).get(path)).status).toBe(401);
  const { status, headers } = await (await signInProvider(service, acme)).get(path);
  expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
});

test('the page has the line with the provider’s own key, whatever its name', async ({ service, acme }) => {
  const name = '"><img src=x onerror=alert(1)>';
  await service.store.changeProvider(acme.partnerKey, { name });
  const browser = await signInProvider(service, acme);
  const { text } = await browser.get('/provider');
  expect(text).toContain(`data-partner-key=&quot;${acme.partnerKey}&quot;`);
  expect(text).toContain(`src=&quot;${service.baseUrl}/onramp.js&quot;`);
  expect(text).not.toContain('<img src=x');
});

describe('the lamps', () => {
  test('are lit by what has arrived, and tell why one is dark', async ({ service, acme, addProvider }) => {
    const browser = await signInProvider(service, acme);
    const setup = async () => JSON.parse((await browser.get('/provider/setup.json')).text);
    const lit = async () =>
      (await setup()).lamps.flatMap((lamp: { name: string; lit?: object }) => (lamp.lit ? [lamp.name] : []));

    await (await addProvider()).post(purchase);
    expect(await lit()).toEqual([]);
    await acme.post({ ...purchase, customerId: '' });
    expect((await setup()).causes[0].title).toContain('Fields are missing');
    service.time.now += hourMs + 1;
    expect((await setup()).causes[0].title).not.toContain('Fields are missing');

    const order = { ...purchase, orderId: 'A-1' };
    await acme.post(order, { origin: 'https://acme.example' });
    expect(await lit()).toEqual(['browser']);
    await acme.post({ ...order, orderId: 'a-1' }, { authorization: `Bearer ${acme.secret}` });
    expect(await lit()).toEqual(['browser', 'server']);
    await acme.post(order, { authorization: `Bearer ${acme.secret}` });
    expect(await lit()).toEqual(['browser', 'server', 'match']);
    await acme.post({ event: 'visit', referral: 'r', referralSource: 'param', landedAt: service.time.now });
    expect(await lit()).toEqual(['visit', 'browser', 'server', 'match']);
    const { lamps, causes } = await setup();
    expect(causes).toEqual([]);
    for (const { lit: evidence } of lamps) {
      expect((await browser.get(`/provider/purchases/${evidence.id}`)).status).toBe(200);
    }
  });
});

describe('a test referral', () => {
  test('marks what comes by it for an hour, of its provider alone', async ({
    service,
    acme,
    addProvider,
  }) => {
    const other = await addProvider();
    const browser = await signInProvider(service, acme);
    const { status, headers } = await browser.post('/provider/test-referral', {
      site: 'acme.example/pricing',
    });
    const location = new URL(headers.get('location') ?? '', service.baseUrl);
    const referral = location.searchParams.get('referral') ?? '';
    expect([status, location.pathname, location.hash]).toEqual([303, '/provider', '#test']);
    expect((await browser.get(location.pathname + location.search)).text).toContain(
      `https://acme.example/pricing?onramp_ref=${referral}`,
    );

    const elsewhere = `/provider?${new URLSearchParams({ site: 'https://evil.example/', referral: 'a'.repeat(22) })}`;
    expect((await browser.get(elsewhere)).text).not.toContain('evil.example');
    const foreignPage = await (await signInProvider(service, other)).get(location.pathname + location.search);
    expect(foreignPage.text).not.toContain(referral);

    const send = async (provider: typeof acme, orderId: string) => {
      await provider.post({ ...purchase, orderId, referral, referralSource: 'param' });
      return (await provider.rows(`?orderId=${orderId}`))[0];
    };
    expect(await send(acme, 'A-1')).toMatchObject({ test: true, verdict: 'listing' });
    const foreign = await send(other, 'A-1');
    expect(foreign).toMatchObject({ verdict: 'foreign' });
    expect(foreign).not.toHaveProperty('test');
    service.time.now += hourMs;
    const late = await send(acme, 'A-2');
    expect(late).not.toHaveProperty('test');
    // It counts as a purchase again, of which nobody says that it came of the marketplace.
    expect(late).toMatchObject({ verdict: 'expired' });
    const { items } = (await acme.page('/api/figures')).body;
    expect(items).toMatchObject([{ purchases: 1, attributed: 0, tests: 2 }]);
    expect((await browser.get(location.pathname + location.search)).text).toContain('has ended');
    expect(await acme.clicks()).toEqual([expect.objectContaining({ test: true, referral })]);

    const query = '?event=purchase&from=2026-01-01&to=2027-01-01';
    const { text } = await browser.get(`/provider/reconciliation/payments${query}`);
    const [second, first] = JSON.parse(text).items;
    expect([second.orderId, second.test, first.orderId, first.test]).toEqual(['A-2', undefined, 'A-1', true]);
  });

  test('uncounts no sale whose order somebody has guessed with it', async ({ acme, service }) => {
    const browser = await signInProvider(service, acme);
    const { headers } = await browser.post('/provider/test-referral', { site: 'acme.example' });
    const referral = new URL(headers.get('location') ?? '', service.baseUrl).searchParams.get('referral');
    const tested = service.time.now;
    for (const orderId of ['A-1', 'A-2']) {
      await acme.post({ ...purchase, orderId, purchasedAt: tested, referral, referralSource: 'param' });
    }
    service.time.now += 2 * hourMs;
    const own = bearer(acme.secret);
    await acme.post({ ...purchase, orderId: 'A-1', purchasedAt: service.time.now }, own);
    // What a server tells late of a test is still of it.
    await acme.post({ ...purchase, orderId: 'A-2', purchasedAt: tested }, own);
    expect((await acme.rows('?test=false')).map(({ orderId }) => orderId)).toEqual(['A-1']);
    const { items } = (await acme.page('/api/figures')).body;
    expect(items).toMatchObject([{ purchases: 1, attributed: 0, tests: 2 }]);
  });

  test('needs an address that a browser can open', async ({ service, acme }) => {
    const browser = await signInProvider(service, acme);
    for (const site of ['javascript:alert(1)', 'ftp://acme.example', ' ', 'https://']) {
      const { status, text } = await browser.post('/provider/test-referral', { site });
      if (site.trim() === '') expect(status).toBe(303);
      else expect([status, text]).toEqual([400, expect.stringContaining('Enter an address')]);
    }
    expect(await acme.clicks()).toHaveLength(1);
  });
});

describe('the figures', () => {
  test('are the provider’s own, and tests and other providers are in none', async ({
    service,
    acme,
    addProvider,
  }) => {
    const other = await addProvider();
    const browser = await signInProvider(service, acme);
    expect((await browser.get('/provider/figures')).text).toContain('Nothing was counted in this time');
    for (const [provider, count] of [
      [acme, 2],
      [other, 3],
    ] as const) {
      for (let number = 0; number < count; number++) {
        const order = { orderId: `F-${number}`, customerId: `c-${number}`, amount: '10', currency: 'EUR' };
        await provider.post({ ...purchase, ...order, purchasedAt: service.time.now });
      }
    }
    const read = async (query: string) =>
      JSON.parse((await browser.get(`/provider/figures.json?${query}`)).text).items;
    const span = 'from=2026-05-01&to=2026-06-01';
    const own = await read(span);
    expect(own).toMatchObject([{ purchases: 2, money: [{ currency: 'EUR', gross: '20' }] }]);
    const others = await browser.get(`/provider/figures.json?${span}&partnerKey=${other.partnerKey}`);
    expect(
      others.status === 400 || JSON.stringify(JSON.parse(others.text).items) === JSON.stringify(own),
    ).toBe(true);
    const page = await browser.get(`/provider/figures?partnerKey=${other.partnerKey}`);
    expect(page.text).not.toContain(other.partnerKey);
    expect(page.text).toContain('<td class="number">2</td>');
    expect(page.text).toContain('week by week');
  });
});

describe('the keys', () => {
  test('are replaced, the new one shown once, and ended', async ({ service, acme }) => {
    const browser = await signInProvider(service, acme);
    const { text } = await browser.get('/provider/keys');
    expect(text).toContain(`os_${acme.keyId}_`);
    expect(text).not.toContain(acme.secret);

    const rotated = await browser.post('/provider/keys/rotate', { newest: acme.keyId });
    const [secret = '', keyId = ''] = /os_([a-z0-9]{8})_[\w-]{43}/.exec(rotated.text) ?? [];
    expect(rotated.status).toBe(200);
    expect((await browser.post('/provider/keys/rotate', { newest: acme.keyId })).status).toBe(409);
    expect((await browser.get('/provider/keys')).text).not.toContain(secret);

    const works = async (tried: string) =>
      (await service.send('/api/clicks', { headers: { authorization: `Bearer ${tried}` } })).status;
    service.time.now += 1_000;
    expect([await works(secret), await works(acme.secret)]).toEqual([200, 200]);

    const ask = await browser.get(`/provider/keys/retire?key=${acme.keyId}`);
    expect(ask.text).toContain(`Retire os_${acme.keyId}_`);
    expect(await works(acme.secret)).toBe(200);
    await browser.post('/provider/keys/retire', { key: acme.keyId });
    service.time.now += 1_000;
    expect([await works(secret), await works(acme.secret)]).toEqual([200, 401]);
    await browser.post('/provider/keys/revoke', { key: acme.keyId });
    expect((await service.store.findProvider(acme.partnerKey))?.secrets.map((each) => each.keyId)).toEqual([
      keyId,
    ]);

    const actions = (await service.store.listAudit({ limit: 100 }))
      .filter(({ subject }) => subject === acme.partnerKey)
      .map(({ action }) => action);
    expect(actions).toEqual(
      expect.arrayContaining(['revoked a secret', 'retired a secret', 'made a new secret']),
    );
  });

  test('of another provider are out of reach, and change by no other site', async ({
    service,
    acme,
    addProvider,
  }) => {
    const other = await addProvider();
    const browser = await signInProvider(service, acme);
    expect((await browser.get(`/provider/keys/revoke?key=${other.keyId}`)).status).toBe(404);
    expect((await browser.post('/provider/keys/revoke', { key: other.keyId })).status).toBe(404);
    expect((await service.store.findProvider(other.partnerKey))?.secrets).toHaveLength(1);
  });
});

describe('the books', () => {
  test('have all of a time, page by page, and of no other provider', async ({
    service,
    acme,
    addProvider,
  }) => {
    const other = await addProvider();
    const browser = await signInProvider(service, acme);
    for (const [number, provider] of [acme, acme, other].entries()) {
      const order = { orderId: `B-${number}`, customerId: `c-${number}`, amount: '49.90', currency: 'EUR' };
      await provider.post({ ...purchase, ...order, purchasedAt: `2026-04-0${number + 1}T00:00:00Z` });
    }
    const read = async (query: string) =>
      JSON.parse((await browser.get(`/provider/reconciliation/payments?${query}`)).text).items;
    const all = await read('event=purchase&from=2026-04-01&to=2026-05-01');
    expect(all).toMatchObject([
      {
        orderId: 'B-1',
        customerId: 'c-1',
        amount: '49.90',
        currency: 'EUR',
        purchasedAt: '2026-04-02T00:00:00.000Z',
      },
      { orderId: 'B-0' },
    ]);
    expect(await read('event=purchase&from=2026-04-01&to=2026-04-02')).toMatchObject([{ orderId: 'B-0' }]);
    expect(await read('event=renewal&from=2026-04-01&to=2026-05-01')).toEqual([]);
    const second = await read(`event=purchase&from=2026-04-01&to=2026-05-01&cursor=${all[0].id}`);
    expect(second).toMatchObject([{ orderId: 'B-0' }]);
    expect((await browser.get('/provider/reconciliation/payments?event=visit&from=1&to=2')).status).toBe(400);
  });
});
