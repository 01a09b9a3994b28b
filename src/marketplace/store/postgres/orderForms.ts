import type { Kysely } from 'kysely';
import type { OrderFormStore } from '../orderForms.ts';
import { createOrderFormReader } from '../sql/readOrderForms.ts';
import type { Schema } from '../sql/schema.ts';
import { NameTakenError } from '../store.ts';
import { codeOf, uniqueViolation } from './judgeError.ts';
import type { ConnectionPool } from './pool.ts';
import { transact } from './transaction.ts';

const put = `insert into order_forms (provider_id, path, fields, reseller_key, logo) values ($1, $2, $3, $4, $5)
  on conflict (provider_id) do update set path = $2, fields = $3, reseller_key = $4, logo = $5`;
const keepLogo = `insert into logos (version, type, bytes) values ($1, $2, $3)
  on conflict (version) do nothing`;

export function createOrderFormStore(pool: ConnectionPool, reader: Kysely<Schema>): OrderFormStore {
  const run = (statement: string, values: readonly unknown[]) =>
    transact(pool, '', (connection) => connection.query(statement, values));

  return {
    ...createOrderFormReader(reader),
    async putOrderForm({ providerId, path, fields, resellerKey = null, logo = null }) {
      try {
        await run(put, [providerId, path, JSON.stringify(fields), resellerKey, logo]);
      } catch (error) {
        if (codeOf(error) !== uniqueViolation) throw error;
        throw new NameTakenError(`The order page /order/${path} belongs to another provider.`);
      }
    },
    async keepLogo({ version, type, bytes }) {
      await run(keepLogo, [version, type, bytes]);
    },
  };
}
