import type { z } from 'zod';
import { rejectionsPath, trackingPath } from '../../wire/paths.ts';
import { HttpProblem } from '../http/errors.ts';
import { presentOrder } from '../provisioning/present.ts';
import type { Provider } from '../store/providers.ts';
import { providerPool } from '../store/rejections.ts';
import type { ListStore } from '../store/store.ts';
import { presentReport, presentSubscription } from '../subscriptions/present.ts';
import { presentClick, presentRejection, presentTracking } from '../tracking/present.ts';
import {
  clickColumns,
  type ListColumn,
  orderColumns,
  rejectionColumns,
  reportColumns,
  subscriptionColumns,
  trackingColumns,
} from './columns.ts';
import {
  pageOf,
  pageQuery,
  parseQuery,
  rejectionsQuery,
  reportsQuery,
  subscriptionsQuery,
  trackingsQuery,
} from './query.ts';

/** Who reads: a provider what is its own, or, where it is none, the marketplace everything. */
export interface Reader {
  provider: Pick<Provider, 'id' | 'partnerKey'> | undefined;
}

/** When providers were last heard of: Arrivals of the store. */
export const arrivalsPath = 'arrivals';
/** How many rejections there are for each reason: RefusedReason of the store. */
export const refusedReasonsPath = 'refused reasons';

export interface List {
  /** @throws HttpProblem 400 that names every wrong parameter */
  check(query: unknown, reader: Reader): void;
  /** A page as it is answered, in JSON; of a query that was checked. */
  read(store: ListStore, reader: Reader, query: unknown): Promise<string>;
  /** What its rows are called, and the columns that CSV has of them. */
  name: string;
  columns: readonly ListColumn[];
}

interface PageParameters {
  limit: number;
  cursor?: string | undefined;
  partnerKey?: string | undefined;
  zone?: string | undefined;
}

interface ListParts<Query extends PageParameters, Row> {
  name: string;
  columns: readonly ListColumn[];
  query: z.ZodType<Query>;
  rows: (
    store: ListStore,
    query: Omit<Query, keyof PageParameters> & StorePage,
    reader: Reader,
  ) => Promise<Row[]>;
  /** What the cursor of the next page is when the row is the last of its page. */
  position: (row: Row) => string;
  present: (row: Row) => object;
}

/** A page as the store takes it, and whose. */
interface StorePage {
  limit: number;
  before: string | undefined;
  /** Undefined: of all. */
  owner: Owner | undefined;
}

interface Owner {
  partnerKey: string;
  /** Undefined where no provider has the key. */
  id: number | undefined;
}

function list<Query extends PageParameters, Row>(parts: ListParts<Query, Row>): List {
  const { name, columns } = parts;
  return {
    name,
    columns,
    check: (query, reader) => refuseOthersKey(parseQuery(parts.query, query), reader),
    async read(store, reader, query) {
      const { cursor, partnerKey, zone: _zone, limit, ...filters } = parseQuery(parts.query, query);
      const owner = await findOwner(store, reader, partnerKey);
      const rows = await parts.rows(store, { ...filters, owner, before: cursor, limit: limit + 1 }, reader);
      const { items, next } = pageOf(rows, limit, parts.position);
      return JSON.stringify({ items: items.map(parts.present), next });
    },
  };
}

/** A provider reads its own, whatever key it asks for. */
export async function findOwner(store: ListStore, { provider }: Reader, partnerKey: string | undefined) {
  if (provider || partnerKey === undefined) return provider;
  return { partnerKey, id: (await store.findProvider(partnerKey))?.id };
}

/** @throws HttpProblem 400 where a provider asks for another one's */
export function refuseOthersKey(
  { partnerKey }: { partnerKey?: string | undefined },
  { provider }: Reader,
): void {
  if (!provider || partnerKey === undefined || partnerKey === provider.partnerKey) return;
  const detail = "partnerKey must be your own: nobody reads another provider's rows.";
  const errors = [{ pointer: '/partnerKey', code: 'invalid', detail }];
  throw new HttpProblem({ status: 400, code: 'invalid_parameters', detail, errors });
}

/** Rows that belong to a provider by its id. */
function owned<Query extends { owner: Owner | undefined }, Row>(
  rows: (
    store: ListStore,
    query: Omit<Query, 'owner'> & { providerId: number | undefined },
  ) => Promise<Row[]>,
) {
  return async (store: ListStore, { owner, ...query }: Query): Promise<Row[]> =>
    owner && owner.id === undefined ? [] : await rows(store, { ...query, providerId: owner?.id });
}

/** To the marketplace also those that named the key before a provider had it. */
export function rejectionsOf(provider: Reader['provider'], partnerKey: string | undefined) {
  return provider ? { providerId: provider.id, pool: providerPool(provider.partnerKey) } : { partnerKey };
}

const byId = ({ id }: { id: string }) => id;

/** What is read back, by address: newest first. */
export const lists: Readonly<Record<string, List>> = {
  [trackingPath]: list({
    name: 'trackings',
    columns: trackingColumns,
    query: trackingsQuery,
    rows: owned((store, { event: events, test: isTest, ...query }) =>
      store.listTrackings({ ...query, events, isTest }),
    ),
    position: byId,
    present: presentTracking,
  }),
  '/api/clicks': list({
    name: 'clicks',
    columns: clickColumns,
    query: pageQuery,
    rows: owned((store, query) => store.listClicks(query)),
    position: byId,
    present: presentClick,
  }),
  [rejectionsPath]: list({
    name: 'rejections',
    columns: rejectionColumns,
    query: rejectionsQuery,
    rows: (store, { owner, ...query }, { provider }) =>
      store.listRejections({
        ...query,
        ...rejectionsOf(provider, owner?.partnerKey),
      }),
    position: ({ latestId }) => latestId,
    present: presentRejection,
  }),
  '/api/subscriptions': list({
    name: 'subscriptions',
    columns: subscriptionColumns,
    query: subscriptionsQuery,
    rows: owned((store, query) => store.listSubscriptions(query)),
    position: byId,
    present: presentSubscription,
  }),
  '/api/subscriptions/reports': list({
    name: 'reports',
    columns: reportColumns,
    query: reportsQuery,
    rows: owned((store, query) => store.listReports(query)),
    position: byId,
    present: presentReport,
  }),
  '/api/orders': list({
    name: 'orders',
    columns: orderColumns,
    query: pageQuery,
    rows: owned((store, query) => store.listOrders(query)),
    position: byId,
    present: presentOrder,
  }),
};
