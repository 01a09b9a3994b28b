import { type SqlBool, sql } from 'kysely';
import type { PayloadConditions } from '../sql/readRejections.ts';

export const payloadConditions: PayloadConditions = {
  namesKey: (partnerKey) => sql<SqlBool>`payload ->> '$.partnerKey' = ${partnerKey}`,
  hasText: (text) =>
    sql<SqlBool>`exists (select 1 from json_each(payload) where instr(lower(value), lower(${text})))`,
};
