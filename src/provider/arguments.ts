import { parseAmount, parseCurrency } from '../wire/money.ts';
import { isTemplateLeftover, lengthOf, toStoredText } from '../wire/text.ts';
import { formatTime, parseTime } from '../wire/time.ts';
import { type FieldError, invalidCall } from './error.ts';
import { isObject, type JsonObject } from './problem.ts';

/** Reads a call's arguments and keeps account of the wrong ones. Undefined, null and blank text count as absent. */
export interface ArgumentReader {
  /**
   * Text, or a number as its text, of at most that many code points, without the blanks around it: the marketplace
   * takes it so, and a signature has to cover the same. What a template left unfilled is wrong.
   */
  text(name: string, value: unknown, maxLength: number): string | undefined;
  /** The same, and an error when it is absent. */
  required(name: string, value: unknown, maxLength: number): string;
  /** A Date, an ISO 8601 text or epoch milliseconds, as 2017-03-01T10:00:00.000Z. */
  time(name: string, value: unknown): string | undefined;
  /** The same, but of a text only the service says whether it is one: it takes more forms, and answers which. */
  moment(name: string, value: unknown): void;
  /** An http or https address, as text or URL: origin and path, since a query may hold what is nobody's business. */
  address(name: string, value: unknown): string | undefined;
  /** A decimal of major units, 0 or more, in the form in which it is signed. */
  amount(name: string, value: unknown): string | undefined;
  /** An ISO 4217 code, in capitals. */
  currency(name: string, value: unknown): string | undefined;
  /** An error when it is absent. */
  present(name: string, value: unknown): void;
  fail(name: string, code: string, detail: string): void;
  /** @throws OnrampError `invalid` when there was an error */
  check(): void;
}

export function createArgumentReader(): ArgumentReader {
  const errors: FieldError[] = [];
  const reader: ArgumentReader = {
    text(name, value, maxLength) {
      if (isAbsent(value)) return undefined;
      if (typeof value !== 'string' && typeof value !== 'number') {
        reader.fail(name, 'wrong_type', `is ${kindOf(value)}: it must be text`);
        return undefined;
      }
      const text = toStoredText(String(value).trim());
      if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) {
        reader.fail(name, 'invalid', `is ${value}: a number so large has lost digits, give it as text`);
      } else if (isTemplateLeftover(text)) {
        reader.fail(name, 'not_filled_in', `is ${JSON.stringify(text)}: a template that was not filled in`);
      }
      if (lengthOf(text) > maxLength) {
        reader.fail(name, 'too_long', `must not be longer than ${maxLength} characters`);
      }
      return text;
    },
    required(name, value, maxLength) {
      reader.present(name, value);
      return reader.text(name, value, maxLength) ?? '';
    },
    time(name, value) {
      if (isAbsent(value)) return undefined;
      const source = value instanceof Date ? value.getTime() : value;
      const sent = typeof source === 'string' ? source.trim() : source;
      const time = typeof sent === 'string' || typeof sent === 'number' ? parseTime(sent) : undefined;
      if (time !== undefined) return formatTime(time);
      reader.fail(
        name,
        'invalid',
        'must be a Date, an ISO 8601 date or date-time such as 2017-03-01T10:00:00Z, or epoch milliseconds',
      );
      return undefined;
    },
    moment(name, value) {
      if (typeof value !== 'string' || value.trim() === '') reader.time(name, value);
    },
    address(name, value) {
      if (isAbsent(value)) return undefined;
      const url = typeof value === 'string' || value instanceof URL ? parseUrl(String(value)) : undefined;
      if (url && /^https?:$/.test(url.protocol)) return url.origin + url.pathname;
      reader.fail(name, 'invalid', `is ${kindOf(value)}: it must be an http or https address`);
      return undefined;
    },
    amount(name, value) {
      if (isAbsent(value)) return undefined;
      const amount = typeof value === 'string' || typeof value === 'number' ? parseAmount(value) : undefined;
      const hint = Number(value) < 0 ? '; of a refund, too, it is what was given back' : '';
      if (amount === undefined) {
        const wanted = "it must be a decimal number of major units, 0 or more, such as '49.90'";
        reader.fail(name, 'invalid', `is ${kindOf(value)}: ${wanted}${hint}`);
      }
      return amount;
    },
    currency(name, value) {
      if (isAbsent(value)) return undefined;
      const currency = typeof value === 'string' ? parseCurrency(value) : undefined;
      if (currency === undefined) {
        const isSymbol = typeof value === 'string' && /\p{Sc}/u.test(value);
        const hint = isSymbol ? ': a symbol may be that of several currencies' : '';
        reader.fail(name, 'invalid', `is ${kindOf(value)}: it must be an ISO 4217 code, such as EUR${hint}`);
      }
      return currency;
    },
    present(name, value) {
      if (isAbsent(value)) reader.fail(name, 'required', 'is required');
    },
    fail: (name, code, detail) => errors.push({ pointer: `/${name}`, code, detail: `${name} ${detail}` }),
    check() {
      if (errors.length > 0) throw invalidCall(errors);
    },
  };
  return reader;
}

/** @throws OnrampError `invalid` for what is no object, as plain JavaScript may hand it over */
export function needObject(call: string, given: unknown): asserts given is JsonObject {
  if (isObject(given)) return;
  const detail = `${call} takes an object, and was given ${kindOf(given)}`;
  throw invalidCall([{ pointer: '', code: 'wrong_type', detail }]);
}

/** The same for options, which are a program's and no call's. @throws TypeError */
export function needOptions(name: string, options: unknown): void {
  if (!isObject(options))
    throw new TypeError(`${name}: its options have to be an object, and are ${kindOf(options)}.`);
}

/** Whether a call says nothing there: undefined, null, or a text of blanks. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** Text and numbers as they are; of anything else only what it is, since it may hold anything. */
export function kindOf(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100));
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (value === undefined || value === null) return `${value}`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
