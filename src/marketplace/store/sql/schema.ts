import type { Generated } from 'kysely';
import type { Level, ReferralSource, TrackingEvent } from '../../../wire/fields.ts';
import type { Via } from '../../ledger/tracking.ts';
import type { AttemptOutcome, OrderStatus } from '../orders.ts';

/** The tables as Kysely reads them. Ids and hashes are 16 bytes, times epoch milliseconds, flags 0 or 1. */
export interface Schema {
  providers: {
    id: Generated<number>;
    partner_key: string;
    name: string;
    /** JSON array of texts. */
    origins: string;
    minimum_level: Level;
    disabled: number;
    provision_url: string | null;
    idempotent: Generated<number>;
  };
  secrets: {
    key_id: string;
    provider_id: number;
    secret: string;
    created_at: number;
    /** In the order of insertion: a clock that was set back cannot say which is newer. */
    position: number;
    retired_at: number | null;
  };
  listings: {
    name: string;
    provider_id: number;
    landing_url: string;
  };
  scripts: {
    version: string;
    source: Buffer;
  };
  logos: {
    version: string;
    type: string;
    bytes: Buffer;
  };
  order_forms: {
    provider_id: number;
    path: string;
    /** JSON array of {name, required}. */
    fields: string;
    reseller_key: string | null;
    logo: string | null;
  };
  orders: {
    id: Buffer;
    token: string;
    provider_id: number;
    status: OrderStatus;
    /** JSON object of texts; null once it was purged. */
    fields: string | null;
    fingerprint: Buffer;
    has_password: number;
    coid: string | null;
    /** JSON object {detail, errors}. */
    failure: string | null;
    created_at: number;
    next_at: number | null;
    /** Until when the attempt under way has the order; null while there is none. */
    lease_until: number | null;
    ended_at: number | null;
  };
  order_attempts: {
    order_id: Buffer;
    number: number;
    started_at: number;
    ended_at: number | null;
    outcome: AttemptOutcome | null;
    status: number | null;
    reason: string | null;
  };
  trackings: TrackingColumns;
  clicks: {
    id: Buffer;
    provider_id: number;
    listing: string;
    referral: string;
    clicked_at: number;
    bot: number;
  };
  rejections: {
    id: Buffer;
    latest_id: Buffer;
    pool: string;
    fingerprint: Buffer;
    status: number;
    reason: string;
    detail: string;
    /** JSON array of {pointer, code, detail}. */
    errors: string;
    trust: Level;
    via: Via;
    /** JSON object. */
    payload: string;
    count: number;
    first_seen_at: number;
    last_seen_at: number;
  };
  subscriptions: {
    position: number;
    id: Buffer;
    provider_id: number;
    coid: string;
    sku: string;
  };
  reports: ReportColumns;
}

export interface TrackingColumns {
  id: Buffer;
  event: TrackingEvent;
  dedupe_key: Buffer | null;
  provider_id: number;
  stamped: number;
  service_name: string | null;
  customer_id: string | null;
  order_id: string | null;
  purchased_at: number | null;
  amount: string | null;
  currency: string | null;
  referral: string | null;
  referral_source: ReferralSource | null;
  landed_at: number | null;
  page: string | null;
  trust: Level;
  /** JSON array of CopyRecord. */
  copies: string;
  received_at: number;
}

export interface ReportColumns {
  position: number;
  id: Buffer;
  provider_id: number;
  /** The subscription's position. */
  subscription: number;
  period: string;
  expired: number;
  expired_date: number | null;
  count: string | null;
  received_at: number;
}
