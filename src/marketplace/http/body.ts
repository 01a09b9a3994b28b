import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpProblem } from './errors.ts';
import type { Fields } from './fields.ts';

const titles = {
  unreadable: 'The message cannot be read',
  not_an_object: 'The message is not an object',
} as const;

/** A body or query that no fields can be read from: 400. */
export class UnreadableBody extends HttpProblem {
  readonly reason: keyof typeof titles;

  constructor(reason: keyof typeof titles, detail: string) {
    super({ status: 400, code: reason, title: titles[reason], detail });
    this.reason = reason;
  }
}

/** Decodes strictly: a byte that isn't UTF-8 would silently become another customer's name. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The fields of a body. What starts like JSON is JSON whatever its type says, since beacons cannot always say
 * it; anything else is a form where the type says so.
 *
 * @throws UnreadableBody when it can't be read as an object
 */
export function readBody(body: Uint8Array, isForm: boolean): Fields {
  const text = decode(body);
  if (/^\s*[{[]/.test(text)) return readJson(text);
  if (isForm && text.trim() !== '') return readForm(text);
  throw new UnreadableBody(
    'not_an_object',
    text.trim() === ''
      ? 'The body is empty. Send a JSON object or form fields.'
      : 'The body is neither a JSON object nor declared as application/x-www-form-urlencoded.',
  );
}

/**
 * The fields of a form.
 *
 * @throws UnreadableBody when its octets aren't UTF-8
 */
export function readForm(text: string): Fields {
  requireUtf8(text);
  return readQuery(text);
}

/** @throws UnreadableBody for a form or query whose octets aren't UTF-8 */
export function requireUtf8(text: string): void {
  if (isUtf8(text)) return;
  // It may only have a percent sign that encodes nothing, which is taken as one.
  for (const [octets] of text.matchAll(/(?:%[0-9a-f]{2})+/gi)) {
    if (!isUtf8(octets)) throw new UnreadableBody('unreadable', 'The percent-encoded octets are not UTF-8.');
  }
}

/** The query of a request's address, without its question mark. */
export function queryOf(address: string): string {
  const start = address.indexOf('?');
  return start < 0 ? '' : address.slice(start + 1);
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
    throw new UnreadableBody('unreadable', 'The body is not UTF-8.');
  }
}

function readJson(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text, exactIntegers(text));
  } catch {
    throw new UnreadableBody('unreadable', 'The body starts like JSON but is not valid JSON.');
  }
  if (isObject(value)) return value;
  throw new UnreadableBody(
    'not_an_object',
    'The body is a JSON array. Send one JSON object for each message.',
  );
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Keeps the digits of ids that a number would round: two customers must not become one. A reviver for JSON.parse. */
export function exactIntegers(text: string) {
  if (!/\d{16}/.test(text)) return undefined;
  return (_name: string, value: unknown, { source }: { source?: string } = {}) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source ?? '')
      ? source
      : value;
}

/** The contract's limit; the longest possible message has about 12 KB. */
const maxBodyBytes = 16 * 1024;
/** A client that writes all before it reads would miss the answer if the connection closed under it. */
const maxDiscardedBytes = 4 * 1024 * 1024;

export const formType = 'application/x-www-form-urlencoded';

/**
 * Gives every handler the bytes of its body, whatever their type is said to be. Fastify answers 415 to a type that
 * it can't parse; here a type only tells a form from the rest, so it is formType or application/octet-stream.
 */
export function takeAnyContentType(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request: FastifyRequest, payload: IncomingMessage) =>
    readWholeBody(payload),
  );
  app.addHook('onRequest', async ({ raw }) => {
    const isForm = raw.headers['content-type']?.trim().toLowerCase().startsWith(formType);
    raw.headers['content-type'] = isForm ? formType : 'application/octet-stream';
  });
}

/**
 * Reads a whole request body, of at most 16 KiB. What goes beyond is read, up to 4 MiB, and thrown away.
 *
 * @throws HttpProblem 413 when it is longer, 400 when it breaks off
 */
export async function readWholeBody(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  // Not for await: for a body that comes in one piece, an iterator costs more than all the rest.
  const isWhole = await new Promise<boolean>((resolve) => {
    const take = (chunk: Buffer) => {
      length += chunk.length;
      if (length <= maxBodyBytes) chunks.push(chunk);
      if (length <= maxDiscardedBytes) return;
      stream.off('data', take).pause();
      resolve(true);
    };
    stream.on('data', take);
    stream.on('end', () => resolve(true));
    stream.on('error', () => resolve(false));
    stream.on('close', () => resolve(false));
  });
  if (!isWhole) throw new HttpProblem({ status: 400, code: 'incomplete', detail: 'The body broke off.' });
  if (length <= maxBodyBytes) return Buffer.concat(chunks);
  const detail = 'The body is longer than 16 KiB. Send each message by itself.';
  throw new HttpProblem({ status: 413, code: 'too_large', detail }, { connection: 'close' });
}
