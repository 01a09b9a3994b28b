import {
  events,
  levels,
  maxNameLength,
  maxReferralLength,
  type TrackingEvent,
  type Verdict,
  verdicts,
} from '../wire/fields.ts';
import { rejectionsPath, trackingPath } from '../wire/paths.ts';
import { type ArgumentReader, createArgumentReader, isAbsent, kindOf, needObject } from './arguments.ts';
import { OnrampError } from './error.ts';
import { type ClientParts, headersOf, needSecret } from './parts.ts';
import { isObject, type JsonObject, parseObject } from './problem.ts';
import type { Rejection, TrackingRow, Trust } from './rows.ts';

interface ListFilters {
  /** How many an answer holds, 1 to 1,000; default 100. It changes how often is asked, not what is listed. */
  limit?: number | undefined;
  customerId?: string | number | undefined;
  orderId?: string | number | undefined;
  /** When it happened, or was last refused, from then on: a Date, ISO 8601 or epoch milliseconds. */
  from?: Date | string | number | undefined;
  /** And before then. */
  to?: Date | string | number | undefined;
}

/** What to list; each that is given has to fit. */
export interface RejectionFilters extends ListFilters {
  /** By its code: `invalid_fields`, `below_minimum_level`. */
  reason?: string | undefined;
}

/** What to list; each that is given has to fit. */
export interface PurchaseFilters extends ListFilters {
  /** One event or several; default: all, visits and refunds among them. */
  event?: TrackingEvent | readonly TrackingEvent[] | undefined;
  serviceName?: string | undefined;
  /** Its id. */
  referral?: string | undefined;
  /** By this listing of the marketplace. */
  listing?: string | undefined;
  /** By a link of this campaign. */
  campaign?: string | undefined;
  /** Of this level at least. */
  trust?: Trust | undefined;
  verdict?: Verdict | undefined;
  /** True: tests alone; false: none of them. */
  test?: boolean | undefined;
}

type ReadFilter = (reader: ArgumentReader, name: string, value: unknown) => string | undefined;

const readLimit: ReadFilter = (reader, name, value) => {
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 1000) return String(value);
  reader.fail(name, 'invalid', `is ${kindOf(value)}: it must be a whole number from 1 to 1,000`);
  return undefined;
};

function oneOf(words: readonly string[]): ReadFilter {
  return (reader, name, value) => {
    const word = words.find((word) => word === value);
    if (!word) reader.fail(name, 'invalid', `is ${kindOf(value)}: it must be one of ${words.join(', ')}`);
    return word;
  };
}

const readEvent = oneOf(events);

const readName: ReadFilter = (reader, name, value) => reader.text(name, value, maxNameLength);

const listFilters: Record<keyof ListFilters, ReadFilter> = {
  limit: readLimit,
  customerId: readName,
  orderId: readName,
  from: (reader, name, value) => reader.time(name, value),
  to: (reader, name, value) => reader.time(name, value),
};
const rejectionFilters: Record<keyof RejectionFilters, ReadFilter> = { ...listFilters, reason: readName };
const purchaseFilters: Record<keyof PurchaseFilters, ReadFilter> = {
  ...listFilters,
  event: (reader, name, value) =>
    (Array.isArray(value) ? value : [value]).map((event) => readEvent(reader, name, event)).join(','),
  serviceName: readName,
  listing: readName,
  campaign: readName,
  referral: (reader, name, value) => reader.text(name, value, maxReferralLength),
  trust: oneOf(levels),
  verdict: oneOf(verdicts),
  test: (reader, name, value) => {
    if (typeof value === 'boolean') return String(value);
    reader.fail(name, 'wrong_type', `is ${kindOf(value)}: it must be true or false`);
    return undefined;
  },
};

/** See Onramp. */
export function listPurchases(
  parts: ClientParts,
  filters: PurchaseFilters,
  signal: AbortSignal | undefined,
): AsyncGenerator<TrackingRow, void, void> {
  return listAll(
    parts,
    { call: 'listPurchases', path: trackingPath, readers: purchaseFilters },
    filters,
    signal,
  );
}

/** See Onramp. */
export function listRejections(
  parts: ClientParts,
  filters: RejectionFilters,
  signal: AbortSignal | undefined,
): AsyncGenerator<Rejection, void, void> {
  return listAll(
    parts,
    { call: 'listRejections', path: rejectionsPath, readers: rejectionFilters },
    filters,
    signal,
  );
}

interface List {
  call: string;
  path: string;
  readers: Readonly<Record<string, ReadFilter>>;
}

/**
 * All items, page after page, each of which is asked for when the one before it is used up.
 *
 * @throws OnrampError; the signal's reason when it is aborted; TypeError where the client has no secret
 */
async function* listAll<Item extends { id: string }>(
  parts: ClientParts,
  { call, path, readers }: List,
  filters: object,
  signal: AbortSignal | undefined,
): AsyncGenerator<Item, void, void> {
  needSecret(parts, call);
  needObject(call, filters);
  const query = readFilters(readers, filters);
  const headers = headersOf(parts);
  for (let cursor: string | undefined; ; ) {
    if (cursor !== undefined) query.set('cursor', cursor);
    const message = {
      method: 'GET' as const,
      url: parts.baseUrl + path + (query.size > 0 ? `?${query}` : ''),
      headers,
    };
    const { status, text, attempts } = await parts.send(() => message, [200], signal);
    const page = parseObject(text);
    // A cursor that comes again would be followed for ever.
    if (!isPage<Item>(page) || (cursor !== undefined && page.next === cursor)) {
      const what = `The answer ${status} isn't a page of a marketplace's list. Is baseUrl right?`;
      const body = text.slice(0, 500);
      throw new OnrampError('unexpected_answer', what, { attempts, retryable: false, status, body });
    }
    yield* page.items;
    if (!page.next) return;
    cursor = page.next;
  }
}

/** A name that isn't known is an error: were it left out, everything would be listed. */
function readFilters(readers: Readonly<Record<string, ReadFilter>>, filters: object): URLSearchParams {
  const reader = createArgumentReader();
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) {
    if (isAbsent(value)) continue;
    const read = Object.hasOwn(readers, name) ? readers[name] : undefined;
    if (!read) {
      reader.fail(name, 'unknown', `is no filter here: there are ${Object.keys(readers).join(', ')}`);
      continue;
    }
    query.set(name, read(reader, name, value) ?? '');
  }
  reader.check();
  return query;
}

function isPage<Item>(page: JsonObject | undefined): page is { items: Item[]; next?: string | null } {
  if (!page || !Array.isArray(page.items) || !page.items.every(isObject)) return false;
  return isAbsent(page.next) || typeof page.next === 'string';
}
