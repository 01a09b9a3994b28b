/*
 * The tables of SQLite's migrations, in PostgreSQL's types. Texts are compared byte by byte ("C"), as SQLite does: the
 * same on every machine, whatever its locale. Ids are 16 bytes of UUIDv7, so what is new comes last in the indexes that
 * end in one. The tables that grow with the traffic have no foreign keys: each insert would lock its provider's row,
 * for all instances in the same place, and nobody ever deletes a provider. Of columns that name customers the planner
 * keeps no samples, which would outlive who is forgotten.
 */
export const tables = [
  `create table providers (
    id integer generated always as identity primary key,
    partner_key text collate "C" not null unique,
    name text not null,
    origins text not null,
    minimum_level text not null,
    disabled smallint not null,
    provision_url text,
    idempotent smallint not null default 0
  )`,
  `create table secrets (
    key_id text collate "C" primary key,
    provider_id integer not null references providers (id),
    secret text not null,
    created_at bigint not null,
    position bigint not null,
    retired_at bigint
  )`,
  'create index secrets_by_provider on secrets (provider_id)',
  `create table listings (
    name text collate "C" primary key,
    provider_id integer not null references providers (id),
    landing_url text not null
  )`,
  'create table scripts (version text collate "C" primary key, source bytea not null)',
  `create table trackings (
    id bytea primary key,
    event text not null,
    dedupe_key bytea unique,
    provider_id integer not null,
    stamped smallint not null,
    service_name text collate "C",
    customer_id text collate "C",
    order_id text collate "C",
    purchased_at bigint,
    amount text,
    currency text,
    referral text collate "C",
    referral_source text,
    landed_at bigint,
    page text,
    trust text not null,
    copies text not null,
    received_at bigint not null
  )`,
  'create index trackings_by_provider on trackings (provider_id, event, id)',
  'create index trackings_by_customer on trackings (provider_id, customer_id, id) where customer_id is not null',
  `create index trackings_stamped on trackings (provider_id, customer_id, service_name, purchased_at)
    where stamped = 1`,
  `create table clicks (
    id bytea primary key,
    provider_id integer not null,
    listing text collate "C" not null,
    referral text collate "C" not null unique,
    clicked_at bigint not null,
    bot smallint not null
  )`,
  'create index clicks_by_provider on clicks (provider_id, id)',
  `create table rejections (
    id bytea primary key,
    latest_id bytea not null unique,
    pool text collate "C" not null,
    fingerprint bytea not null unique,
    status integer not null,
    reason text not null,
    detail text not null,
    errors text not null,
    trust text not null,
    via text not null,
    payload text not null,
    count integer not null,
    first_seen_at bigint not null,
    last_seen_at bigint not null
  )`,
  'create index rejections_by_pool on rejections (pool, latest_id)',
  'create index rejections_by_time on rejections (last_seen_at)',
  `create table subscriptions (
    position bigint generated always as identity primary key,
    id bytea not null unique,
    provider_id integer not null,
    coid text collate "C" not null,
    sku text collate "C" not null,
    unique (provider_id, coid, sku)
  )`,
  'create index subscriptions_by_provider on subscriptions (provider_id, position)',
  `create table reports (
    position bigint generated always as identity primary key,
    id bytea not null unique,
    provider_id integer not null,
    subscription bigint not null,
    period text collate "C" not null,
    expired smallint not null,
    expired_date bigint,
    count text,
    received_at bigint not null
  )`,
  'create index reports_by_provider on reports (provider_id, position)',
  'create index reports_by_period on reports (subscription, period, position)',
  `create table report_keys (
    provider_id integer not null,
    key bytea not null,
    payload bytea not null,
    report_id bytea not null,
    used_at bigint not null,
    primary key (provider_id, key)
  )`,
  'create index report_keys_by_time on report_keys (used_at)',
  'create table logos (version text collate "C" primary key, type text not null, bytes bytea not null)',
  `create table order_forms (
    provider_id integer primary key references providers (id),
    path text collate "C" not null unique,
    fields text not null,
    reseller_key text,
    logo text collate "C" references logos (version)
  )`,
  `create table orders (
    id bytea primary key,
    token text collate "C" not null unique,
    provider_id integer not null references providers (id),
    status text collate "C" not null,
    fields text,
    fingerprint bytea not null,
    has_password smallint not null,
    coid text collate "C",
    failure text,
    created_at bigint not null,
    next_at bigint,
    lease_until bigint,
    ended_at bigint
  )`,
  'create index orders_by_provider on orders (provider_id, id)',
  'create index orders_by_status on orders (status, id)',
  'create index orders_due on orders (next_at) where next_at is not null',
  'create index orders_leased on orders (lease_until) where lease_until is not null',
  'create index orders_to_purge on orders (ended_at) where ended_at is not null and fields is not null',
  `create table order_attempts (
    order_id bytea not null references orders (id),
    number integer not null,
    started_at bigint not null,
    ended_at bigint,
    outcome text,
    status integer,
    reason text,
    primary key (order_id, number)
  )`,
  'create table database_keys (name text collate "C" primary key, key bytea not null)',
  'create table forgotten (hash bytea primary key, forgotten_at bigint not null)',
  'create table budgets (name text collate "C" primary key, full_at double precision not null)',
  'create table readiness (id smallint primary key, checked_at bigint not null)',
  ...[
    'trackings alter customer_id',
    'trackings alter order_id',
    'rejections alter detail',
    'rejections alter payload',
    'subscriptions alter coid',
    'orders alter fields',
    'orders alter coid',
    'orders alter failure',
    'order_attempts alter reason',
  ].map((column) => `alter table ${column} set statistics 0`),
];
