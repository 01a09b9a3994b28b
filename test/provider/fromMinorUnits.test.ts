import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromMinorUnits, OnrampError } from '../../src/provider/index.ts';

const stripe = { processor: 'stripe' } as const;
const paddle = { processor: 'paddle' } as const;
const payPal: object = { processor: 'PayPal' };

describe('an amount in minor units', () => {
  test.each<[amount: number | bigint | string, currency: string, options: object, text: string]>([
    [1999, 'USD', {}, '19.99'],
    [1999, 'usd', stripe, '19.99'],
    [1000, 'EUR', {}, '10.00'],
    [5, 'EUR', {}, '0.05'],
    [0, 'EUR', {}, '0.00'],
    [-0, 'EUR', {}, '0.00'],
    [1999n, 'EUR', {}, '19.99'],
    [' 1999 ', 'EUR', {}, '19.99'],
    ['0001999', 'EUR', {}, '19.99'],
    [1999, 'JPY', {}, '1999'],
    [1999, 'JPY', stripe, '1999'],
    [1990, 'KWD', {}, '1.990'],
    [1995, 'KWD', {}, '1.995'],
    [1990, 'kwd', stripe, '1.990'],
    [12345, 'CLF', {}, '1.2345'],
    // Whatever has no digits at Stripe.
    ...[
      'BIF',
      'CLP',
      'DJF',
      'GNF',
      'JPY',
      'KMF',
      'KRW',
      'MGA',
      'PYG',
      'RWF',
      'VND',
      'VUV',
      'XAF',
      'XOF',
      'XPF',
    ].map((code): [number, string, object, string] => [500, code, stripe, '500']),
    [500, 'MGA', {}, '5.00'],
    [500, 'UGX', {}, '500'],
    [500, 'UGX', stripe, '5.00'],
    [500, 'ISK', {}, '500'],
    [500, 'ISK', stripe, '5.00'],
    [4010, 'ISK', stripe, '40.10'],
    [1045, 'HUF', stripe, '10.45'],
    [80_025, 'TWD', stripe, '800.25'],
    ['1999', 'USD', paddle, '19.99'],
    ['1999', 'JPY', paddle, '1999'],
    ['1999', 'KRW', paddle, '1999'],
    [Number.MAX_SAFE_INTEGER, 'USD', {}, '90071992547409.91'],
    ['99999999999999999', 'USD', {}, '999999999999999.99'],
  ])('%s %s %j is %s', (amount, currency, options, text) => {
    expect(fromMinorUnits(amount, currency, options)).toBe(text);
  });

  test.each<[name: string, call: () => string, message: RegExp]>([
    ['a fraction', () => fromMinorUnits(19.99, 'USD'), /amount is 19\.99: it must be whole minor units/],
    ['a text with a point', () => fromMinorUnits('19.99', 'USD'), /amount is "19\.99"/],
    ['a text with more', () => fromMinorUnits('1999 USD', 'USD'), /amount is "1999 USD"/],
    ['no text', () => fromMinorUnits('', 'USD'), /amount is ""/],
    ['NaN', () => fromMinorUnits(Number.NaN, 'USD'), /amount is NaN/],
    ['infinity', () => fromMinorUnits(Number.POSITIVE_INFINITY, 'USD'), /amount is Infinity/],
    ['less than nothing', () => fromMinorUnits(-1999, 'USD'), /amount is -1999: .* 0 or more/],
    ['less than nothing as bigint', () => fromMinorUnits(-1n, 'USD'), /amount is -1n/],
    ['what has lost digits', () => fromMinorUnits(2 ** 53, 'USD'), /amount is 9007199254740992/],
    ['what is too long', () => fromMinorUnits('1'.repeat(18), 'USD'), /too many digits/],
    ['a symbol', () => fromMinorUnits(1999, '€'), /currency is "€": .* ISO 4217 code, such as EUR: a symbol/],
    ['no currency', () => fromMinorUnits(1999, ''), /currency is required/],
    ['an unknown one', () => fromMinorUnits(1999, 'BTC'), /currency is "BTC"/],
    ['gold', () => fromMinorUnits(1999, 'XAU'), /currency is XAU, which has no minor unit/],
    [
      "a third digit at Stripe's",
      () => fromMinorUnits(5124, 'KWD', stripe),
      /of KWD, stripe has multiples of 10/,
    ],
    ['an unknown processor', () => fromMinorUnits(1999, 'USD', payPal), /processor is "PayPal"/],
    ['nothing', () => fromMinorUnits(JSON.parse('null'), 'USD'), /amount is null/],
  ])('%s is refused with what is wrong', (_name, call, message) => {
    expect(call).toThrow(OnrampError);
    expect(call).toThrow(message);
  });

  test.each<[pointer: string, call: () => string, detail: string]>([
    [
      '/amount',
      () => fromMinorUnits('1'.repeat(18), 'USD'),
      'amount is 111111111111111111: it has too many digits',
    ],
    [
      '/amount',
      () => fromMinorUnits(5124, 'KWD', stripe),
      'amount is 5124: of KWD, stripe has multiples of 10 only',
    ],
    [
      '/processor',
      () => fromMinorUnits(1999, 'USD', payPal),
      'processor is "PayPal": it must be one of stripe, paddle',
    ],
  ])('names %s', (pointer, call, detail) => {
    expect(call).toThrow(expect.objectContaining({ errors: [{ pointer, code: 'invalid', detail }] }));
  });

  test('loses nothing', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }),
        fc.constantFrom('USD', 'JPY', 'KWD', 'CLF'),
        (units, code) => {
          const text = fromMinorUnits(units, code);
          expect(BigInt(text.replace('.', ''))).toBe(units);
        },
      ),
    );
  });
});
