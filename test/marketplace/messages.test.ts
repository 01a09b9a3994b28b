import { describe, expect, test } from 'vitest';
import { createSecret } from '../../src/marketplace/providers/secret.ts';
import { bearer, fromAcme, purchase, signed } from './support/purchase.ts';
import { hourMs, startMs, startService } from './support/service.ts';

test('the client of 2017 works as it is', async () => {
  const service = await startService();
  const { secret } = await service.addProvider();
  const [partnerKey, serviceName, customerId, purchasedAt] = ['pk_acme', 'Acme CRM', '4711', '2017-03-01'];
  // The request library's `json: true`: body as JSON, and JSON wanted back.
  const body = JSON.stringify({ partnerKey, serviceName, customerId, purchasedAt });
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  const send = () => service.send('/api/SaasTrackings', { method: 'POST', headers, body });
  expect(await send()).toMatchObject({ status: 201 });
  expect(await send()).toMatchObject({ status: 200 });
  expect(await service.list('/api/SaasTrackings', secret)).toMatchObject([
    { partnerKey, serviceName, customerId, purchasedAt: '2017-03-01T00:00:00.000Z', trust: 'unsigned' },
  ]);
});

const form = 'application/x-www-form-urlencoded';

describe('ways to write the same purchase', () => {
  const encoded = new URLSearchParams(purchase).toString();
  test.each([
    ['JSON', JSON.stringify(purchase), 'application/json'],
    ['JSON as text, as old beacons send it', JSON.stringify(purchase), 'text/plain;charset=UTF-8'],
    ['JSON that calls itself a form', ` \n${JSON.stringify(purchase)}`, form],
    ['JSON of a type that is none', JSON.stringify(purchase), 'garbage'],
    ['a form', encoded, form],
    ['a form with a charset', encoded, 'Application/X-WWW-Form-Urlencoded; charset=UTF-8'],
    ['a form with a field twice: the first counts', `${encoded}&customerId=other`, form],
    [
      'unknown fields',
      JSON.stringify({ ...purchase, colour: 'red', event: null, orderId: '' }),
      'application/json',
    ],
  ])('%s', async (_name, body, contentType) => {
    const service = await startService();
    await service.addProvider();
    await service.post(purchase);
    expect(await service.postRaw(body, contentType)).toMatchObject({
      status: 200,
      body: { status: 'duplicate' },
    });
  });

  test('a customer by number is the customer by text', async () => {
    const service = await startService();
    await service.addProvider();
    await service.post({ ...purchase, customerId: 42 });
    expect(await service.post({ ...purchase, customerId: '42' })).toMatchObject({ status: 200 });
  });

  test('customers whose numbers no double can tell apart stay two', async () => {
    const service = await startService();
    await service.addProvider();
    const withCustomer = (digits: string) =>
      JSON.stringify({ ...purchase, customerId: 0 }).replace('":0', `":${digits}`);
    await service.postRaw(withCustomer('12345678901234567890'));
    expect(await service.postRaw(withCustomer('12345678901234567891'))).toMatchObject({ status: 201 });
  });

  test('a lone surrogate is the U+FFFD that a form makes of it, and NUL too', async () => {
    const service = await startService();
    const { secret } = await service.addProvider();
    await service.post({ ...purchase, customerId: 'a\ud800b\0' });
    expect(
      await service.postRaw(new URLSearchParams({ ...purchase, customerId: 'a\ufffdb\ufffd' }), form),
    ).toMatchObject({ status: 200 });
    expect(await service.list('/api/SaasTrackings', secret)).toMatchObject([
      { customerId: 'a\ufffdb\ufffd' },
    ]);
  });

  test('limits count code points', async () => {
    const service = await startService();
    await service.addProvider();
    expect(await service.post({ ...purchase, customerId: '😀'.repeat(200) })).toMatchObject({ status: 201 });
    expect(await service.post({ ...purchase, customerId: '😀'.repeat(201) })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/customerId', code: 'too_long' }] },
    });
  });
});

