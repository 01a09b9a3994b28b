import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { latestAheadMs } from '../../wire/fields.ts';
import type { Tables, Words } from './database.ts';
import { forgottenKeyBytes, forgottenKeyName } from './forgotten.ts';

/**
 * Plays what the database lacks of the migrations; to be called in a transaction, which has to be rolled back where it
 * throws.
 *
 * @throws Error where the database has migrations that this version doesn't know
 */
export async function migrateToLatest(tables: Tables, words: Words): Promise<void> {
  const provider = { getMigrations: async () => createMigrations(words) };
  const { error } = await new Migrator({ db: tables, provider }).migrateToLatest({
    disableTransactions: true,
  });
  const [, unknown] = /^corrupted migrations: .* migration (.*) is missing$/.exec(messageOf(error)) ?? [];
  if (unknown) {
    throw new Error(
      `a newer version of onramp-marketplace has changed its tables (${unknown}). Run that version, or a newer one.`,
    );
  }
  if (error) throw error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}

/** In the order of their names; one that has been released is never changed. */
export function createMigrations(words: Words): Record<string, Migration> {
  return {
    '0001-tables': {
      up: async (database: Kysely<unknown>) => {
        for (const statement of listTables(words)) await sql.raw(statement).execute(database);
        const key = randomBytes(forgottenKeyBytes);
        await sql`insert into database_keys (name, key) values (${forgottenKeyName}, ${key})`.execute(
          database,
        );
      },
    },
    '0002-led-by-provider': {
      up: async (database: Kysely<unknown>) => {
        for (const statement of words.leadByProvider) await sql.raw(statement).execute(database);
      },
    },
    '0003-retention': {
      up: async (database: Kysely<unknown>) => {
        const { integer, long, narrow } = words.columns;
        const columns = `provider_id ${integer} primary key not null, purchases_before ${long} not null`;
        await sql.raw(`create table purges (${columns})${narrow}`).execute(database);
      },
    },
    '0004-settings-version': {
      up: async (database: Kysely<unknown>) => {
        const { text, long, narrow } = words.columns;
        for (const statement of [
          `create table versions (name ${text} primary key, version ${long} not null)${narrow}`,
          "insert into versions (name, version) values ('settings', 0)",
        ])
          await sql.raw(statement).execute(database);
      },
    },
    '0005-no-samples': {
      up: async (database: Kysely<unknown>) => {
        // A page's address, a copy's own spelling and what was wrong with a field may name a customer, too.
        for (const statement of [
          ...words.keepNoSamples('trackings', 'page'),
          ...words.keepNoSamples('trackings', 'copies'),
          ...words.keepNoSamples('rejections', 'errors'),
        ])
          await sql.raw(statement).execute(database);
      },
    },
  };
}

/**
 * Ids are UUIDv7: what is new comes last among the ids, and last of its provider, customer or pool in an index that ends
 * in one, so an insert touches few pages. A position is the place in the order of commits, which ids can't vouch for
 * where a clock was set back. The tables that grow with the traffic have no foreign keys: each insert would look for its
 * provider's row and PostgreSQL would lock it, for all instances in the same place, and nobody ever deletes a provider.
 * Of columns that name customers the planner keeps no samples, which would outlive who is forgotten.
 */
