import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../wire/time.ts';
import { HttpProblem } from '../http/errors.ts';
import type { Area } from '../pages/frame.ts';
import { zoneOf } from '../pages/zone.ts';
import { openCsv } from '../reading/csv.ts';
import type { Lister } from '../reading/lister.ts';
import { lists, type Reader } from '../reading/lists.ts';
import type { PageReader } from '../signin/reader.ts';
import type { Capability } from '../store/schema.ts';
import type { Store } from '../store/store.ts';

/** An area in which the views stand: the marketplace's console, the provider's page. */
export interface Place {
  area: Area;
  /** @throws SignInNeeded; HttpProblem 403 where the session may not */
  identify(request: FastifyRequest, capability?: Capability): Promise<PageReader>;
}

export interface ViewParts {
  store: Store;
  lister: Lister;
  clock: Clock;
  createId: () => string;
}

/** What a page's reader may read: an operator everything, a provider its own. */
export function scopeOf(reader: PageReader): Reader {
  if (reader.kind === 'operator') return { provider: undefined };
  const { id, partnerKey } = reader.provider;
  return { provider: { id, partnerKey } };
}

export type Filters = Readonly<Record<string, string>>;

/** The filters that a form has sent: a field that was left empty is none. */
export function filtersOf({ query }: Pick<FastifyRequest, 'query'>): Filters {
  if (typeof query !== 'object' || query === null) return {};
  return Object.fromEntries(
    Object.entries(query).filter((entry): entry is [string, string] => {
      const [, value] = entry;
      return typeof value === 'string' && value.trim() !== '';
    }),
  );
}

/** The same, whose days are those of the reader's zone. */
export function zonedFiltersOf(request: FastifyRequest): Filters {
  return { zone: zoneOf(request), ...filtersOf(request) };
}

export interface ListPage<Item> {
  items: readonly Item[];
  next: string | null;
}

/** A page of the list at that address. @throws HttpProblem 400 that names every wrong filter; StoreUnavailableError */
export async function readPage<Item>(
  lister: Lister,
  path: string,
  reader: Reader,
  query: Filters,
): Promise<ListPage<Item>> {
  lists[path]?.check(query, reader);
  return JSON.parse(Buffer.from(await lister.read(path, reader, query)).toString());
}

/** What is wrong with the filters, by field; undefined of any other error. */
export function filterErrorsOf(error: unknown): Readonly<Record<string, string>> | undefined {
  if (!(error instanceof HttpProblem) || error.problem.code !== 'invalid_parameters') return undefined;
  return Object.fromEntries(
    (error.problem.errors ?? []).map(({ pointer, detail }) => [pointer.slice(1), `${detail}.`]),
  );
}

/** Below the area, where a session counts: the list at that address as CSV and as a page of JSON. */
export function serveFiles(
  app: FastifyInstance,
  { area, identify }: Place,
  { lister, clock }: Pick<ViewParts, 'lister' | 'clock'>,
  { page, path, defaults = {} }: { page: string; path: string; defaults?: Filters },
): void {
  const url = `/${area.path}/${page}`;

  async function readerOf(request: FastifyRequest, query: Filters): Promise<Reader> {
    const reader = scopeOf(await identify(request));
    lists[path]?.check(query, reader);
    return reader;
  }

  app.get(`${url}.csv`, async (request, reply) => {
    const query = { ...defaults, ...zonedFiltersOf(request) };
    const reader = await readerOf(request, query);
    const { name, content } = await openCsv({ lister, clock }, { path, reader, query, hasMark: true });
    reply.header('content-disposition', `attachment; filename="${name}"`);
    return await reply.type('text/csv; charset=utf-8; header=present').send(content);
  });
  app.get(`${url}.json`, async (request, reply) => {
    const query = { ...defaults, ...zonedFiltersOf(request) };
    const reader = await readerOf(request, query);
    return await sendJson(reply, await lister.read(path, reader, query));
  });
}

function sendJson(reply: FastifyReply, page: Uint8Array): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(page);
}

/** An address below the request's area, with the filters that are given. */
export function addressOf(path: string, filters: Readonly<Record<string, string | undefined>> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (value) query.set(name, value);
  return query.size === 0 ? path : `${path}?${query}`;
}
