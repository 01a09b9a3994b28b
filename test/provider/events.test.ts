import { afterEach, describe, expect, test, vi } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import type { OnrampOptions } from '../../src/provider/index.ts';
import { createClient, failureOf, startMs } from './support/client.ts';
import { answer, startServer } from './support/server.ts';

const about = { serviceName: 'Acme CRM', customerId: 'cust-1' };
const landing = { id: 'ref-1', source: 'param', landedAt: 1_780_000_000_000 } as const;
const landed = { referral: 'ref-1', referralSource: 'param', landedAt: 1_780_000_000_000 };

/** A client of a marketplace that takes everything, and the messages that it was sent. */
async function startMarketplace(options: Omit<Partial<OnrampOptions>, 'baseUrl'> = {}, said: object = {}) {
  const { baseUrl, received } = await startServer(answer(201, { status: 'created', id: '1', ...said }));
  const bodies = () => received.map(({ body }): Record<string, unknown> => JSON.parse(body));
  return { ...createClient({ baseUrl, ...options }), received, bodies };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('an event is reported by its name', () => {
  const order = { ...about, orderId: 'in_1', amount: '49.90', currency: 'EUR', purchasedAt: '2026-05-31' };

  test.each([
    ['signup', 'trackSignup'],
    ['purchase', 'trackPurchase'],
    ['purchase', 'createSaasTracking'],
    ['renewal', 'trackRenewal'],
    ['refund', 'trackRefund'],
  ] as const)('%s by %s', async (event, call) => {
    const { onramp, bodies } = await startMarketplace();
    await onramp[call](order);
    expect(bodies()).toEqual([{ partnerKey: 'pk_acme', event, ...order }]);
  });

  test('with the time of the call and the clock where no time is given', async () => {
    const { onramp, bodies } = await startMarketplace();
    await onramp.trackRefund({ ...about, orderId: 'in_1', amount: 10, currency: 'eur' });
    expect(bodies()).toMatchObject([{ purchasedAt: startMs, clock: startMs, amount: 10, currency: 'eur' }]);
  });

  test('but a renewal without its id, a refund without what it is of, and an event of another name are not', async () => {
    const { onramp, received } = await startMarketplace();
    // @ts-expect-error: an order id is missing
    expect(await failureOf(onramp.trackRenewal({ ...about, amount: 10, currency: 'EUR' }))).toMatchObject({
      reason: 'invalid',
      errors: [{ pointer: '/orderId', code: 'required' }],
    });
    // @ts-expect-error: as are all three
    expect(await failureOf(onramp.trackRefund(about))).toMatchObject({
      errors: [{ pointer: '/orderId' }, { pointer: '/amount' }, { pointer: '/currency' }],
    });
    const renewal = { ...order, event: 'renewal' };
    expect((await failureOf(onramp.trackPurchase(renewal))).message).toContain(
      'event is "renewal", and trackPurchase reports a purchase',
    );
    expect(received).toEqual([]);
  });

  test('and only with the secret where money came again or went back', async () => {
    const { onramp, received } = await startMarketplace({ secret: null });
    await expect(onramp.trackRenewal(order)).rejects.toThrow('trackRenewal needs the secret');
    await expect(onramp.trackRefund(order)).rejects.toThrow('trackRefund needs the secret');
    await onramp.trackSignup(order);
    expect(received).toHaveLength(1);
  });
});

test.each([
  ['text', 'https://acme.example/thanks?token=1#2'],
  ['a URL', new URL('https://acme.example/thanks?token=1#2')],
])('a page as %s goes without its query', async (_name, page) => {
  const { onramp, bodies } = await startMarketplace();
  await onramp.trackPurchase({ ...about, page });
  expect(bodies()).toMatchObject([{ page: 'https://acme.example/thanks' }]);
});

describe('a referral', () => {
  test.each<[string, object, object]>([
    ['the object', { referral: landing }, landed],
    ['its JSON, as a hidden field has it', { referral: JSON.stringify(landing) }, landed],
    ['its parts', landed, landed],
    ['its id alone', { referral: 'ref-1' }, { referral: 'ref-1' }],
    ['a time as text', { ...landed, landedAt: '1780000000000' }, { ...landed, landedAt: '1780000000000' }],
    ['none', { referral: null }, {}],
    ['none, as a hidden field has it', { referral: 'null' }, {}],
    ['an empty field', { referral: '' }, {}],
  ])('is taken as %s', async (_name, given, sent) => {
    const { onramp, bodies } = await startMarketplace();
    await onramp.trackPurchase({ ...about, purchasedAt: startMs, ...given });
    const purchase = { partnerKey: 'pk_acme', event: 'purchase', ...about, purchasedAt: startMs };
    expect(bodies()).toEqual([{ ...purchase, ...sent }]);
  });
});

describe('what would be left out without a word is refused before it is sent', () => {
  test.each<[string, object, string]>([
    [
      'a referral that was not waited for',
      { referral: Promise.resolve(landing) },
      'referral is an object without an id',
    ],
    ['a referral as a number', { referral: 42 }, 'referral is 42: it must be what onrampTrack'],
    ['a referral as a list', { referral: ['ref-1'] }, 'referral is a list'],
    ['a referral that was made text', { referral: String({}) }, 'referral is "[object Object]"'],
    ['a referral of another shape', { referral: { id: 7 } }, 'referral is an object without an id'],
    [
      'a hidden field that was cut off',
      { referral: '{"id":"ref-1","so' },
      'referral is an object without an id',
    ],
    [
      'two sources',
      { referral: landing, referralSource: 'param' },
      'referralSource stands in referral already',
    ],
    ['another source', { referral: 'ref-1', referralSource: 'google' }, 'it must be param or referrer'],
    ['another source in the object', { referral: { ...landing, source: 'ad' } }, 'referralSource is "ad"'],
    ['a landing that is no time', { referral: 'ref-1', landedAt: 'yesterday' }, 'landedAt is "yesterday"'],
    ['a landing that is NaN', { referral: { ...landing, landedAt: Number.NaN } }, 'landedAt is NaN'],
    ['a landing as Date', { landedAt: new Date(0) }, 'landedAt is an object: it must be epoch milliseconds'],
    [
      'a page that is no address',
      { page: '/thanks' },
      'page is "/thanks": it must be an http or https address',
    ],
    ['a page of another kind', { page: 'file:///thanks' }, 'page is "file:///thanks"'],
    ['a page that is no text', { page: { href: 'https://acme.example/' } }, 'page is an object'],
    ['NaN', { amount: Number.NaN }, 'amount is NaN: it must be a decimal number of major units'],
    ['infinity', { amount: Number.POSITIVE_INFINITY }, 'amount is Infinity'],
    [
      'a negative amount',
      { amount: -49 },
      'amount is -49: it must be a decimal number of major units, 0 or more',
    ],
    ['a negative amount as text', { amount: '-49.00' }, 'of a refund, too, it is what was given back'],
    ['a decimal comma', { amount: '49,90 €' }, 'amount is "49,90 €"'],
    ['an amount with its currency', { amount: '49.90 EUR' }, 'amount is "49.90 EUR"'],
    ['an amount as bigint', { amount: 49n }, 'amount is 49n'],
    [
      'a symbol',
      { currency: '€' },
      'it must be an ISO 4217 code, such as EUR: a symbol may be that of several',
    ],
    ['a symbol with letters', { currency: 'US$' }, 'currency is "US$": it must be an ISO 4217 code'],
    [
      'an unknown currency',
      { currency: 'BTC' },
      'currency is "BTC": it must be an ISO 4217 code, such as EUR.',
    ],
    ['a currency as number', { currency: 978 }, 'currency is 978'],
    ['a time of NaN', { purchasedAt: Number.NaN }, 'purchasedAt must be a Date, an ISO 8601'],
    ['a time that is an object', { purchasedAt: {} }, 'purchasedAt must be a Date, an ISO 8601'],
    ['a time that is a truth', { purchasedAt: true }, 'purchasedAt must be a Date, an ISO 8601'],
    ['a customer that is an object', { customerId: { id: 1 } }, 'customerId is an object: it must be text'],
    [
      'a customer that is NaN',
      { customerId: Number.NaN },
      'customerId is "NaN": a template that was not filled in',
    ],
    ['an id that lost digits', { customerId: 2 ** 60 }, 'a number so large has lost digits, give it as text'],
    ['an order that is a list', { orderId: ['A-1'] }, 'orderId is a list: it must be text'],
  ])('%s', async (_name, wrong, sentence) => {
    const { onramp, received } = await startMarketplace();
    const error = await failureOf(onramp.trackPurchase({ ...about, ...wrong }));
    expect(error).toMatchObject({ reason: 'invalid', attempts: 0, retryable: false });
    expect(error.message).toContain(sentence);
    expect(received).toEqual([]);
  });

  test.each([['undefined'], ['null'], ['"A-1"'], ['[]']])('%s in the place of the object', async (json) => {
    const { onramp } = await startMarketplace();
    const given = json === 'undefined' ? undefined : JSON.parse(json);
    const { message } = await failureOf(onramp.trackSignup(given));
    expect(message).toMatch(
      /^trackSignup takes an object, and was given (undefined|null|"A-1"|a list)\. Nothing/,
    );
  });

  test('each by its name, all at once', async () => {
    const { onramp } = await startMarketplace();
    const wrong = { ...about, amount: -1, currency: '$', page: 'x', landedAt: -1 };
    const { errors } = await failureOf(onramp.trackPurchase(wrong));
    expect(errors.map(({ pointer }) => pointer)).toEqual(['/amount', '/currency', '/page', '/landedAt']);
  });
});

describe('what the marketplace left out', () => {
  const said = { ignored: ['amount', 'page'] };
  const purchase = { ...about, orderId: 'A-1', amount: '49.90', page: 'https://acme.example/' };

  test('is warned of, with what was sent and what to do', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const { onramp } = await startMarketplace({}, said);
    await onramp.trackPurchase(purchase);
    expect(warn.mock.calls).toEqual([
      [
        expect.stringContaining(
          'trackPurchase is stored, but without amount ("49.90"), page ("https://acme.example/")',
        ),
      ],
    ]);
    expect(String(warn.mock.calls)).toContain('Send the call again with it mended');
  });

  test('is told to whom the options name, who may fail', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const told: unknown[] = [];
    const { onramp } = await startMarketplace(
      {
        onIgnored: (...call) => {
          told.push(call);
          throw new Error('no log');
        },
      },
      said,
    );
    expect(await onramp.trackSignup(purchase)).toMatchObject({ status: 'created', ...said });
    const sent = { event: 'signup', ...purchase };
    expect(told).toEqual([[said.ignored, { call: 'trackSignup', sent: expect.objectContaining(sent) }]]);
    expect(warn).not.toHaveBeenCalled();
  });

  test('and what was not left out is no one told', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const { onramp } = await startMarketplace();
    await onramp.trackPurchase(purchase);
    expect(warn).not.toHaveBeenCalled();
  });
});

test('the kit says what it is', async () => {
  const { onramp, received } = await startMarketplace();
  await onramp.trackSignup(about);
  expect(received[0]?.headers['user-agent']).toBe(`onramp-pixel/${packageJson.version}`);
});
