// @vitest-environment happy-dom
import { describe, expect, test } from 'vitest';
import type { Purchase } from '../../../src/pixel/index.ts';
import { asOptions, openPage, startMs, useFreshBrowser } from './support/page.ts';

useFreshBrowser();

const purchase = { serviceName: 'Acme CRM', customerId: '42' };

/** The fields of the one message that tracking this sends. */
async function fieldsFor(argument: unknown, options: Record<string, unknown> = {}) {
  localStorage.clear();
  const { track, beacons } = await openPage(asOptions(options));
  const { status } = await track(argument as Purchase);
  return { status, ...beacons[0]?.fields };
}

describe.each([
  ['event', 'signup', 'purchase'],
  ['serviceName', 'Acme CRM', 'Acme ERP'],
  ['customerId', '42', '43'],
  ['orderId', 'o-1', 'o-2'],
  ['purchasedAt', '2017-03-01', '2017-03-02'],
  ['amount', '49.90', '5'],
  ['currency', 'EUR', 'usd'],
  ['sig', 'k1.1488362400.mac', 'k2.1488362400.mac'],
])('%s', (name, one, other) => {
  test('from the argument', async () => {
    expect(await fieldsFor({ ...purchase, [name]: one })).toMatchObject({ status: 'sent', [name]: one });
  });

  test('from the options', async () => {
    expect(await fieldsFor(undefined, { ...purchase, [name]: one })).toMatchObject({
      status: 'sent',
      [name]: one,
    });
  });

  test('the argument wins', async () => {
    const fields = await fieldsFor({ [name]: one }, { ...purchase, [name]: other });
    expect(fields).toMatchObject({ status: 'sent', [name]: one });
  });

  test('an empty argument leaves it to the options', async () => {
    const fields = await fieldsFor({ [name]: '' }, { ...purchase, [name]: other });
    expect(fields).toMatchObject({ status: 'sent', [name]: other });
  });

  test.each(['\n  %s\n', '\u00a0%s', '%s\t'])('without the blanks around it in %j', async (blanks) => {
    const padded = blanks.replace('%s', one);
    expect(await fieldsFor({ ...purchase, [name]: padded })).toMatchObject({ status: 'sent', [name]: one });
    expect(await fieldsFor(undefined, { ...purchase, [name]: padded })).toMatchObject({ [name]: one });
    expect(await fieldsFor({ [name]: ' ' }, { ...purchase, [name]: one })).toMatchObject({ [name]: one });
  });
});

test('an event that is not given is a purchase', async () => {
  expect(await fieldsFor({ ...purchase, event: '' })).toMatchObject({ status: 'sent', event: 'purchase' });
  expect(await fieldsFor({ ...purchase, event: null })).toMatchObject({ status: 'sent', event: 'purchase' });
});

test('what nobody gave is not sent', async () => {
  expect(Object.keys(await fieldsFor(purchase)).sort()).toEqual([
    'clock',
    'customerId',
    'event',
    'page',
    'partnerKey',
    'purchasedAt',
    'serviceName',
    'status',
  ]);
});

describe('purchasedAt', () => {
  test.each<[string, unknown, string]>([
    ['a Date', new Date(startMs - 5000), `${startMs - 5000}`],
    ["a Date of another frame's", { getTime: () => startMs - 5000 }, `${startMs - 5000}`],
    ['epoch milliseconds', startMs - 5000, `${startMs - 5000}`],
    ['epoch milliseconds as text', `${startMs - 5000}`, `${startMs - 5000}`],
    ['an ISO 8601 date', '2017-03-01', '2017-03-01'],
    ['a date-time with an offset', '2017-03-01T10:00:00+01:00', '2017-03-01T10:00:00+01:00'],
  ])('%s is sent, without a clock', async (_name, purchasedAt, sent) => {
    const fields = await fieldsFor({ ...purchase, purchasedAt });
    expect(fields).toMatchObject({ status: 'sent', purchasedAt: sent });
    expect(fields).not.toHaveProperty('clock');
  });

  test.each(['yesterday', '2017-02-99', '1e99', 9e15, Infinity])(
    '%j is no time: sent as it was given, for the marketplace to refuse',
    async (purchasedAt) => {
      const fields = await fieldsFor({ ...purchase, purchasedAt });
      expect(fields).toMatchObject({ status: 'sent', purchasedAt: `${purchasedAt}` });
      expect(fields).not.toHaveProperty('clock');
    },
  );

  test.each([undefined, null, '', ' ', Number.NaN, new Date(Number.NaN), {}, { getTime: 1 }, ['2017-03-01']])(
    '%j is taken as none: now, with the clock beside it',
    async (purchasedAt) => {
      const fields = await fieldsFor({ ...purchase, purchasedAt });
      expect(fields).toMatchObject({ status: 'sent', purchasedAt: `${startMs}`, clock: `${startMs}` });
    },
  );
});

