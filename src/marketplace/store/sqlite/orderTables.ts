/*
 * What is due, under an attempt or still holds what a buyer entered is little of all, so the indexes for these are
 * partial: looking often costs nothing.
 */
export const orderTables = [
  'alter table providers add column provision_url text',
  'alter table providers add column idempotent integer not null default 0',
  'create table logos (version text primary key, type text not null, bytes blob not null) strict',
  `create table order_forms (
    provider_id integer primary key references providers (id),
    path text not null unique,
    fields text not null,
    reseller_key text,
    logo text references logos (version)
  ) strict`,
  `create table orders (
    id blob primary key not null,
    token text not null unique,
    provider_id integer not null references providers (id),
    status text not null,
    fields text,
    fingerprint blob not null,
    has_password integer not null,
    coid text,
    failure text,
    created_at integer not null,
    next_at integer,
    lease_until integer,
    ended_at integer
  ) strict`,
  'create index orders_by_provider on orders (provider_id, id)',
  'create index orders_by_status on orders (status, id)',
  'create index orders_due on orders (next_at) where next_at is not null',
  'create index orders_leased on orders (lease_until) where lease_until is not null',
  'create index orders_to_purge on orders (ended_at) where ended_at is not null and fields is not null',
  `create table order_attempts (
    order_id blob not null references orders (id),
    number integer not null,
    started_at integer not null,
    ended_at integer,
    outcome text,
    status integer,
    reason text,
    primary key (order_id, number)
  ) strict, without rowid`,
];
