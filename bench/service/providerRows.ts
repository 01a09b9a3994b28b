import { fewProviders, keyStart, partnerKeyOf } from './message.ts';

const first = partnerKeyOf(0);
/** Eight digits, as key ids have. */
const keyId = 'substr(cast(100000000 + providers.id as text), 2)';

/** Statements for both databases that copy the first provider with its secret, until there are so many. */
export function insertProviders(count: number): string[] {
  return [
    `with recursive numbers (n) as (select ${fewProviders} union all select n + 1 from numbers where n + 1 < ${count})
     insert into providers (partner_key, name, origins, minimum_level, disabled)
     select '${keyStart}' || substr(cast(100000 + n as text), 2), name, origins, minimum_level, disabled from providers, numbers
     where partner_key = '${first}' and n < ${count} order by n`,
    `insert into secrets (key_id, provider_id, secret, created_at, position)
     select ${keyId}, providers.id, replace(secrets.secret, secrets.key_id, ${keyId}), secrets.created_at, 1
     from providers, secrets
     where secrets.provider_id = (select id from providers where partner_key = '${first}')
       and not exists (select 1 from secrets as own where own.provider_id = providers.id)`,
  ];
}
