import { describe, expect, test } from 'vitest';
import { createBudget } from '../../src/marketplace/limits/budget.ts';
import { addressGroup, defaultLimits } from '../../src/marketplace/limits/limits.ts';
import { buyer, openForm, postForm, tokenIn } from './support/ordering.ts';
import { bearer, fromAcme, purchase, signed } from './support/purchase.ts';
import { type Answer, type Service, startMs, startService } from './support/service.ts';

const noLimits = { perAddress: 0, perKey: 0, perProvider: 0, orders: 0 };
const from = (address: string) => ({ 'x-forwarded-for': address });

function expectLimited(answer: Pick<Answer, 'status' | 'headers'>, seconds: number): void {
  expect(answer.status).toBe(429);
  expect(answer.headers.get('retry-after')).toBe(String(seconds));
}

describe('a budget', () => {
  test('allows a minute of it at once, comes back step by step, and says when', () => {
    let now = startMs;
    const budget = createBudget(4, () => now);
    expect([1, 2, 3, 4].map(() => budget.take('a'))).toEqual([0, 0, 0, 0]);
    expect(budget.take('a')).toBe(15);
    expect(budget.take('b')).toBe(0);
    now += 14_000;
    expect(budget.take('a')).toBe(1);
    now += 1_000;
    expect([budget.take('a'), budget.take('a')]).toEqual([0, 15]);
    now += 60_000;
    expect([1, 2, 3, 4, 5].map(() => budget.take('a'))).toEqual([0, 0, 0, 0, 15]);
  });

  test('gives all of it at once, whatever the number, and no more', () => {
    const wrong = Array.from({ length: 2_000 }, (_, index) => index + 1).filter((perMinute) => {
      const budget = createBudget(perMinute, () => startMs);
      const waits = Array.from({ length: perMinute + 1 }, () => budget.take('acme'));
      return waits.filter((wait) => wait === 0).length !== perMinute;
    });
    expect(wrong).toEqual([]);
  });

  test('is whole again a minute after the clock was set back, not later', () => {
    let now = startMs;
    const budget = createBudget(2, () => now);
    budget.take('a');
    now -= 3_600_000;
    expect(budget.take('a')).toBe(30);
    now += 60_000;
    expect([budget.take('a'), budget.take('a')]).toEqual([0, 0]);
  });

  test('stays bounded under names without end, and does not forget who came last', () => {
    const budget = createBudget(1, () => startMs);
    for (let name = 0; name <= 100_000; name++) budget.take(String(name));
    expect(budget.take('100000')).toBeGreaterThan(0);
    expect(budget.take('0')).toBe(0);
  });
});

