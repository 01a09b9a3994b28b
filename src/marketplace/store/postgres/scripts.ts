import type { Kysely } from 'kysely';
import type { ScriptStore } from '../scripts.ts';
import { createScriptReader } from '../sql/readScripts.ts';
import type { Schema } from '../sql/schema.ts';
import type { ConnectionPool } from './pool.ts';
import { transact } from './transaction.ts';

const insert = 'insert into scripts (version, source) values ($1, $2) on conflict (version) do nothing';

export function createScriptStore(pool: ConnectionPool, reader: Kysely<Schema>): ScriptStore {
  return {
    ...createScriptReader(reader),
    async keepScript(version, source) {
      await transact(pool, '', (connection) => connection.query(insert, [version, source]));
    },
  };
}
