/*
 * A position is the place in the order of commits, which ids can't vouch for where a clock was set back. What
 * grows is appended to by position and id; of the other indexes an insert touches one page a subscription.
 */
export const subscriptionTables = [
  `create table subscriptions (
    position integer primary key,
    id blob not null unique,
    provider_id integer not null references providers (id),
    coid text not null,
    sku text not null,
    unique (provider_id, coid, sku)
  ) strict`,
  'create index subscriptions_by_provider on subscriptions (provider_id, position)',
  `create table reports (
    position integer primary key,
    id blob not null unique,
    provider_id integer not null references providers (id),
    subscription integer not null references subscriptions (position),
    period text not null,
    expired integer not null,
    expired_date integer,
    count text,
    received_at integer not null
  ) strict`,
  'create index reports_by_provider on reports (provider_id, position)',
  'create index reports_by_period on reports (subscription, period, position)',
  `create table report_keys (
    provider_id integer not null references providers (id),
    key blob not null,
    payload blob not null,
    report_id blob not null,
    used_at integer not null,
    primary key (provider_id, key)
  ) strict, without rowid`,
  'create index report_keys_by_time on report_keys (used_at)',
];
