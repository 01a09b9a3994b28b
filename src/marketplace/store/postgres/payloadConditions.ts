import { type SqlBool, sql } from 'kysely';
import type { PayloadConditions } from '../sql/readRejections.ts';

/** Texts have no U+0000 when they are kept (wire/text.ts), which PostgreSQL could not take out of JSON. */
export const payloadConditions: PayloadConditions = {
  namesKey: (partnerKey) => sql<SqlBool>`payload::json ->> 'partnerKey' = ${partnerKey}`,
  hasText: (text) =>
    sql<SqlBool>`exists (select 1 from json_each_text(payload::json) as said (name, value)
      where strpos(lower(value), lower(${text})) > 0)`,
};
