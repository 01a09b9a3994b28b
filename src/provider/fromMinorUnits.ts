import { minorUnitDigits } from '../wire/currencies.ts';
import { parseAmount } from '../wire/money.ts';
import { createArgumentReader, kindOf } from './arguments.ts';
import { invalidCall } from './error.ts';

/** Where a payment processor counts otherwise than by ISO 4217. */
interface Exceptions {
  /** Digits of the minor unit. */
  digits: Readonly<Record<string, number>>;
  /** Currencies whose amounts always end in 0. */
  inTens: readonly string[];
}

const exceptions = {
  /**
   * https://docs.stripe.com/currencies
   *
   * - "Zero-decimal currencies" names MGA, which has two digits in ISO 4217. All others of that list have none there.
   * - "Special cases": UGX and ISK have none in ISO 4217 and two at Stripe: 5 UGX are 500. The last two are 00, but
   *   for charges in ISK from before 14 April 2023 and their refunds
   *   (https://support.stripe.com/questions/deprecation-of-fractional-isk-charges-and-refunds).
   *   HUF and TWD are without digits in payouts only: charged and refunded they have two, as in ISO 4217.
   * - "Three-decimal currencies" end in 0.
   */
  stripe: { digits: { MGA: 0, UGX: 2, ISK: 2 }, inTens: ['BHD', 'JOD', 'KWD', 'OMR', 'TND'] },
  /** None: https://developer.paddle.com/api-reference/about/data-types, "the lowest denomination for a currency". */
  paddle: { digits: {}, inTens: [] },
} as const satisfies Record<string, Exceptions>;

export type Processor = keyof typeof exceptions;

export interface MinorUnitOptions {
  /** Whose amount it is, since some processors count otherwise than by ISO 4217: Stripe's 500 UGX are 5. */
  processor?: Processor | undefined;
}

/**
 * The decimal text in major units of an amount in minor units, as payment processors have it: 1999 USD are "19.99",
 * 1999 JPY "1999", 1990 KWD "1.990". By the digits that ISO 4217 gives the currency, and the processor's exceptions.
 *
 * @param amount whole and not negative: a number up to 2^53 - 1, a bigint, or digits as text
 * @param currency ISO 4217, any case
 * @throws OnrampError `invalid` that says what is wrong
 */
export function fromMinorUnits(
  amount: number | bigint | string,
  currency: string,
  { processor }: MinorUnitOptions = {},
): string {
  const { digits: otherDigits, inTens } = exceptionsOf(processor);
  const units =
    readUnits(amount) ??
    fail('amount', `is ${kindOf(amount)}: it must be whole minor units, 0 or more, such as 1999`);
  const reader = createArgumentReader();
  reader.present('currency', currency);
  const code = reader.currency('currency', currency) ?? '';
  reader.check();
  const digits =
    otherDigits[code] ?? minorUnitDigits.get(code) ?? fail('currency', `is ${code}, which has no minor unit`);
  if (inTens.includes(code) && !units.endsWith('0')) {
    fail('amount', `is ${units}: of ${code}, ${processor} has multiples of 10 only`);
  }
  const text = shiftPoint(units, digits);
  return parseAmount(text) === undefined ? fail('amount', `is ${units}: it has too many digits`) : text;
}

function exceptionsOf(processor: string | undefined): Exceptions {
  if (processor === undefined) return { digits: {}, inTens: [] };
  const names = Object.keys(exceptions);
  return isProcessor(processor)
    ? exceptions[processor]
    : fail('processor', `is ${kindOf(processor)}: it must be one of ${names.join(', ')}`);
}

function isProcessor(name: unknown): name is Processor {
  return Object.keys(exceptions).some((processor) => processor === name);
}

/** Digits without leading zeros; undefined for what isn't whole. A number beyond 2^53 - 1 may have lost some. */
function readUnits(amount: unknown): string | undefined {
  const isWhole =
    typeof amount === 'bigint' ||
    typeof amount === 'string' ||
    (typeof amount === 'number' && Number.isSafeInteger(amount));
  const match = isWhole ? /^0*(\d+)$/.exec(String(amount).trim()) : null;
  return match?.[1];
}

function shiftPoint(units: string, digits: number): string {
  if (digits === 0) return units;
  const padded = units.padStart(digits + 1, '0');
  return `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
}

function fail(name: string, detail: string): never {
  throw invalidCall([{ pointer: `/${name}`, code: 'invalid', detail: `${name} ${detail}` }]);
}
