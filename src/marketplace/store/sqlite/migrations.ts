import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { forgottenKeyBytes, forgottenKeyName } from '../sql/forgottenKey.ts';
import { forgottenTables } from './forgottenTables.ts';
import { orderTables } from './orderTables.ts';
import { subscriptionTables } from './subscriptionTables.ts';

/** In the order of their names; one that has been released is never changed. */
export const migrations: Record<string, Migration> = {
  '0001-ledger': {
    up: async (database: Kysely<unknown>) => {
      for (const statement of ledger) await sql.raw(statement).execute(database);
    },
  },
  '0002-scripts-and-order-of-secrets': {
    up: async (database: Kysely<unknown>) => {
      for (const statement of scriptsAndOrderOfSecrets) await sql.raw(statement).execute(database);
    },
  },
  '0003-subscriptions': {
    up: async (database: Kysely<unknown>) => {
      for (const statement of subscriptionTables) await sql.raw(statement).execute(database);
    },
  },
  '0004-orders': {
    up: async (database: Kysely<unknown>) => {
      for (const statement of orderTables) await sql.raw(statement).execute(database);
    },
  },
  '0005-forgotten': {
    up: async (database: Kysely<unknown>) => {
      for (const statement of forgottenTables) await sql.raw(statement).execute(database);
      const key = randomBytes(forgottenKeyBytes);
      await sql`insert into database_keys (name, key) values (${forgottenKeyName}, ${key})`.execute(database);
    },
  },
  '0006-bots': {
    up: async (database: Kysely<unknown>) => {
      await sql`alter table clicks add column bot integer not null default 0`.execute(database);
    },
  },
};

/*
 * Ids are UUIDv7: what is new comes last among the ids, and last of its provider, customer or pool in an index
 * that ends in one, so an insert touches few pages. The wide tables keep their rowid: SQLite advises WITHOUT
 * ROWID for rows of up to about 200 bytes (https://sqlite.org/withoutrowid.html).
 */
const ledger = [
  `create table providers (
    id integer primary key,
    partner_key text not null unique,
    name text not null,
    origins text not null,
    minimum_level text not null,
    disabled integer not null
  ) strict`,
  `create table secrets (
    key_id text primary key,
    provider_id integer not null references providers (id),
    secret text not null,
    created_at integer not null,
    retired_at integer
  ) strict, without rowid`,
  'create index secrets_by_provider on secrets (provider_id)',
  `create table listings (
    name text primary key,
    provider_id integer not null references providers (id),
    landing_url text not null
  ) strict, without rowid`,
  `create table trackings (
    id blob primary key not null,
    event text not null,
    dedupe_key blob unique,
    provider_id integer not null references providers (id),
    stamped integer not null,
    service_name text,
    customer_id text,
    order_id text,
    purchased_at integer,
    amount text,
    currency text,
    referral text,
    referral_source text,
    landed_at integer,
    page text,
    trust text not null,
    copies text not null,
    received_at integer not null
  ) strict`,
  'create index trackings_by_provider on trackings (provider_id, event, id)',
  'create index trackings_by_customer on trackings (provider_id, customer_id, id) where customer_id is not null',
  `create index trackings_stamped on trackings (provider_id, customer_id, service_name, purchased_at)
    where stamped = 1`,
  `create table clicks (
    id blob primary key not null,
    provider_id integer not null references providers (id),
    listing text not null references listings (name),
    referral text not null unique,
    clicked_at integer not null
  ) strict, without rowid`,
  'create index clicks_by_provider on clicks (provider_id, id)',
  `create table rejections (
    id blob primary key not null,
    latest_id blob not null unique,
    pool text not null,
    fingerprint blob not null unique,
    status integer not null,
    reason text not null,
    detail text not null,
    errors text not null,
    trust text not null,
    via text not null,
    payload text not null,
    count integer not null,
    first_seen_at integer not null,
    last_seen_at integer not null
  ) strict`,
  'create index rejections_by_pool on rejections (pool, latest_id)',
  'create index rejections_by_time on rejections (last_seen_at)',
];

const scriptsAndOrderOfSecrets = [
  'create table scripts (version text primary key, source blob not null) strict',
  'alter table secrets add column position integer not null default 0',
  `update secrets set position = (
    select count(*) from secrets as other
    where (other.created_at, other.key_id) <= (secrets.created_at, secrets.key_id))`,
];
