import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { HttpProblem } from './errors.ts';
import { type Fields, isObject } from './fields.ts';
import { BrokenText, charsetDeclared, decodeBody, decodePercents } from './octets.ts';

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

/**
 * The fields of a body. What starts like JSON is JSON whatever its type says, since beacons cannot always say
 * it; anything else is a form where the type says so. A field whose octets can't be read is a BrokenText, alone.
 *
 * @param charset as it was declared
 * @throws UnreadableBody when it can't be read as an object
 */
export function readBody(body: Uint8Array, isForm: boolean, charset?: string): Fields {
  const { text, isWhole } = decodeBody(body, charset);
  if (/^\s*[{[]/.test(text)) return readJson(text, isWhole);
  if (isForm && text.trim() !== '') {
    // A mark is none of the first field's name.
    return readForm(text.replace(/^\uFEFF/, ''), isWhole, charset);
  }
  throw new UnreadableBody(
    'not_an_object',
    text.trim() === ''
      ? 'The body is empty. Send a JSON object or form fields.'
      : 'The body is neither a JSON object nor a form of the type application/x-www-form-urlencoded (multipart/form-data is not read).',
  );
}

/**
 * The fields of a form or a query; of a field that is repeated, the first counts.
 *
 * @param isWhole whether the octets of the text itself could be read
 * @param charset of its percent-encoded octets
 */
export function readForm(text: string, isWhole = true, charset?: string): Fields {
  if (isWhole && isUtf8(text) && (charset === undefined || /^utf-?8$/i.test(charset))) return readQuery(text);
  const fields: Record<string, string | BrokenText> = Object.create(null);
  for (const pair of text.split('&')) {
    const end = pair.includes('=') ? pair.indexOf('=') : pair.length;
    const name = decodePercents(pair.slice(0, end), charset).text;
    const value = decodePercents(pair.slice(end + 1), charset);
    if (pair !== '') fields[name] ??= toField(value.text, isWhole && value.isWhole);
  }
  return fields;
}

/** Where not all octets could be read, those that couldn't are told by what stands for them. */
function toField(text: string, isWhole: boolean): string | BrokenText {
  return isWhole || !text.includes('\uFFFD') ? text : new BrokenText(text);
}

/**
 * The fields of a form.
 *
 * @throws UnreadableBody when its octets aren't UTF-8
 */
export function readUtf8Form(text: string): Record<string, string> {
  if (isUtf8(text)) return readQuery(text);
  // It may only have a percent sign that encodes nothing, which is taken as one.
  if (decodePercents(text).isWhole) return readQuery(text);
  throw new UnreadableBody('unreadable', 'The percent-encoded octets are not UTF-8.');
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

function readJson(text: string, isWhole: boolean): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text.trim(), exactIntegers(text));
  } catch {
    throw new UnreadableBody('unreadable', 'The body starts like JSON but is not valid JSON.');
  }
  if (isObject(value) && !Array.isArray(value)) return isWhole ? value : withBrokenTexts(value);
  throw new UnreadableBody(
    'not_an_object',
    'The body is a JSON array. Send one JSON object for each message.',
  );
}

function withBrokenTexts(fields: Fields): Fields {
  const entries = Object.entries(fields);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? toField(value, false) : value]),
  );
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

const formType = 'application/x-www-form-urlencoded';

/** What a body is declared to be, as takeAnyContentType leaves it. */
export interface BodyType {
  isForm: boolean;
  charset: string | undefined;
}

export function bodyTypeOf({ headers }: Pick<FastifyRequest, 'headers'>): BodyType {
  const [type = '', charset] = headers['content-type']?.split('; charset=') ?? [];
  return { isForm: type === formType, charset };
}

/**
 * Gives every handler the bytes of its body, whatever their type is said to be. Fastify answers 415 to a type that
 * it can't parse; here a type only tells a form from the rest and names a charset, so nothing else of it is left.
 */
export function takeAnyContentType(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request: FastifyRequest, payload: IncomingMessage) =>
    readWholeBody(payload),
  );
  app.addHook('onRequest', async ({ raw }) => {
    const declared = raw.headers['content-type']?.trim().toLowerCase() ?? '';
    const type = declared.startsWith(formType) ? formType : 'application/octet-stream';
    const charset = charsetDeclared(declared);
    raw.headers['content-type'] = charset === undefined ? type : `${type}; charset=${charset}`;
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