describe('numbers', () => {
  test.each([
    [{ amount: 0 }, { amount: '0' }],
    [{ amount: 49.9 }, { amount: '49.9' }],
    [{ customerId: 0 }, { customerId: '0' }],
    [{ orderId: 0 }, { orderId: '0' }],
    [{ orderId: -7 }, { orderId: '-7' }],
    [{ orderId: -0 }, { orderId: '0' }],
  ])('%j is sent as its text', async (given, sent) => {
    expect(await fieldsFor({ ...purchase, ...given })).toMatchObject({ status: 'sent', ...sent });
  });

  test('longer than a double holds are sent in full', async () => {
    const fields = await fieldsFor({ ...purchase, customerId: 12345678901234567890n });
    expect(fields).toMatchObject({ status: 'sent', customerId: '12345678901234567890' });
  });

  test('an order id of 0 is an order id: another one is another purchase', async () => {
    const { track } = await openPage(purchase);
    expect(await track({ orderId: 0 })).toEqual({ status: 'sent' });
    expect(await track({ orderId: 1 })).toEqual({ status: 'sent' });
    expect(await track({ orderId: 0 })).toEqual({ status: 'duplicate' });
  });
});

const cyclic: Record<string, unknown> = {};
cyclic.itself = cyclic;
const throwing = () => {
  throw new Error('no');
};
const endless = { getTime: (): unknown => endless };

/** As text each would be nonsense or an error, and make all customers the same one. */
const worthless: [string, unknown][] = [
  ['undefined', undefined],
  ['null', null],
  ['NaN', Number.NaN],
  ['false', false],
  ['an empty text', ''],
  ['blanks', ' \n'],
  ['an object', { id: 42 }],
  ['a list', ['42']],
  ['an object without prototype', Object.create(null)],
  ['an object that is no text', { toString: throwing, valueOf: throwing }],
  ['an object that throws whatever is asked', new Proxy({}, { get: throwing, has: throwing })],
  ['a getTime that throws', { getTime: throwing }],
  ['a getTime that has no end', { getTime: () => endless }],
  ['a cycle', cyclic],
];

/** What has no business in a purchase, and is taken as whatever text it has, if it has one. */
const odd: [string, unknown][] = [
  ['true', true],
  ['a function', () => '42'],
  ['a symbol', Symbol('42')],
  ['a function that is no text', Object.assign(() => '42', { toString: throwing })],
];

describe.each(odd)('%s', (_name, value) => {
  test('as a value gets a receipt, and as the argument leaves all to the options', async () => {
    for (const name of ['event', 'serviceName', 'customerId', 'orderId', 'purchasedAt', 'amount', 'sig']) {
      const { status } = await fieldsFor({ ...purchase, [name]: value });
      expect(['sent', 'invalid']).toContain(status);
    }
    expect(await fieldsFor(value, purchase)).toMatchObject({ status: 'sent', ...purchase });
  });
});

describe.each(worthless.filter(([, value]) => typeof value !== 'string'))('%s', (_name, value) => {
  test('as the argument leaves all to the options', async () => {
    expect(await fieldsFor(value, purchase)).toMatchObject({ status: 'sent', ...purchase });
    expect((await fieldsFor(value)).status).toBe('invalid');
  });
});

describe.each(worthless)('%s', (_name, value) => {
  test('as a value is taken as not given', async () => {
    expect(await fieldsFor({ customerId: value }, purchase)).toMatchObject({
      status: 'sent',
      customerId: '42',
    });
    const fields = await fieldsFor({ ...purchase, customerId: value });
    expect(fields.status).toBe('invalid');
    expect(fields).not.toHaveProperty('customerId');
  });
});

test('a field whose getter throws is taken as not given', async () => {
  const argument = {
    orderId: 'o-1',
    get customerId() {
      return throwing();
    },
  };
  expect(await fieldsFor(argument, purchase)).toMatchObject({
    status: 'sent',
    customerId: '42',
    orderId: 'o-1',
  });
});

test('an argument without prototype is a purchase like any other', async () => {
  const argument = Object.assign(Object.create(null), { ...purchase, orderId: 'o-1' });
  expect(await fieldsFor(argument)).toMatchObject({ status: 'sent', orderId: 'o-1', ...purchase });
});

test('fields of a prototype count', async () => {
  expect(await fieldsFor(Object.create(purchase))).toMatchObject({ status: 'sent', ...purchase });
});

test('texts of more than 500 characters are cut, so that the image keeps an address', async () => {
  const names = ['serviceName', 'customerId', 'orderId', 'purchasedAt', 'amount', 'currency', 'sig'];
  for (const length of [499, 500, 501, 1_000_000]) {
    const texts = (count: number) => Object.fromEntries(names.map((name) => [name, 'x'.repeat(count)]));
    expect(await fieldsFor(texts(length))).toMatchObject(texts(Math.min(length, 500)));
  }
});