test.each<[string, string | undefined]>([
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:4711', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
  ['[2001:db8:1:2::9]:4711', '2001:db8:1:2::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['127.0.0.1', undefined],
  ['::1', undefined],
  ['::ffff:127.0.0.1', undefined],
  ['unknown', 'unknown'],
  ['_hidden', 'unknown'],
  ['', 'unknown'],
])('the address %j shares the budget of %j', (address, group) => {
  expect(addressGroup(address)).toBe(group);
});

describe('by address', () => {
  const limits = { ...noLimits, perAddress: 2 };

  test('who sends too much is told when to come back, and others are not', async () => {
    const service = await startService({ limits, trustedProxies: 1 });
    await service.addProvider();
    const post = (orderId: string, address: string) => service.post({ ...purchase, orderId }, from(address));
    expect(await post('1', '203.0.113.7')).toMatchObject({ status: 201 });
    expect(await post('2', '203.0.113.7')).toMatchObject({ status: 201 });
    const limited = await post('3', '203.0.113.7');
    expectLimited(limited, 30);
    expect(limited.headers.get('content-type')).toBe('application/problem+json');
    expect(limited.headers.get('access-control-allow-origin')).toBe('*');
    expect(limited.body).toMatchObject({
      type: 'urn:onramp:problem:rate_limited',
      status: 429,
      requestId: expect.any(String),
    });
    expect(await post('4', '203.0.113.8')).toMatchObject({ status: 201 });
    service.time.now += 30_000;
    expect(await post('3', '203.0.113.7')).toMatchObject({ status: 201 });
  });

  test('the picture is none, so that the pixel tries again', async () => {
    const service = await startService({ limits, trustedProxies: 1 });
    await service.addProvider();
    const picture = () => service.picture(purchase, from('203.0.113.7'));
    await picture();
    await picture();
    const limited = await picture();
    expectLimited(limited, 30);
    expect(limited.length).toBe(0);
  });

  test('an IPv6 network is one sender', async () => {
    const service = await startService({ limits, trustedProxies: 1 });
    await service.addProvider();
    const post = (address: string) => service.post(purchase, from(address));
    await post('2001:db8::1');
    await post('2001:db8::2');
    expectLimited(await post('2001:db8::3'), 30);
    expect(await post('2001:db8:0:1::1')).toMatchObject({ status: 200 });
  });

  test.each<[number, string, number]>([
    // Nobody is trusted: the header is the client's own word, and the connection is this machine's.
    [0, '203.0.113.7', 200],
    // What the client wrote stands before what the proxy added.
    [1, `198.51.100.1, 203.0.113.7`, 429],
    [1, `203.0.113.7, 198.51.100.1`, 200],
    [2, `203.0.113.7, 198.51.100.1`, 429],
    [2, `198.51.100.2, 203.0.113.7, 198.51.100.1`, 429],
  ])(
    'with %i trusted proxies, "%s" is answered %i once 203.0.113.7 has used its budget up',
    async (trustedProxies, forwarded, status) => {
      const service = await startService({ limits, trustedProxies });
      await service.addProvider();
      const last = trustedProxies === 2 ? '203.0.113.7, 198.51.100.1' : '203.0.113.7';
      await service.post(purchase, from(last));
      await service.post(purchase, from(last));
      expect(await service.post(purchase, from(forwarded))).toMatchObject({ status });
    },
  );

  test('a buyer on a link is sent on all the same, and not remembered', async () => {
    const service = await startService({ limits, trustedProxies: 1 });
    const { secret } = await service.addProvider();
    const provider = await service.store.findProvider('pk_acme');
    await service.store.putListing({
      name: 'acme',
      providerId: provider?.id ?? 0,
      landingUrl: 'https://acme.example/',
    });
    for (let click = 0; click < 3; click++) {
      expect(await service.send('/go/acme', { headers: from('203.0.113.7') })).toMatchObject({ status: 302 });
    }
    expect(await service.list('/api/clicks', secret)).toHaveLength(2);
  });

  test('who orders is told so by a page', async () => {
    const service = await startService({ limits, trustedProxies: 1 });
    const open = () => service.send('/order/acme', { headers: from('203.0.113.7') });
    expect(await open()).toMatchObject({ status: 404 });
    expect(await open()).toMatchObject({ status: 404 });
    const limited = await open();
    expectLimited(limited, 30);
    expect(limited.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(limited.body.text).toContain('Nothing was ordered');
  });

  test('whether the service is well may be asked at any time, and the script is always there', async () => {
    const service = await startService({ limits, trustedProxies: 1 });
    for (const path of ['/livez', '/readyz', '/onramp.js']) {
      for (let time = 0; time < 4; time++) {
        expect(await service.send(path, { headers: from('203.0.113.7') })).toMatchObject({ status: 200 });
      }
    }
  });
});

describe('by key', () => {
  test('a public key cannot starve its provider, nor other providers', async () => {
    const service = await startService({ limits: { ...noLimits, perKey: 2, perProvider: 3 } });
    const keys = await service.addProvider();
    await service.addProvider({ partnerKey: 'pk_other' });
    const order = (orderId: string) => ({ ...purchase, orderId });
    expect(await service.post(order('1'))).toMatchObject({ status: 201 });
    // What proves its origin is still what anybody's program can send; what is refused takes from the budget too.
    expect(await service.post({ ...order('2'), customerId: '' }, fromAcme)).toMatchObject({ status: 400 });
    expectLimited(await service.post(order('3')), 30);
    expectLimited(await service.post({ ...order('3'), customerId: '' }), 30);
    expectLimited(await service.post(order('3'), fromAcme), 30);
    expectLimited(await service.post({ ...order('3'), sig: `${keys.keyId}.1.forged` }), 30);

    expect(await service.post(order('3'), bearer(keys.secret))).toMatchObject({ status: 201 });
    expect(await service.post(signed(order('4'), keys, startMs))).toMatchObject({ status: 201 });
    const report = { providerkey: keys.secret, coid: '1', sku: 's', expired: 'false' };
    const update = () =>
      service.send('/update-subscription/', { method: 'POST', body: JSON.stringify(report) });
    expect(await update()).toMatchObject({ status: 201 });
    expectLimited(await update(), 20);
    expectLimited(await service.post(order('5'), bearer(keys.secret)), 20);
    expect(await service.post({ ...purchase, partnerKey: 'pk_other' })).toMatchObject({ status: 201 });

    service.time.now += 30_000;
    expect(await service.post(order('5'))).toMatchObject({ status: 201 });
    const purchases = await service.list('/api/SaasTrackings', keys.secret);
    expect(purchases.map(({ orderId }) => orderId).sort()).toEqual(['1', '3', '4', '5']);
  });

  test('what is sent away is not kept as a rejection', async () => {
    const service = await startService({ limits: { ...noLimits, perKey: 1 } });
    const { secret } = await service.addProvider();
    await service.post(purchase);
    expectLimited(await service.post({ ...purchase, customerId: '' }), 60);
    expect(await service.list('/api/rejections', secret)).toEqual([]);
  });

  test('keys that nobody has share one budget', async () => {
    const service = await startService({ limits: { ...noLimits, perKey: 1 } });
    expect(await service.post({ ...purchase, partnerKey: 'pk_1' })).toMatchObject({ status: 403 });
    expectLimited(await service.post({ ...purchase, partnerKey: 'pk_2' }), 60);
  });
});

describe('orders', () => {
  const limits = { perAddress: 0, perKey: 2, perProvider: 0, orders: 20 };
  const orderAt = async (service: Service, path: string, address: string) => {
    const headers = { ...from(address), 'content-type': 'application/x-www-form-urlencoded' };
    const form = await service.send(path, { headers: from(address) });
    const order = tokenIn(String(form.body.text));
    return await service.send(path, {
      method: 'POST',
      headers,
      body: String(new URLSearchParams({ order, ...buyer })),
    });
  };

  test('have a budget by provider, and a tenth of it by address', async () => {
    const service = await startService({ limits, trustedProxies: 1 });
    for (const name of ['acme', 'other']) {
      await service.addProvider({ partnerKey: `pk_${name}` });
      await openForm(service.store, `pk_${name}`, { path: name, url: 'http://127.0.0.1:9/' });
    }
    const statuses = async (path: string, addresses: readonly string[]) => {
      const answers = await Promise.all(addresses.map((address) => orderAt(service, path, address)));
      return answers.map(({ status }) => status).sort();
    };
    expect(await statuses('/order/acme', Array(3).fill('203.0.113.1'))).toEqual([303, 303, 429]);
    const others = Array.from({ length: 20 }, (_, index) => `203.0.113.${2 + (index % 10)}`);
    expect(await statuses('/order/acme', others)).toEqual([...Array(18).fill(303), 429, 429]);
    const limited = await orderAt(service, '/order/acme', '203.0.113.99');
    expectLimited(limited, 3);
    expect(limited.body.text).toContain('Nothing was ordered');
    expect(await statuses('/order/other', ['203.0.113.99'])).toEqual([303]);
    service.time.now += 3_000;
    expect(await statuses('/order/acme', ['203.0.113.98'])).toEqual([303]);
    // What has no order left still takes purchases, and the other way round.
    expect(await service.post(purchase)).toMatchObject({ status: 201 });
    expect(await service.post(purchase)).toMatchObject({ status: 200 });
    expectLimited(await service.post(purchase), 30);
    service.time.now += 3_000;
    expect(await statuses('/order/acme', ['203.0.113.97'])).toEqual([303]);
  });

  test('that were sent before take nothing from it', async () => {
    const service = await startService({ limits: { ...limits, orders: 1 } });
    await service.addProvider();
    await openForm(service.store, 'pk_acme', { path: 'acme', url: 'http://127.0.0.1:9/' });
    const order = 'A'.repeat(22);
    const send = (token: string) => postForm(service.baseUrl, '/order/acme', { order: token, ...buyer });
    expect(await send(order)).toMatchObject({ status: 303 });
    expect(await send(order)).toMatchObject({ status: 303 });
    expect(await send('B'.repeat(22))).toMatchObject({ status: 429 });
  });
});

test('a proxy that nobody told the service of is warned of once, without what it said', async () => {
  const service = await startService();
  await service.send('/livez');
  for (let time = 0; time < 3; time++) await service.send('/livez', { headers: from('203.0.113.7') });
  const lines = service.logLines.filter((line) => line.includes('--trusted-proxies'));
  expect(lines).toHaveLength(1);
  expect(service.logLines.join('')).not.toContain('203.0.113.7');
});

test('by default, limits are out of the way of anybody honest', async () => {
  const service = await startService({ trustedProxies: 1 });
  const { secret } = await service.addProvider();
  const answers = await Promise.all(
    Array.from({ length: 500 }, (_, order) =>
      service.post({ ...purchase, orderId: String(order) }, from('203.0.113.7')),
    ),
  );
  expect(answers.filter(({ status }) => status !== 201)).toEqual([]);
  expect(await service.list('/api/SaasTrackings?limit=1000', secret)).toHaveLength(500);
  const { orders, ...ofMessages } = defaultLimits;
  expect(Math.min(...Object.values(ofMessages))).toBeGreaterThanOrEqual(6_000);
  expect(orders).toBeGreaterThanOrEqual(600);
});
