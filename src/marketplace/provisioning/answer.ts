import { fieldNames } from '../../wire/account.ts';
import { toStoredText } from '../../wire/text.ts';
import { readBody } from '../http/body.ts';
import type { Fields } from '../http/fields.ts';
import { redactSecrets } from '../providers/secret.ts';
import type { BuyerFailure } from '../store/orders.ts';
import type { Password } from './password.ts';

/** Longest of what a provider says that is kept and shown, in code points. */
const maxDetailLength = 500;
const maxErrorLength = 200;
const maxCoidLength = 200;

/** In the article's spelling first, then as providers of 2017 wrote it. */
const coidNames = ['coid', 'coId', 'CoID', 'id'];

/** The fields of a provider's answer; undefined when it is no JSON object. */
export function readAnswer(body: Uint8Array): Fields | undefined {
  try {
    return readBody(body, false);
  } catch {
    return undefined;
  }
}

/** The customer's id at the provider, text or number; undefined where there is none that can be kept. */
export function readCoid(answer: Fields, password: Password | undefined): string | undefined {
  for (const name of coidNames) {
    const value = answer[name];
    const coid =
      typeof value === 'number' ? String(value) : typeof value === 'string' ? cleanText(value) : '';
    const isKept = coid !== '' && Array.from(coid).length <= maxCoidLength && !password?.isShownBy(coid);
    if (isKept) return coid;
  }
  return undefined;
}

/**
 * What a refusal says to the buyer: `detail` (or `message`, `error`), and `errors` by field, either as an object or
 * as a list of {pointer or field, detail or message}. Without the password, whatever is echoed, and cut.
 */
export function readFailure(answer: Fields | undefined, password: Password | undefined): BuyerFailure {
  if (!answer) return { errors: {} };
  const { detail, message, error } = answer;
  const said = [detail, message, error].find((text) => typeof text === 'string' && text !== '');
  const errors = Object.fromEntries(
    errorsOf(answer.errors).flatMap(([pointer, value]) => {
      const field = pointer.replace(/^#?\/?/, '');
      const text = keptText(value, maxErrorLength, password);
      return text !== undefined && fieldNames.some((name) => name === field) ? [[field, text]] : [];
    }),
  );
  return { detail: keptText(said, maxDetailLength, password), errors };
}

function errorsOf(errors: unknown): [pointer: string, text: unknown][] {
  if (Array.isArray(errors)) {
    return errors.filter(isObject).map((error) => {
      return [String(error.pointer ?? error.field ?? ''), error.detail ?? error.message];
    });
  }
  if (!isObject(errors)) return [];
  return Object.entries(errors).map(([field, value]) => [field, Array.isArray(value) ? value[0] : value]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function keptText(value: unknown, maxLength: number, password: Password | undefined): string | undefined {
  if (typeof value !== 'string') return undefined;
  const redacted = redactSecrets(password ? password.redact(value) : value);
  const codePoints = Array.from(cleanText(redacted));
  if (codePoints.length === 0) return undefined;
  return codePoints.length > maxLength
    ? `${codePoints.slice(0, maxLength - 1).join('')}…`
    : codePoints.join('');
}

/** One line, without characters that could turn what stands beside it around. */
function cleanText(text: string): string {
  return toStoredText(text)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/\p{Bidi_Control}/gu, '')
    .trim();
}
