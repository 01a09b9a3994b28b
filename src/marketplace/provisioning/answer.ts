import { fieldNames } from '../../wire/account.ts';
import { cutText, isTemplateLeftover, lengthOf, toComparedText, toStoredText } from '../../wire/text.ts';
import { exactIntegers } from '../http/body.ts';
import { isObject } from '../http/fields.ts';
import { decodeAnswer } from '../http/octets.ts';
import { redact } from '../providers/secret.ts';
import type { BuyerFailure } from '../store/orderAttempts.ts';
import type { Password } from './password.ts';

/** Longest of what a provider says that is kept and shown, in code points. */
const maxDetailLength = 500;
const maxErrorLength = 200;
const maxCoidLength = 200;

/** In the article's spelling first, then as providers of 2017 wrote it. */
const coidNames = ['coid', 'coId', 'CoID'];

/** What a provider's answer says. */
export interface Said {
  text: string;
  /** Its JSON, a bare id with leading zeros as text; undefined where it is neither. */
  value: unknown;
}

/** @param contentType the header, whose charset counts where the bytes don't tell it */
export function readAnswer(body: Uint8Array, contentType?: string): Said {
  const text = decodeAnswer(body, contentType);
  try {
    return { text, value: JSON.parse(text, exactIntegers(text)) };
  } catch {
    return { text, value: /^\d+$/.test(text) ? text : undefined };
  }
}

/**
 * The customer's id at the provider: `coid` or `id` of an object, a coid of an object within it (`data` may say `id`
 * too, as in JSON:API), or the answer itself, text or number; as customers' ids are compared, by which it is forgotten and
 * reported on. Undefined where there is none that can be kept.
 */
export function readCoid({ value: answer }: Said, password: Password | undefined): string | undefined {
  return candidatesOf(answer)
    .map((value) => (typeof value === 'number' ? String(value) : value))
    .map((value) => (typeof value === 'string' ? toComparedText(cleanText(value)) : ''))
    .find((coid) => {
      const isWhole = coid !== '' && lengthOf(coid) <= maxCoidLength;
      return isWhole && !isTemplateLeftover(coid) && !password?.isShownBy(coid);
    });
}

function candidatesOf(answer: unknown): unknown[] {
  if (typeof answer === 'number') return [answer];
  if (typeof answer === 'string') return statusWords.test(answer) ? [] : [answer];
  if (!isObject(answer) || Array.isArray(answer)) return [];
  const within = Object.values(answer).filter(isObject);
  const { id, data } = answer;
  return [
    ...coidNames.map((name) => answer[name]),
    id,
    ...within.flatMap((object) => coidNames.map((name) => object[name])),
    isObject(data) ? data.id : undefined,
  ];
}

/** A text that only says that it went well is nobody's id. */
const statusWords = /^\s*(ok|okay|created|success|done|true)[.!]?\s*$/i;

/**
 * What a refusal says to the buyer: `detail` (or `message`, `error`), and `errors` by field, either as an object or
 * as a list of {pointer or field, detail or message}. Without the password, whatever is echoed, and cut.
 */
export function readFailure({ value: answer }: Said, password: Password | undefined): BuyerFailure {
  if (!isObject(answer)) return { errors: {} };
  const { detail, message, error } = answer;
  const said = [detail, message, error].find((text) => typeof text === 'string' && text !== '');
  const errors = Object.fromEntries(
    errorsOf(answer.errors).flatMap(([field, value]) => {
      const text = keptText(value, maxErrorLength, password);
      return text !== undefined && fieldNames.some((name) => name === field) ? [[field, text]] : [];
    }),
  );
  return { detail: keptText(said, maxDetailLength, password), errors };
}

/** Where a redirect leads, without the query, which may hold what is secret; undefined for none. */
export function readLocation(location = ''): string | undefined {
  return keptText(location.split(/[?#]/, 1)[0], maxErrorLength, undefined);
}

/** The fields of an order that a refusal names, the marketplace's own key among them. */
export function readRefusedFields({ value: answer }: Said): string[] {
  if (!isObject(answer)) return [];
  const names: readonly string[] = [...fieldNames, 'resellerkey'];
  return errorsOf(answer.errors).flatMap(([field]) => (names.includes(field) ? [field] : []));
}

/**
 * Whether a refusal is about the call and not about what the buyer entered, having no word on any field: many verifiers
 * of Standard Webhooks are mounted so that a wrong secret answers 400.
 */
export function isAboutSignature(said: Said): boolean {
  const words = /signature|webhook|hmac|required headers|message timestamp/i;
  return readRefusedFields(said).length === 0 && words.test(said.text);
}

function errorsOf(errors: unknown): [field: string, text: unknown][] {
  if (Array.isArray(errors)) {
    return errors.filter(isObject).map((error) => {
      const pointer = String(error.pointer ?? error.field ?? '');
      return [pointer.replace(/^#?\/?/, ''), error.detail ?? error.message];
    });
  }
  if (!isObject(errors)) return [];
  return Object.entries(errors).map(([field, value]) => [field, Array.isArray(value) ? value[0] : value]);
}

function keptText(value: unknown, maxLength: number, password: Password | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = cleanText(redact(password ? password.redact(value) : value));
  if (text === '') return undefined;
  return lengthOf(text) > maxLength ? `${cutText(text, maxLength - 1)}…` : text;
}

/** One line, without characters that could turn what stands beside it around. */
function cleanText(text: string): string {
  return toStoredText(text)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/\p{Bidi_Control}/gu, '')
    .trim();
}
