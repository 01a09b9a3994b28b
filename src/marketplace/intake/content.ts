import type { Fields } from './fields.ts';
import { Refusal } from './refusal.ts';

/** Decodes strictly: a byte that isn't UTF-8 would silently become another customer's name. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The fields of a body. What starts like JSON is JSON whatever its type says, since beacons cannot always say
 * it; anything else is a form where the type says so.
 *
 * @throws Refusal when it can't be read as an object
 */
export function readBody(body: Uint8Array, isForm: boolean): Fields {
  const text = decode(body);
  if (/^\s*[{[]/.test(text)) return readJson(text);
  if (isForm && text.trim() !== '') return readForm(text);
  throw new Refusal(
    'not_an_object',
    text.trim() === ''
      ? 'The body is empty. Send a JSON object or form fields.'
      : 'The body is neither a JSON object nor declared as application/x-www-form-urlencoded.',
  );
}

/**
 * The fields of a form.
 *
 * @throws Refusal when its octets aren't UTF-8
 */
export function readForm(text: string): Fields {
  requireUtf8(text);
  return readQuery(text);
}

/** @throws Refusal for a form or query whose octets aren't UTF-8 */
export function requireUtf8(text: string): void {
  for (const [octets] of text.matchAll(/(?:%[0-9a-f]{2})+/gi)) {
    if (!isUtf8(octets)) throw new Refusal('unreadable', 'The percent-encoded octets are not UTF-8.');
  }
}

/** The fields of a query string, whatever their octets; of a field that is repeated, the first counts. */
export function readQuery(text: string): Record<string, string> {
  const fields: Record<string, string> = Object.create(null);
  for (const [name, value] of new URLSearchParams(text)) fields[name] ??= value;
  return fields;
}

function isUtf8(octets: string): boolean {
  try {
    decodeURIComponent(octets);
    return true;
  } catch {
    return false;
  }
}

function decode(body: Uint8Array): string {
  try {
    return utf8.decode(body);
  } catch {
    throw new Refusal('unreadable', 'The body is not UTF-8.');
  }
}

function readJson(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text, exactIntegers(text));
  } catch {
    throw new Refusal('unreadable', 'The body starts like JSON but is not valid JSON.');
  }
  if (isObject(value)) return value;
  throw new Refusal('not_an_object', 'The body is a JSON array. Send one JSON object for each message.');
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Keeps the digits of ids that a number would round: two customers must not become one. */
function exactIntegers(text: string) {
  if (!/\d{16}/.test(text)) return undefined;
  return (_name: string, value: unknown, { source }: { source?: string } = {}) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? '')
      ? source
      : value;
}
