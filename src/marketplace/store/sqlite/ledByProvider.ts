/**
 * Migration 0002. Keys of one file need no provider, so only tables change that don't say theirs: few rows, but for
 * attempts, which just get a column. Refused messages are written anew, since no key of a table can be dropped.
 */
export const leadByProvider: readonly string[] = [
  'alter table order_attempts add column provider_id integer not null default 0',
  'update order_attempts set provider_id = (select provider_id from orders where orders.id = order_id)',
  'alter table rejections rename to rejections_before',
  `create table rejections (
    id blob not null,
    latest_id blob not null,
    pool text not null,
    fingerprint blob not null,
    status integer not null,
    reason text not null,
    detail text not null,
    errors text not null,
    trust text not null,
    belief integer not null,
    via text not null,
    payload text not null,
    count integer not null,
    first_seen_at integer not null,
    last_seen_at integer not null,
    provider_id integer not null,
    primary key (id, provider_id),
    unique (latest_id, provider_id),
    unique (provider_id, fingerprint)
  ) strict`,
  `insert into rejections
    select before.id, latest_id, pool, fingerprint, status, reason, detail, errors, trust,
      belief, via, payload, count, first_seen_at, last_seen_at,
      coalesce(providers.id, 0)
    from rejections_before as before left join providers on 'provider:' || partner_key = pool`,
  'drop table rejections_before',
  'create index rejections_by_pool on rejections (pool, latest_id)',
  'create index rejections_by_time on rejections (last_seen_at)',
  'create index rejections_of_pool_by_belief on rejections (pool, belief, latest_id)',
  'drop index reports_by_period',
  'create index reports_by_period on reports (provider_id, subscription, period, position)',
  'drop index reports_counted',
  `create index reports_counted on reports (provider_id, subscription, period, position)
    where count is not null`,
];
