import type { z } from 'zod';
import { rejectionsPath, trackingPath } from '../../wire/paths.ts';
import { presentOrder } from '../provisioning/present.ts';
import type { Provider } from '../store/providers.ts';
import { providerPool } from '../store/rejections.ts';
import type { ListStore } from '../store/store.ts';
import { presentReport, presentSubscription } from '../subscriptions/present.ts';
import { presentClick, presentRejection, presentTracking } from '../tracking/present.ts';
import { pageOf, pageQuery, parseQuery, reportsQuery, subscriptionsQuery, trackingsQuery } from './query.ts';

/** Who reads. */
export type Reader = Pick<Provider, 'id' | 'partnerKey'>;

export interface List {
  /** @throws HttpProblem 400 that names every wrong parameter */
  check(query: unknown): void;
  /** A page as it is answered, in JSON; of a query that was checked. */
  read(store: ListStore, reader: Reader, query: unknown): Promise<string>;
}

interface ListParts<Query, Row> {
  query: z.ZodType<Query>;
  rows: (store: ListStore, reader: Reader, query: Omit<Query, 'cursor'> & StorePage) => Promise<Row[]>;
  /** What the cursor of the next page is when the row is the last of its page. */
  position: (row: Row) => string;
  present: (row: Row) => object;
}

/** A page as the store takes it. */
interface StorePage {
  limit: number;
  before: string | undefined;
}

function list<Query extends { limit: number; cursor?: string | undefined }, Row>(
  parts: ListParts<Query, Row>,
): List {
  return {
    check: (query) => void parseQuery(parts.query, query),
    async read(store, reader, query) {
      const { cursor, ...filters } = parseQuery(parts.query, query);
      const { limit } = filters;
      const rows = await parts.rows(store, reader, { ...filters, before: cursor, limit: limit + 1 });
      const { items, next } = pageOf(rows, limit, parts.position);
      return JSON.stringify({ items: items.map(parts.present), next });
    },
  };
}

const byId = ({ id }: { id: string }) => id;

/** What a provider reads back, by address: its own only, newest first. */
export const lists: Readonly<Record<string, List>> = {
  [trackingPath]: list({
    query: trackingsQuery,
    rows: (store, { id: providerId }, { event: events, ...query }) =>
      store.listTrackings({ ...query, providerId, events }),
    position: byId,
    present: presentTracking,
  }),
  '/api/clicks': list({
    query: pageQuery,
    rows: (store, { id: providerId }, query) => store.listClicks({ ...query, providerId }),
    position: byId,
    present: presentClick,
  }),
  [rejectionsPath]: list({
    query: pageQuery,
    rows: (store, { partnerKey }, query) =>
      store.listRejections({ ...query, pool: providerPool(partnerKey) }),
    position: ({ latestId }) => latestId,
    present: presentRejection,
  }),
  '/api/subscriptions': list({
    query: subscriptionsQuery,
    rows: (store, { id: providerId }, query) => store.listSubscriptions({ ...query, providerId }),
    position: byId,
    present: presentSubscription,
  }),
  '/api/subscriptions/reports': list({
    query: reportsQuery,
    rows: (store, { id: providerId }, query) => store.listReports({ ...query, providerId }),
    position: byId,
    present: presentReport,
  }),
  '/api/orders': list({
    query: pageQuery,
    rows: (store, { id: providerId }, query) => store.listOrders({ ...query, providerId }),
    position: byId,
    present: presentOrder,
  }),
};

/**
 * A page of the list at that address.
 *
 * @throws StoreUnavailableError; Error when there is no such list
 */
export async function readList(
  store: ListStore,
  path: string,
  reader: Reader,
  query: unknown,
): Promise<string> {
  const list = lists[path];
  if (!list) throw new Error(`There is no list at ${path}.`);
  return await list.read(store, reader, query);
}
