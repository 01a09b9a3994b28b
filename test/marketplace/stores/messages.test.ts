import { describe, expect } from 'vitest';
import { createSecret } from '../../../src/marketplace/providers/secret.ts';
import { bearer, fromAcme, purchase } from '../support/purchase.ts';
import { hourMs, startMs } from '../support/service.ts';
import { test } from '../support/test.ts';

test('the client of 2017 works as it is', async ({ acme, service }) => {
  const { partnerKey } = acme;
  const [serviceName, customerId, purchasedAt] = ['Acme CRM', '4711', '2017-03-01'];
  // The request library's `json: true`: body as JSON, and JSON wanted back.
  const body = JSON.stringify({ partnerKey, serviceName, customerId, purchasedAt });
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  const send = () => service.send('/api/SaasTrackings', { method: 'POST', headers, body });
  expect(await send()).toMatchObject({ status: 201 });
  expect(await send()).toMatchObject({ status: 200 });
  expect(await acme.rows()).toMatchObject([
    { partnerKey, serviceName, customerId, purchasedAt: '2017-03-01T00:00:00.000Z', trust: 'unsigned' },
  ]);
});

const form = 'application/x-www-form-urlencoded';

describe('ways to write the same purchase', () => {
  const encoded = new URLSearchParams(purchase).toString();
  test.for<[string, string, string]>([
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
  ])('%s', async ([_name, body, contentType], { acme }) => {
    await acme.post(purchase);
    expect(await acme.postRaw(body, contentType)).toMatchObject({
      status: 200,
      body: { status: 'duplicate' },
    });
  });

  test('a customer by number is the customer by text', async ({ acme }) => {
    await acme.post({ ...purchase, customerId: 42 });
    expect(await acme.post({ ...purchase, customerId: '42' })).toMatchObject({ status: 200 });
  });

  test('customers whose numbers no double can tell apart stay two', async ({ acme }) => {
    const withCustomer = (digits: string) =>
      JSON.stringify({ ...purchase, customerId: 0 }).replace('":0', `":${digits}`);
    await acme.postRaw(withCustomer('12345678901234567890'));
    expect(await acme.postRaw(withCustomer('12345678901234567891'))).toMatchObject({ status: 201 });
  });

  test('a lone surrogate is the U+FFFD that a form makes of it, and NUL too', async ({ acme }) => {
    await acme.post({ ...purchase, customerId: 'a\ud800b\0' });
    expect(
      await acme.postRaw(new URLSearchParams({ ...purchase, customerId: 'a\ufffdb\ufffd' }), form),
    ).toMatchObject({ status: 200 });
    expect(await acme.rows()).toMatchObject([{ customerId: 'a\ufffdb\ufffd' }]);
  });

  test('limits count code points', async ({ acme }) => {
    expect(await acme.post({ ...purchase, customerId: '😀'.repeat(200) })).toMatchObject({ status: 201 });
    expect(await acme.post({ ...purchase, customerId: '😀'.repeat(201) })).toMatchObject({
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

  test('do not count, in JSON, a form and a picture', async ({ acme }) => {
    expect(await acme.post(padded)).toMatchObject({ status: 201, body: { status: 'created' } });
    expect(await acme.rows('?customerId=%2042')).toMatchObject([{ ...bare, partnerKey: acme.partnerKey }]);
    expect(await acme.post(bare)).toMatchObject({ status: 200 });
    expect(
      await acme.postRaw(new URLSearchParams({ ...padded, partnerKey: ` ${acme.partnerKey}\n` }), form),
    ).toMatchObject({ status: 200 });
    expect((await acme.picture(padded)).headers.get('x-tracking-result')).toBe('duplicate');
  });

  test('are not signed', async ({ acme }) => {
    const { sig } = acme.sign(bare);
    expect(await acme.post({ ...padded, sig: ` ${sig}\n` })).toMatchObject({
      status: 201,
      body: { purchase: { trust: 'signed', customerId: '42' } },
    });
  });

  test('are no length', async ({ acme }) => {
    const customerId = ` ${'x'.repeat(200)} `;
    expect(await acme.post({ ...purchase, customerId })).toMatchObject({ status: 201 });
  });

  test('are no text by themselves', async ({ acme }) => {
    const blank = { serviceName: ' ', customerId: '\n', purchasedAt: '\t', orderId: ' ', amount: ' ' };
    const { status, body } = await acme.post({ ...purchase, ...blank });
    const errors = ['/serviceName', '/customerId', '/purchasedAt'];
    expect([status, body]).toMatchObject([
      400,
      { errors: errors.map((pointer) => ({ pointer, code: 'required' })) },
    ]);
    expect((await acme.post({ ...purchase, orderId: ' ', amount: ' ' })).body).not.toHaveProperty('ignored');
    expect(await acme.post(purchase)).toMatchObject({ status: 200 });
  });
});

describe('what is wrong but refuses nothing', () => {
  test('is left out and named', async ({ acme }) => {
    const wrong = {
      amount: -5,
      currency: 'XXZ',
      referral: 'r'.repeat(301),
      referralSource: 'guess',
      landedAt: 'yesterday',
      page: 'javascript:alert(1)',
      clock: true,
    };
    const { status, body } = await acme.post({ ...purchase, ...wrong });
    expect(status).toBe(201);
    expect(new Set(body.ignored as string[])).toEqual(new Set(Object.keys(wrong)));
    const [row] = await acme.rows();
    expect(Object.keys(row ?? {})).not.toEqual(expect.arrayContaining(['amount']));
  });

  test('is not mentioned where there is none', async ({ acme }) => {
    const { body } = await acme.post({
      ...purchase,
      amount: '1',
      currency: 'usd',
      page: 'https://acme.example/',
    });
    expect(Object.keys(body)).toEqual(['status', 'id']);
  });

  test('a page loses its query and fragment', async ({ acme }) => {
    await acme.post({ ...purchase, page: `https://acme.example/thanks?token=${'x'.repeat(400)}#top` });
    expect(await acme.rows()).toMatchObject([{ page: 'https://acme.example/thanks' }]);
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

  test('the row shows to those who know the secret, and to nobody else', async ({ acme }) => {
    expect((await acme.post(order)).body).not.toHaveProperty('purchase');
    expect((await acme.post(order, fromAcme)).body).not.toHaveProperty('purchase');
    expect((await acme.post(acme.sign(order))).body).toMatchObject({
      purchase: { amount: '5' },
    });
    expect((await acme.post(order, bearer(acme.secret))).body).toMatchObject({
      purchase: { trust: 'server' },
    });
  });

  test('a row remembers its copies, and of a signed one what the browser said beside it', async ({
    acme,
  }) => {
    await acme.post(acme.sign(order), fromAcme);
    await acme.picture(order, fromAcme);
    expect(await acme.rows()).toMatchObject([
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

  test("a stamped time isn't signed, so it is worth what carried it", async ({ acme }) => {
    const { body } = await acme.post(acme.sign({ ...order, purchasedAt: startMs, clock: startMs }));
    expect(body).toMatchObject({
      purchase: { copies: [{ trust: 'signed' }, { trust: 'unsigned', said: ['purchasedAt', 'page'] }] },
    });
  });

  test('nobody spoils a purchase by guessing its order id first', async ({ acme }) => {
    await acme.post({ ...order, amount: '0.01', referral: 'forged' });
    expect(await acme.post({ ...order, referral: 'r1' }, bearer(acme.secret))).toMatchObject({
      status: 200,
      body: { purchase: { amount: '5', referral: 'r1', trust: 'server' } },
    });
    expect(await acme.post({ ...order, amount: '0.01' })).toMatchObject({ status: 409 });
  });

  test("another provider's secret proves nothing", async ({ acme, addProvider }) => {
    const other = await addProvider();
    expect(await acme.post(order, bearer(other.secret))).toMatchObject({ status: 401 });
    expect(await acme.post(acme.sign(order, startMs, other))).toMatchObject({ status: 401 });
  });

  test('a change of the provider counts within a second', async ({ addProvider, service }) => {
    const partnerKey = 'pk_new';
    const post = () => service.post({ ...order, partnerKey });
    expect(await post()).toMatchObject({ status: 403 });
    await addProvider({ partnerKey });
    service.time.now += 1_000;
    expect(await post()).toMatchObject({ status: 201 });
    await service.store.changeProvider(partnerKey, { disabled: true });
    service.time.now += 1_000;
    expect(await post()).toMatchObject({ status: 403 });
  });

  test('two secrets live at once; what the one before them signed counts for nine days', async ({
    acme,
    service,
  }) => {
    const rotate = async () => {
      service.time.now += 1_000;
      const secret = createSecret(service.time.now);
      await service.store.addSecret(acme.partnerKey, secret);
      service.time.now += 1_000;
      return secret.secret;
    };
    const signedAt = service.time.now;
    const second = await rotate();
    expect(await acme.post(order, bearer(acme.secret))).toMatchObject({ status: 201 });
    const third = await rotate();
    expect(await acme.post(order, bearer(acme.secret))).toMatchObject({ status: 401 });
    expect(await acme.post(order, bearer(second))).toMatchObject({ status: 200 });
    expect(await acme.post(order, bearer(third))).toMatchObject({ status: 200 });

    const [before, after] = [signedAt, service.time.now].map((time) => acme.sign(order, time));
    service.time.now = signedAt + 9 * 24 * hourMs;
    expect(await acme.post(before ?? {})).toMatchObject({ status: 200 });
    expect(await acme.post(after ?? {})).toMatchObject({ status: 401 });
    service.time.now += hourMs;
    expect(await acme.post(before ?? {})).toMatchObject({ status: 401 });
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

  test('the same landing counts once', async ({ acme }) => {
    expect(await acme.post(visit, fromAcme)).toMatchObject({ status: 201 });
    expect(await acme.picture(visit, fromAcme)).toMatchObject({ status: 200, picture: '3x1' });
    expect(await acme.post({ ...visit, landedAt: startMs + 1 })).toMatchObject({ status: 201 });
    expect(await acme.rows('?event=visit')).toHaveLength(2);
  });

  test('without referral or landing time each one counts', async ({ acme }) => {
    const unknown = { partnerKey: 'pk_acme', event: 'visit' };
    expect(await acme.post(unknown)).toMatchObject({ status: 201 });
    expect(await acme.post(unknown)).toMatchObject({ status: 201 });
  });
});
