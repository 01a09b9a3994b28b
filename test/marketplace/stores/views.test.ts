// The pages that operators and providers both look at: purchases with their stories, rejections with their replay.
import { describe, expect } from 'vitest';
import { dayMs } from '../../../src/wire/fields.ts';
import { type Browser, signInOperator, signInProvider } from '../support/browser.ts';
import { parseCsv } from '../support/csv.ts';
import { bearer, fromAcme, purchase } from '../support/purchase.ts';
import { hourMs, type Provider, type Service, startMs } from '../support/service.ts';
import { test } from '../support/test.ts';

const order = { ...purchase, orderId: 'A-1', purchasedAt: startMs };
let operators = 0;

/** The page's text, without markup and with single blanks. */
async function read(browser: Browser, path: string): Promise<string> {
  const { status, text } = await browser.get(path);
  if (status !== 200) throw new Error(`${path}: ${status}`);
  return plain(text);
}

function plain(html: string): string {
  const main = html.replace(/^.*<main/s, '<main').replace(/<\/main>.*$/s, '');
  return main
    .replace(/<\/?(?:bdi|strong|code|span|time|a)\b[^>]*>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
}

const withOperator = test.extend('operator', ({ service }) => {
  return signInOperator(service, `ada ${++operators}`);
});

/** The id that a click on the provider's link gives its visitor. */
async function click(service: Service, provider: Provider): Promise<string> {
  await provider.addListing(provider.partnerKey);
  const { headers } = await service.send(`/go/${provider.partnerKey}?campaign=Tuesday`);
  return new URL(headers.get('location') ?? '').searchParams.get('onramp_ref') ?? '';
}

async function rowId(provider: Provider, query: string): Promise<string> {
  const [row] = await provider.rows(`?${query}`);
  return String(row?.id);
}

describe('the story of a purchase', () => {
  withOperator('tells everything that is known, in its order', async ({ acme, service, operator }) => {
    const referral = await click(service, acme);
    const came = { referral, referralSource: 'param', landedAt: startMs };
    await acme.post({ event: 'visit', ...came });
    service.time.now += 60_000;
    await acme.post({ ...purchase, event: 'signup', purchasedAt: service.time.now, ...came });
    service.time.now += 3 * dayMs;
    const bought = { ...order, purchasedAt: service.time.now };
    await acme.post({ ...bought, amount: '49,90 €', ...came }, fromAcme);
    service.time.now += 1_000;
    await acme.post({ ...bought, amount: '1049.90', currency: 'EUR' }, bearer(acme.secret));
    service.time.now += dayMs;
    const later = { customerId: 'cust-1', purchasedAt: service.time.now, amount: '20', currency: 'EUR' };
    await acme.post({ ...purchase, event: 'refund', orderId: 'A-1', ...later }, bearer(acme.secret));
    await acme.post({ ...purchase, event: 'renewal', orderId: 'R-1', ...later }, bearer(acme.secret));

    const text = await read(
      operator,
      `/console/purchases/${await rowId(acme, 'orderId=A-1&event=purchase')}`,
    );
    const parts = [
      'Purchase A-1',
      'Our link',
      `Attributed. The visitor came by the marketplace’s link ${acme.partnerKey}, campaign Tuesday, 3 days before.`,
      'A click on the marketplace’s link',
      'Visit reported by a page, or anybody',
      'Signed up',
      'Purchased',
      'Purchase reported by a page of the provider’s',
      'Left out: amount “49,90 €” could not be read.',
      'Purchase reported by the provider’s server',
      'It said: amount 1,049.90, currency EUR.',
    ];
    let from = 0;
    for (const part of parts) {
      const at = text.indexOf(part, from);
      expect(at, `"${part}" in ${text.slice(from)}`).toBeGreaterThanOrEqual(0);
      from = at;
    }
    for (const last of ['Refunded, in total', 'Renewed']) expect(text.indexOf(last, from)).toBeGreaterThan(0);
    expect(text).toContain('Server: The provider’s server sent it with the secret.');
  });

  withOperator.for<[string, object, 'page' | 'server', string]>([
    [
      'unknown',
      { referral: 'newsletter' },
      'page',
      'No link of the marketplace ever minted its referral newsletter.',
    ],
    [
      'host',
      { referral: 'market.example', referralSource: 'referrer', landedAt: startMs - dayMs },
      'page',
      'Attributed. The visitor came from a page of the marketplace, market.example, 1 day before',
    ],
    [
      'expired',
      { referral: 'market.example', referralSource: 'referrer', landedAt: startMs - 40 * dayMs },
      'page',
      'The visitor came too long ago, 40 days before; 30 days count.',
    ],
    ['server', {}, 'server', 'Only the provider’s server has reported it, without a referral'],
    ['none', {}, 'page', 'A page has reported it, and no copy has a referral.'],
  ])('says why: %s', async ([verdict, fields, by, why], { acme, operator }) => {
    await acme.post({ ...order, ...fields }, by === 'server' ? bearer(acme.secret) : fromAcme);
    expect(await read(operator, `/console/purchases/${await rowId(acme, `verdict=${verdict}`)}`)).toContain(
      why,
    );
  });

  withOperator('calls a test a test, as long as it is one', async ({ acme, service, operator }) => {
    const own = await signInProvider(service, acme);
    const { headers } = await own.post('/provider/test-referral', { site: 'acme.example' });
    const made = new URL(headers.get('location') ?? '', service.baseUrl);
    const referral = made.searchParams.get('referral') ?? '';
    const storyOf = async (orderId: string) => {
      await acme.post({ ...order, orderId, referral, referralSource: 'param' });
      return await read(operator, `/console/purchases/${await rowId(acme, `orderId=${orderId}`)}`);
    };
    const tested = await storyOf('T-1');
    expect(tested).toContain('A test. It came by a referral that the provider’s page made for tests.');
    expect(tested).toContain('A test referral was made');
    expect(tested).not.toMatch(/Attributed|Our link/);
    service.time.now += hourMs;
    expect(await storyOf('T-2')).toContain(
      'Not attributed. It came by a referral that the provider’s page made',
    );
  });

  withOperator(
    'names another provider’s link to the marketplace alone',
    async ({ acme, addProvider, service, operator }) => {
      const other = await addProvider();
      await acme.post({ ...order, referral: await click(service, other) });
      const id = await rowId(acme, 'verdict=foreign');
      const toOperator = await read(operator, `/console/purchases/${id}`);
      expect(toOperator).toContain(`${other.partnerKey}, campaign Tuesday, of ${other.partnerKey}`);
      const own = await signInProvider(service, acme);
      const toProvider = await read(own, `/provider/purchases/${id}`);
      expect(toProvider).toContain('minted by the marketplace’s link for another provider');
      expect(toProvider).not.toContain(other.partnerKey);
      expect(toProvider).not.toContain('Tuesday');
    },
  );

  withOperator('shows the other rows of an order that is disputed', async ({ acme, operator }) => {
    await acme.post({ ...order, customerId: 'one', amount: '1', currency: 'EUR' });
    await acme.post({ ...order, customerId: 'other', amount: '2', currency: 'EUR' });
    const text = await read(operator, `/console/purchases/${await rowId(acme, 'customerId=one')}`);
    expect(text).toContain('name different customers for order A-1');
    expect(text).toMatch(/The order’s other rows.*other 2 EUR unsigned/);
  });

  test('says that a test is one, and lists leave tests out on demand', async ({ acme, service }) => {
    const own = await signInProvider(service, acme);
    const { headers } = await own.post('/provider/test-referral', { site: 'https://acme.example/' });
    const referral = new URLSearchParams(headers.get('location')?.replace(/^.*\?|#.*$/g, '')).get('referral');
    await acme.post({ ...order, referral, test: true }, fromAcme);
    await acme.post({ ...order, orderId: 'A-2' });
    const [row] = await acme.rows('?test=true');
    expect(row).toMatchObject({ orderId: 'A-1', test: true });
    expect(await read(own, `/provider/purchases/${row?.id}`)).toContain('A test. It came by a referral');
    expect(await read(own, '/provider/purchases')).toMatch(/A-2.* Test A-1/);
    expect(await read(own, '/provider/purchases?test=false')).not.toContain('A-1');
    expect((await acme.rows('?test=false')).map(({ orderId }) => orderId)).toEqual(['A-2']);
  });

  withOperator('is told to nobody else', async ({ acme, addProvider, service, operator }) => {
    await acme.post(order);
    const id = await rowId(acme, 'orderId=A-1');
    const other = await signInProvider(service, await addProvider());
    expect((await other.get(`/provider/purchases/${id}`)).status).toBe(404);
    expect((await other.get(`/console/purchases/${id}`)).status).toBe(401);
    for (const none of [id.replace(/.$/, (end) => (end === '0' ? '1' : '0')), 'x']) {
      expect((await operator.get(`/console/purchases/${none}`)).status).toBe(404);
    }
  });
});

describe('the list of purchases', () => {
  withOperator('has the filters of the API, also as files', async ({ acme, operator }) => {
    await acme.post({ ...order, amount: '5', currency: 'EUR' }, bearer(acme.secret));
    await acme.post({ ...order, orderId: 'A-2' });
    await acme.post({ ...purchase, event: 'signup', customerId: 'trial' });
    const own = `partnerKey=${acme.partnerKey}`;
    expect(await read(operator, `/console/purchases?${own}`)).toMatch(/A-2 .*5 EUR Server only A-1/);
    expect(await read(operator, `/console/purchases?${own}`)).not.toContain('trial');
    expect(await read(operator, `/console/purchases?${own}&event=signup&from=&to=`)).toContain('trial');
    expect(await read(operator, `/console/purchases?${own}&trust=signed`)).not.toContain('A-2');
    const { text } = await operator.get(`/console/purchases.csv?${own}&trust=signed&zone=Asia/Tokyo`);
    expect(parseCsv(text).rows).toMatchObject([
      { orderId: 'A-1', purchasedAt: '2026-05-04T21:00:00.000+09:00' },
    ]);
    const { items } = JSON.parse((await operator.get(`/console/purchases.json?${own}`)).text);
    expect(items).toMatchObject([{ orderId: 'A-2' }, { orderId: 'A-1' }]);
  });

  withOperator('takes days by the reader’s zone, and pages on', async ({ acme, operator }) => {
    // In Tokyo it is the 5th from 15:00 UTC on.
    for (const [orderId, purchasedAt] of [
      ['late', '2026-05-04T15:00:00Z'],
      ['early', '2026-05-04T14:59:59Z'],
    ]) {
      await acme.post({ ...order, orderId, purchasedAt });
    }
    operator.cookies.set('zone', encodeURIComponent('Asia/Tokyo'));
    const path = `/console/purchases?partnerKey=${acme.partnerKey}`;
    const text = await read(operator, `${path}&from=2026-05-05`);
    expect(text).toContain('late');
    expect(text).not.toContain('early');
    const first = await operator.get(`${path}&limit=1`);
    const [, next = ''] = /rel="next" href="([^"]+)"/.exec(first.text) ?? [];
    const second = plain(
      (await operator.get(`/console/${next.replaceAll('&amp;', '&').replace(/^.*console\//, '')}`)).text,
    );
    expect(plain(first.text)).toContain('early');
    expect(second).toContain('late');
  });

  withOperator('says which filters are wrong', async ({ operator }) => {
    const { status, text } = await operator.get('/console/purchases?from=May&verdict=good');
    expect(status).toBe(400);
    expect(text).toMatch(/href="#from">from must be/);
    expect(text).toMatch(/href="#verdict">verdict must be/);
  });

  test('is a provider’s own', async ({ acme, addProvider, service }) => {
    const other = await addProvider();
    await acme.post({ ...order, orderId: 'mine' });
    await other.post({ ...order, orderId: 'theirs' });
    const browser = await signInProvider(service, acme, ['view']);
    const text = await read(browser, '/provider/purchases');
    expect(text).toContain('mine');
    expect(text).not.toContain('theirs');
    for (const end of ['', '.csv', '.json']) {
      expect((await browser.get(`/provider/purchases${end}?partnerKey=${other.partnerKey}`)).status).toBe(
        400,
      );
    }
    expect((await browser.get('/provider/purchases.csv')).text).not.toContain('theirs');
  });
});

withOperator('clicks lead to what came of them', async ({ acme, addProvider, operator, service }) => {
  const referral = await click(service, acme);
  await acme.post({ ...order, referral, landedAt: startMs });
  const own = await signInProvider(service, acme, ['view']);
  for (const [browser, area] of [
    [operator, 'console'],
    [own, 'provider'],
  ] as const) {
    const { text } = await browser.get(`/${area}/clicks`);
    expect(plain(text)).toMatch(/Tuesday/);
    const [, link = ''] = new RegExp(`href="([^"]+)"><code class="id"><bdi>${referral}`).exec(text) ?? [];
    const { pathname, search } = new URL(
      link.replaceAll('&amp;', '&'),
      `http://service.example/${area}/clicks`,
    );
    expect(await read(browser, pathname + search)).toContain('A-1');
  }
  const other = await signInProvider(service, await addProvider());
  expect(await read(other, '/provider/clicks')).toContain('No clicks here');
  expect((await other.get(`/provider/clicks.csv?partnerKey=${acme.partnerKey}`)).status).toBe(400);
});

describe('rejections', () => {
  withOperator('are told by reason, with what to change', async ({ acme, operator, service }) => {
    await acme.post({ ...order, customerId: 'undefined' });
    await acme.post({ ...order, customerId: 'undefined' });
    const own = await signInProvider(service, acme, ['view']);
    const text = await read(own, '/provider/rejections');
    expect(text).toMatch(/Fields are missing or wrong Correct the fields that are named.*? 2 4 May 2026/);
    expect(text).not.toContain('Replay');
    const [rejection] = await acme.rejections();
    const one = await read(operator, `/console/rejections/${rejection?.id}`);
    expect(one).toMatch(/Customer undefined customerId is "undefined": a template that was not filled in/);
    expect(one).toContain('It would be refused again');
    expect(one).toContain('2 times');
  });

  withOperator(
    'are replayed one by one, after a look at what that does',
    async ({ addProvider, operator, service }) => {
      const acme = await addProvider({ minimumLevel: 'origin' });
      await acme.post(order, { origin: 'https://elsewhere.example' });
      const [rejection] = await acme.rejections();
      const path = `/console/rejections/${rejection?.id}`;
      expect(await read(operator, path)).toContain('It would be refused again');
      await service.store.changeProvider(acme.partnerKey, { minimumLevel: 'unsigned' });
      expect(await read(operator, path)).toContain('It would be stored');
      expect(await acme.rows()).toEqual([]);
      const { status, headers } = await operator.post(`${path}/replay`);
      const [row] = await acme.rows();
      expect(row).toMatchObject({ orderId: 'A-1' });
      expect([status, headers.get('location')]).toEqual([303, `../../../console/purchases/${row?.id}`]);
      expect((await operator.get(path)).status).toBe(404);
    },
  );

  test('are replayed by reason, what was previewed and no more', async ({ addProvider, service }) => {
    const acme = await addProvider({ disabled: true });
    for (const orderId of ['1', '2', '2', '3']) await acme.post({ ...order, orderId });
    const own = await signInProvider(service, acme);
    const path = '/provider/rejections/replay';
    expect(await read(own, `${path}?reason=provider_disabled`)).toContain('Nothing is mended yet.');
    await service.store.changeProvider(acme.partnerKey, { disabled: false });
    service.time.now += 1_000;
    await acme.post({ ...order, orderId: '2' }, bearer(acme.secret));
    const { text } = await own.get(`${path}?reason=provider_disabled`);
    expect(plain(text)).toMatch(/Stored 2 On record already 1/);
    const fields = Object.fromEntries(
      [...text.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g)].map(([, name, value]) => [
        name,
        value,
      ]),
    );
    await service.store.changeProvider(acme.partnerKey, { disabled: true });
    service.time.now += 1_000;
    await acme.post({ ...order, orderId: '4' });
    await service.store.changeProvider(acme.partnerKey, { disabled: false });
    const { status, headers } = await own.post(path, fields);
    expect(status).toBe(303);
    const done = new URL(headers.get('location') ?? '', `${service.baseUrl}${path}`);
    expect(await read(own, done.pathname + done.search)).toContain(
      '2 messages: stored; 1 message: on record already.',
    );
    expect((await acme.rows()).map(({ orderId }) => orderId).sort()).toEqual(['1', '2', '3']);
    expect(await acme.rejections()).toMatchObject([{ orderId: '4' }]);
    const [audited] = await service.store.listAudit({ limit: 1 });
    expect(audited).toMatchObject({
      actor: { kind: 'provider', name: acme.partnerKey },
      action: 'replayed rejections',
      subject: acme.partnerKey,
      detail: 'provider_disabled: 2 messages: stored; 1 message: on record already',
    });
  });

  test('are neither seen nor replayed by another provider, nor without leave', async ({
    addProvider,
    service,
  }) => {
    const acme = await addProvider({ disabled: true });
    await acme.post(order);
    await service.store.changeProvider(acme.partnerKey, { disabled: false });
    const [rejection] = await acme.rejections();
    const path = `/provider/rejections/${rejection?.id}`;
    const other = await signInProvider(service, await addProvider());
    expect((await other.get(path)).status).toBe(404);
    expect((await other.post(`${path}/replay`)).status).toBe(404);
    const bulk = { reason: 'provider_disabled', partnerKey: acme.partnerKey, last: String(rejection?.id) };
    await other.post('/provider/rejections/replay', bulk);
    // Nor does it say so in the audit trail, or anything else it makes up.
    await other.post('/provider/rejections/replay', { ...bulk, reason: 'made up' });
    expect(await service.store.listAudit({ limit: 10, name: acme.partnerKey })).not.toContainEqual(
      expect.objectContaining({ action: 'replayed rejections' }),
    );
    const viewer = await signInProvider(service, acme, ['view']);
    expect(await read(viewer, path)).not.toContain('Replay');
    expect((await viewer.post(`${path}/replay`)).status).toBe(403);
    expect((await viewer.post('/provider/rejections/replay', bulk)).status).toBe(403);
    expect(await acme.rejections()).toHaveLength(1);
    // Another site's page may not send the form.
    const own = await signInProvider(service, acme);
    expect((await own.post(`${path}/replay`, {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(await acme.rows()).toEqual([]);
  });
});