describe('the blanks and line ends around a text, as templates leave them,', () => {
  const bare = { ...purchase, customerId: '42', orderId: 'A-1', amount: '5', currency: 'EUR' };
  const padded = Object.fromEntries(
    Object.entries({ ...bare, event: 'purchase' }).map(([name, value]) => [name, `\n \u00a0${value}\t\r\n`]),
  );

  test('do not count, in JSON, a form and a picture', async () => {
    const service = await startService();
    const { secret } = await service.addProvider();
    expect(await service.post(padded)).toMatchObject({ status: 201, body: { status: 'created' } });
    expect(await service.list('/api/SaasTrackings?customerId=%2042', secret)).toMatchObject([bare]);
    expect(await service.post(bare)).toMatchObject({ status: 200 });
    expect(await service.postRaw(new URLSearchParams(padded), form)).toMatchObject({ status: 200 });
    expect((await service.picture(padded)).headers.get('x-tracking-result')).toBe('duplicate');
  });

  test('are not signed', async () => {
    const service = await startService();
    const keys = await service.addProvider();
    const { sig } = signed(bare, keys, startMs);
    expect(await service.post({ ...padded, sig: ` ${sig}\n` })).toMatchObject({
      status: 201,
      body: { purchase: { trust: 'signed', customerId: '42' } },
    });
  });

  test('are no length', async () => {
    const service = await startService();
    await service.addProvider();
    const customerId = ` ${'x'.repeat(200)} `;
    expect(await service.post({ ...purchase, customerId })).toMatchObject({ status: 201 });
  });

  test('are no text by themselves', async () => {
    const service = await startService();
    await service.addProvider();
    const blank = { serviceName: ' ', customerId: '\n', purchasedAt: '\t', orderId: ' ', amount: ' ' };
    const { status, body } = await service.post({ ...purchase, ...blank });
    const errors = ['/serviceName', '/customerId', '/purchasedAt'];
    expect([status, body]).toMatchObject([
      400,
      { errors: errors.map((pointer) => ({ pointer, code: 'required' })) },
    ]);
    expect((await service.post({ ...purchase, orderId: ' ', amount: ' ' })).body).not.toHaveProperty(
      'ignored',
    );
    expect(await service.post(purchase)).toMatchObject({ status: 200 });
  });
});

describe('what is wrong but refuses nothing', () => {
  test('is left out and named', async () => {
    const service = await startService();
    const { secret } = await service.addProvider();
    const wrong = {
      amount: -5,
      currency: 'XXZ',
      referral: 'r'.repeat(301),
      referralSource: 'guess',
      landedAt: 'yesterday',
      page: 'javascript:alert(1)',
      clock: true,
    };
    const { status, body } = await service.post({ ...purchase, ...wrong });
    expect(status).toBe(201);
    expect(new Set(body.ignored as string[])).toEqual(new Set(Object.keys(wrong)));
    const [row] = await service.list('/api/SaasTrackings', secret);
    expect(Object.keys(row ?? {})).not.toEqual(expect.arrayContaining(['amount']));
  });

  test('is not mentioned where there is none', async () => {
    const service = await startService();
    await service.addProvider();
    const { body } = await service.post({
      ...purchase,
      amount: '1',
      currency: 'usd',
      page: 'https://acme.example/',
    });
    expect(Object.keys(body)).toEqual(['status', 'id']);
  });

  test('a page loses its query and fragment', async () => {
    const service = await startService();
    const { secret } = await service.addProvider();
    await service.post({ ...purchase, page: `https://acme.example/thanks?token=${'x'.repeat(400)}#top` });
    expect(await service.list('/api/SaasTrackings', secret)).toMatchObject([
      { page: 'https://acme.example/thanks' },
    ]);
  });
});

