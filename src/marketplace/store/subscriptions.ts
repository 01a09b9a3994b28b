import type { PageQuery } from './store.ts';

/**
 * What providers report of their customers' subscriptions. Reports are only ever added. Of two, the newer one is
 * the one that was committed later, whatever clocks and ids say.
 */
export interface SubscriptionStore {
  findReport(id: string): Promise<ReportRow | undefined>;
  /** Newest first. */
  listReports(query: ReportQuery): Promise<ReportRow[]>;
  /** Ordered by when each was first reported, newest first, so that no report moves one while a caller pages. */
  listSubscriptions(query: SubscriptionQuery): Promise<SubscriptionRow[]>;
  /** Forgets Idempotency-Keys first used before that time; returns how many. Reports stay. */
  purgeIdempotencyKeys(usedBefore: number): Promise<number>;
}

/**
 * A report to be added. With an Idempotency-Key that the provider has used within 7 days nothing is written: the
 * outcome is `duplicate`, with the id of the first report, or `conflict` where that one said something else.
 */
export interface ReportEntry {
  kind: 'report';
  id: string;
  providerId: number;
  report: Report;
  receivedAt: number;
  idempotency: Idempotency | undefined;
}

export interface Report {
  /** The customer, by the provider's own id. */
  coid: string;
  /** The product, by the marketplace's. */
  sku: string;
  /** The month that it is about: 2017-03. */
  period: string;
  expired: boolean;
  /** When the customer left; there whenever expired is true. */
  expiredDate?: number | undefined;
  /** The period's total so far, as decimal text; undefined leaves what was said of it before. */
  count?: string | undefined;
}

/** Hashes: of the key, and of what the report said. */
export interface Idempotency {
  key: Uint8Array;
  payload: Uint8Array;
}

export interface ReportRow extends Report {
  id: string;
  partnerKey: string;
  receivedAt: number;
  /** Whether its count is the one that counts for its period now. */
  counted: boolean;
  /** The count that counted for its period once it was committed, which may be an earlier report's. */
  countThen?: string | undefined;
}

export interface SubscriptionRow {
  /** The id of its first report. */
  id: string;
  partnerKey: string;
  coid: string;
  sku: string;
  /** The newest, whose word on expiry stands. */
  last: ReportRow;
  /** By period, the latest month first. */
  usage: UsageRow[];
}

export interface UsageRow {
  period: string;
  /** How many reports were about this period. */
  reports: number;
  /** The newest of them. */
  last: ReportRow;
}

export interface SubscriptionQuery extends PageQuery {
  /** Of all providers when none is named. */
  providerId?: number | undefined;
  coid?: string | undefined;
  sku?: string | undefined;
}

export interface ReportQuery extends SubscriptionQuery {
  period?: string | undefined;
}
