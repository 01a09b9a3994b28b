import type { ColumnType, Generated } from 'kysely';
import type { Level, ReferralSource, TrackingEvent, Verdict } from '../../wire/fields.ts';
import type { CountedAs, ReportedBy } from '../ledger/figures.ts';
import type { Via } from '../ledger/tracking.ts';

/** What is kept for a time of its own. Signups, renewals and refunds are kept as long as purchases. */
export const retainedKinds = ['purchases', 'visits', 'clicks'] as const;
export type RetainedKind = (typeof retainedKinds)[number];

/**
 * `under_way`: called now, or within about a minute; `waiting`: called again later; `needs_password`: the buyer
 * has to enter it anew; `needs_attention`: there is no account, and something has to be mended before there can be one;
 * `undecided`: whether there is an account, a person has to find out.
 */
export const orderStatuses = [
  'under_way',
  'waiting',
  'needs_password',
  'needs_attention',
  'undecided',
  'succeeded',
  'failed',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

/** What keeps orders from their provider until the provider or the marketplace mends it; never the buyer's business. */
export const endpointFaults = [
  'no_secret',
  'unauthorized',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'redirected',
  'not_accepted',
  'form_incomplete',
  'tls',
  'unknown_host',
  'unreachable',
] as const;
export type EndpointFault = (typeof endpointFaults)[number];

/**
 * `created`: there is an account; `refused`: there is none, the provider says to the buyer; `misconfigured`: there is
 * none, since the provider's endpoint didn't take the call at all; `unreachable`: there is none, since nothing was sent;
 * `unclear`: there may be one; `unusable`: there may be one, and asking again would tell no more.
 */
export type AttemptOutcome = 'created' | 'refused' | 'misconfigured' | 'unreachable' | 'unclear' | 'unusable';

/** What a provider's session may do; replay and rotate imply view. */
export const capabilities = ['view', 'replay', 'rotate'] as const;
export type Capability = (typeof capabilities)[number];

/** Who changes something: a person of the marketplace, a provider's, or whoever has the command line. */
export type ActorKind = 'operator' | 'provider' | 'command';

/** Read as what Node has for bytes, written as any bytes. */
type Bytes = ColumnType<Buffer, Uint8Array, Uint8Array>;

/**
 * The tables as Kysely reads them. Ids and hashes are 16 bytes, times epoch milliseconds, flags 0 or 1. A position is
 * the place in the order of commits.
 */
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
    source: Bytes;
  };
  logos: {
    version: string;
    /** Media type. */
    type: string;
    bytes: Bytes;
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
    id: Bytes;
    token: string;
    provider_id: number;
    status: OrderStatus;
    /** JSON object of texts; null once it was purged. */
    fields: string | null;
    fingerprint: Bytes;
    has_password: number;
    coid: string | null;
    /** JSON object {detail, errors}. */
    failure: string | null;
    created_at: number;
    next_at: number | null;
    /** Until when the attempt under way has the order; null while there is none. */
    lease_until: number | null;
    /** The process that says it has the order's password, and until when; null where none does. */
    held_by: string | null;
    held_until: number | null;
    /** When it came to rest: it ended, or waits for a person. */
    ended_at: number | null;
    /** What keeps it from the provider, as far as that is known. */
    fault: EndpointFault | null;
  };
  order_attempts: {
    order_id: Bytes;
    provider_id: number;
    number: number;
    started_at: number;
    ended_at: number | null;
    outcome: AttemptOutcome | null;
    status: number | null;
    reason: string | null;
  };
  trackings: TrackingColumns;
  figure_groups: FigureGroupColumns;
  figures: FigureColumns;
  clicks: {
    id: Bytes;
    provider_id: number;
    listing: string;
    campaign: string | null;
    referral: string;
    clicked_at: number;
    bot: number;
  };
  rejections: {
    id: Bytes;
    latest_id: Bytes;
    /** 0 where it belongs to none. */
    provider_id: number;
    pool: string;
    fingerprint: Bytes;
    status: number;
    reason: string;
    detail: string;
    /** JSON array of {pointer, code, detail}. */
    errors: string;
    trust: Level;
    /** The level's place among them, the least believed first. */
    belief: number;
    via: Via;
    /** JSON object. */
    payload: string;
    count: number;
    first_seen_at: number;
    last_seen_at: number;
  };
  subscriptions: {
    position: Generated<number>;
    id: Bytes;
    provider_id: number;
    coid: string;
    sku: string;
  };
  reports: ReportColumns;
  /** Idempotency-Keys of reports. */
  report_keys: {
    provider_id: number;
    key: Bytes;
    /** Hash of what the report said. */
    payload: Bytes;
    report_id: Bytes;
    used_at: number;
  };
  /** People of the marketplace. */
  operators: {
    id: Generated<number>;
    name: string;
    /** Of the token by which the operator's programs read; null until there is one. */
    token_hash: Bytes | null;
    created_at: number;
    /** By a link, the last time. */
    signed_in_at: number | null;
  };
  /** Each goes when it is used. Of an operator or of a provider. */
  sign_in_links: {
    hash: Bytes;
    operator_id: number | null;
    provider_id: number | null;
    /** JSON array of Capability. */
    can: string;
    expires_at: number;
  };
  /** Of an operator or of a provider. */
  sessions: {
    /** Of the id that the browser has. */
    hash: Bytes;
    operator_id: number | null;
    provider_id: number | null;
    /** JSON array of Capability. */
    can: string;
    /** Of the secret that it was begun with, and without which it ends. */
    key_id: string | null;
    /** As the browser calls itself. */
    browser: string;
    created_at: number;
    last_seen_at: number;
    expires_at: number;
  };
  /** What people changed, newest last. */
  audit: {
    position: Generated<number>;
    at: number;
    actor_kind: ActorKind;
    /** An operator's name, a provider's partner key. */
    actor: string;
    action: string;
    subject: string | null;
    detail: string | null;
  };
  /** Customers who are kept away, each by a keyed hash. */
  forgotten: {
    hash: Bytes;
    forgotten_at: number;
  };
  /** Of this database alone: without it nobody can find out by trying who was forgotten. */
  database_keys: {
    name: string;
    key: Bytes;
  };
  /** Before when a provider's purchases, signups, renewals and refunds were deleted, whose figures stay. */
  purges: {
    provider_id: number;
    purchases_before: number;
  };
  /** Numbers that move with each change of what they stand for: of settingsVersion.ts. */
  versions: {
    name: string;
    version: number;
  };
  /** What is written to see whether it can be. */
  readiness: {
    id: number;
    checked_at: number;
  };
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
  /** Of the link that minted the referral, where it was ours: for which provider, and what its click says. */
  minted_for: number | null;
  /** Empty for tests; null where the click wasn't there. */
  listing: string | null;
  campaign: string | null;
  clicked_at: number | null;
  /** Null of a refund. */
  verdict: Verdict | null;
  test: number;
}

/** What rows have in common that are counted together: of FigureGroup. */
export interface FigureGroupColumns {
  provider_id: number;
  id: Bytes;
  event: TrackingEvent | 'click';
  counted_as: CountedAs;
  service_name: string | null;
  listing: string | null;
  campaign: string | null;
  verdict: Verdict | null;
  level: Level | null;
  reported_by: ReportedBy | null;
  currency: string | null;
  proven: number;
}

/** What a group comes to in a span of time; the parts are to be added up. */
export interface FigureColumns {
  provider_id: number;
  /** Its place among `spans`. */
  span: number;
  start: number;
  group_id: Bytes;
  /** Of a group and a span, each may be moved by another transaction at the same time. */
  part: number;
  count: number;
  billions: number;
  units: number;
  billionths: number;
}

export interface ReportColumns {
  position: Generated<number>;
  id: Bytes;
  provider_id: number;
  /** The subscription's position. */
  subscription: number;
  period: string;
  expired: number;
  expired_date: number | null;
  count: string | null;
  received_at: number;
}