function listTables({ columns, keepNoSamples }: Words): string[] {
  const { position, text, flag, integer, long, bytes, wide, narrow } = columns;
  return [
    `create table providers (
      id ${position},
      partner_key ${text} not null unique,
      name ${text} not null,
      origins ${text} not null,
      minimum_level ${text} not null,
      disabled ${flag} not null,
      provision_url ${text},
      idempotent ${flag} not null default 0
    )${wide}`,
    `create table secrets (
      key_id ${text} primary key,
      provider_id ${integer} not null references providers (id),
      secret ${text} not null,
      created_at ${long} not null,
      position ${long} not null,
      retired_at ${long}
    )${narrow}`,
    'create index secrets_by_provider on secrets (provider_id)',
    `create table listings (
      name ${text} primary key,
      provider_id ${integer} not null references providers (id),
      landing_url ${text} not null
    )${narrow}`,
    `create table scripts (version ${text} primary key, source ${bytes} not null)${wide}`,
    `create table trackings (
      id ${bytes} primary key not null,
      event ${text} not null,
      dedupe_key ${bytes},
      provider_id ${integer} not null,
      stamped ${flag} not null,
      service_name ${text},
      customer_id ${text},
      order_id ${text},
      purchased_at ${long},
      amount ${text},
      currency ${text},
      referral ${text},
      referral_source ${text},
      landed_at ${long},
      page ${text},
      trust ${text} not null,
      copies ${text} not null,
      received_at ${long} not null,
      minted_for ${integer},
      listing ${text},
      campaign ${text},
      clicked_at ${long},
      verdict ${text},
      test ${flag} not null
    )${wide}`,
    'create index trackings_by_provider on trackings (provider_id, event, id)',
    // For who reads those of all providers: an event that is seldom would be looked for among all others.
    'create index trackings_by_event on trackings (event, id)',
    // What tells copies apart, in the order of customers: a purchase changes one page of an index in no order, not two.
    `create unique index trackings_by_customer on trackings (provider_id, customer_id, dedupe_key)
      where customer_id is not null`,
    `create unique index trackings_without_customer on trackings (provider_id, dedupe_key)
      where customer_id is null and dedupe_key is not null`,
    // An order's rows, whatever customers they name: once the provider itself has named it, there is but one.
    `create unique index trackings_by_order on trackings (provider_id, order_id, service_name, dedupe_key)
      where order_id is not null`,
    // Rows that came to be of a later time than their ids tell.
    `create index trackings_moved on trackings (provider_id, event, id)
      where purchased_at > received_at + ${latestAheadMs}`,
    // In the order in which they count: the last one is the word on its order.
    `create index trackings_refunds
      on trackings (provider_id, order_id, service_name, purchased_at, cast(amount as numeric), currency, amount)
      where event = 'refund'`,
    `create index trackings_stamped on trackings (provider_id, customer_id, service_name, purchased_at)
      where stamped = 1`,
    ...keepNoSamples('trackings', 'customer_id'),
    ...keepNoSamples('trackings', 'order_id'),
    `create table clicks (
      id ${bytes} primary key not null,
      provider_id ${integer} not null,
      listing ${text} not null,
      campaign ${text},
      referral ${text} not null unique,
      clicked_at ${long} not null,
      bot ${flag} not null
    )${narrow}`,
    'create index clicks_by_provider on clicks (provider_id, id)',
    `create table figure_groups (
      provider_id ${integer} not null,
      id ${bytes} not null,
      event ${text} not null,
      counted_as ${text} not null,
      service_name ${text},
      listing ${text},
      campaign ${text},
      verdict ${text},
      level ${text},
      reported_by ${text},
      currency ${text},
      proven ${flag} not null,
      primary key (provider_id, id)
    )${narrow}`,
    `create table figures (
      provider_id ${integer} not null,
      span ${flag} not null,
      start ${long} not null,
      group_id ${bytes} not null,
      part ${flag} not null,
      count ${long} not null,
      billions ${long} not null,
      units ${long} not null,
      billionths ${long} not null,
      primary key (provider_id, span, start, group_id, part)
    )${narrow}`,
    `create table rejections (
      id ${bytes} primary key not null,
      latest_id ${bytes} not null unique,
      pool ${text} not null,
      fingerprint ${bytes} not null unique,
      status ${integer} not null,
      reason ${text} not null,
      detail ${text} not null,
      errors ${text} not null,
      trust ${text} not null,
      belief ${integer} not null,
      via ${text} not null,
      payload ${text} not null,
      count ${integer} not null,
      first_seen_at ${long} not null,
      last_seen_at ${long} not null
    )${wide}`,
    'create index rejections_by_pool on rejections (pool, latest_id)',
    'create index rejections_by_time on rejections (last_seen_at)',
    // Which go first when there are too many.
    'create index rejections_of_pool_by_belief on rejections (pool, belief, latest_id)',
    'create index rejections_by_belief on rejections (belief, latest_id)',
    ...keepNoSamples('rejections', 'detail'),
    ...keepNoSamples('rejections', 'payload'),
    // What grows is appended to by position and id; of the other indexes an insert touches one page a subscription.
    `create table subscriptions (
      position ${position},
      id ${bytes} not null unique,
      provider_id ${integer} not null,
      coid ${text} not null,
      sku ${text} not null,
      unique (provider_id, coid, sku)
    )${wide}`,
    'create index subscriptions_by_provider on subscriptions (provider_id, position)',
    ...keepNoSamples('subscriptions', 'coid'),
    `create table reports (
      position ${position},
      id ${bytes} not null unique,
      provider_id ${integer} not null,
      subscription ${long} not null,
      period ${text} not null,
      expired ${flag} not null,
      expired_date ${long},
      count ${text},
      received_at ${long} not null
    )${wide}`,
    'create index reports_by_provider on reports (provider_id, position)',
    'create index reports_by_month on reports (provider_id, period, position)',
    'create index reports_by_period on reports (subscription, period, position)',
    'create index reports_counted on reports (subscription, period, position) where count is not null',
    `create table report_keys (
      provider_id ${integer} not null,
      key ${bytes} not null,
      payload ${bytes} not null,
      report_id ${bytes} not null,
      used_at ${long} not null,
      primary key (provider_id, key)
    )${narrow}`,
    'create index report_keys_by_time on report_keys (used_at)',
    `create table logos (version ${text} primary key, type ${text} not null, bytes ${bytes} not null)${wide}`,
    `create table order_forms (
      provider_id ${integer} primary key references providers (id),
      path ${text} not null unique,
      fields ${text} not null,
      reseller_key ${text},
      logo ${text} references logos (version)
    )${wide}`,
    `create table orders (
      id ${bytes} primary key not null,
      token ${text} not null unique,
      provider_id ${integer} not null references providers (id),
      status ${text} not null,
      fields ${text},
      fingerprint ${bytes} not null,
      has_password ${flag} not null,
      coid ${text},
      failure ${text},
      fault ${text},
      created_at ${long} not null,
      next_at ${long},
      lease_until ${long},
      held_by ${text},
      held_until ${long},
      ended_at ${long}
    )${wide}`,
    'create index orders_by_provider on orders (provider_id, id)',
    'create index orders_by_status on orders (status, id)',
    // What is due, under an attempt or still holds what a buyer entered is little of all: looking often costs nothing.
    'create index orders_due on orders (next_at) where next_at is not null',
    'create index orders_leased on orders (lease_until) where lease_until is not null',
    'create index orders_held on orders (held_by) where held_by is not null',
    'create index orders_to_purge on orders (ended_at) where ended_at is not null and fields is not null',
    ...keepNoSamples('orders', 'fields'),
    ...keepNoSamples('orders', 'coid'),
    ...keepNoSamples('orders', 'failure'),
    `create table order_attempts (
      order_id ${bytes} not null references orders (id),
      number ${integer} not null,
      started_at ${long} not null,
      ended_at ${long},
      outcome ${text},
      status ${integer},
      reason ${text},
      primary key (order_id, number)
    )${narrow}`,
    ...keepNoSamples('order_attempts', 'reason'),
    `create table operators (
      id ${position},
      name ${text} not null unique,
      token_hash ${bytes} unique,
      created_at ${long} not null,
      signed_in_at ${long}
    )${wide}`,
    `create table sign_in_links (
      hash ${bytes} primary key,
      operator_id ${integer} references operators (id),
      provider_id ${integer} references providers (id),
      can ${text} not null,
      expires_at ${long} not null
    )${narrow}`,
    `create table sessions (
      hash ${bytes} primary key,
      operator_id ${integer} references operators (id),
      provider_id ${integer} references providers (id),
      can ${text} not null,
      key_id ${text},
      browser ${text} not null,
      created_at ${long} not null,
      last_seen_at ${long} not null,
      expires_at ${long} not null
    )${narrow}`,
    'create index sessions_by_operator on sessions (operator_id) where operator_id is not null',
    'create index sessions_by_provider on sessions (provider_id) where provider_id is not null',
    `create table audit (
      position ${position},
      at ${long} not null,
      actor_kind ${text} not null,
      actor ${text} not null,
      action ${text} not null,
      subject ${text},
      detail ${text}
    )${wide}`,
    `create table database_keys (name ${text} primary key, key ${bytes} not null)${narrow}`,
    `create table forgotten (hash ${bytes} primary key, forgotten_at ${long} not null)${narrow}`,
    `create table readiness (id ${integer} primary key, checked_at ${long} not null)${narrow}`,
  ];
}