describe('levels', () => {
  const order = {
    ...purchase,
    orderId: '1',
    amount: '5',
    currency: 'USD',
    page: 'https://acme.example/thanks',
  };

  test('the row shows to those who know the secret, and to nobody else', async () => {
    const service = await startService();
    const keys = await service.addProvider();
    expect((await service.post(order)).body).not.toHaveProperty('purchase');
    expect((await service.post(order, fromAcme)).body).not.toHaveProperty('purchase');
    expect((await service.post(signed(order, keys, startMs))).body).toMatchObject({
      purchase: { amount: '5' },
    });
    expect((await service.post(order, bearer(keys.secret))).body).toMatchObject({
      purchase: { trust: 'server' },
    });
  });

  test('a row remembers its copies, and of a signed one what the browser said beside it', async () => {
    const service = await startService();
    const keys = await service.addProvider();
    await service.post(signed(order, keys, startMs), fromAcme);
    await service.picture(order, fromAcme);
    expect(await service.list('/api/SaasTrackings', keys.secret)).toMatchObject([
      {
        trust: 'signed',
        copies: [
          { trust: 'signed', via: 'post', said: ['purchasedAt', 'amount', 'currency'] },
          { trust: 'origin', via: 'post', said: ['page'] },
          { trust: 'origin', via: 'gif', said: [] },
        ],
      },
    ]);
  });

  test("a stamped time isn't signed, so it is worth what carried it", async () => {
    const service = await startService();
    const keys = await service.addProvider();
    const { body } = await service.post(
      signed({ ...order, purchasedAt: startMs, clock: startMs }, keys, startMs),
    );
    expect(body).toMatchObject({
      purchase: { copies: [{ trust: 'signed' }, { trust: 'unsigned', said: ['purchasedAt', 'page'] }] },
    });
  });

  test('nobody spoils a purchase by guessing its order id first', async () => {
    const service = await startService();
    const { secret } = await service.addProvider();
    await service.post({ ...order, amount: '0.01', referral: 'forged' });
    expect(await service.post({ ...order, referral: 'r1' }, bearer(secret))).toMatchObject({
      status: 200,
      body: { purchase: { amount: '5', referral: 'r1', trust: 'server' } },
    });
    expect(await service.post({ ...order, amount: '0.01' })).toMatchObject({ status: 409 });
  });

  test("another provider's secret proves nothing", async () => {
    const service = await startService();
    await service.addProvider();
    const other = await service.addProvider({ partnerKey: 'pk_other' });
    expect(await service.post(order, bearer(other.secret))).toMatchObject({ status: 401 });
    expect(await service.post(signed(order, other, startMs))).toMatchObject({ status: 401 });
  });

  test('a change of the provider counts within a second', async () => {
    const service = await startService();
    expect(await service.post(order)).toMatchObject({ status: 403 });
    await service.addProvider();
    service.time.now += 1_000;
    expect(await service.post(order)).toMatchObject({ status: 201 });
    await service.store.changeProvider('pk_acme', { disabled: true });
    service.time.now += 1_000;
    expect(await service.post(order)).toMatchObject({ status: 403 });
  });

  test('two secrets live at once; the one before them signs for nine days more', async () => {
    const service = await startService();
    const oldest = await service.addProvider();
    const rotate = async () => {
      service.time.now += 1_000;
      const secret = createSecret(service.time.now);
      await service.store.addSecret('pk_acme', secret);
      service.time.now += 1_000;
      return secret.secret;
    };
    const second = await rotate();
    expect(await service.post(order, bearer(oldest.secret))).toMatchObject({ status: 201 });
    const third = await rotate();
    expect(await service.post(order, bearer(oldest.secret))).toMatchObject({ status: 401 });
    expect(await service.post(order, bearer(second))).toMatchObject({ status: 200 });
    expect(await service.post(order, bearer(third))).toMatchObject({ status: 200 });

    const fresh = () => signed(order, oldest, service.time.now);
    service.time.now += 9 * 24 * hourMs - 2_000;
    expect(await service.post(fresh())).toMatchObject({ status: 200 });
    service.time.now += hourMs;
    expect(await service.post(fresh())).toMatchObject({ status: 401 });
  });
});

describe('visits', () => {
  const visit = {
    partnerKey: 'pk_acme',
    event: 'visit',
    referral: 'r1',
    referralSource: 'param',
    landedAt: startMs,
  };

  test('the same landing counts once', async () => {
    const service = await startService();
    const { secret } = await service.addProvider();
    expect(await service.post(visit, fromAcme)).toMatchObject({ status: 201 });
    expect(await service.picture(visit, fromAcme)).toMatchObject({ status: 200, picture: '3x1' });
    expect(await service.post({ ...visit, landedAt: startMs + 1 })).toMatchObject({ status: 201 });
    expect(await service.list('/api/SaasTrackings?event=visit', secret)).toHaveLength(2);
  });

  test('without referral or landing time each one counts', async () => {
    const service = await startService();
    await service.addProvider();
    const unknown = { partnerKey: 'pk_acme', event: 'visit' };
    expect(await service.post(unknown)).toMatchObject({ status: 201 });
    expect(await service.post(unknown)).toMatchObject({ status: 201 });
  });
});
