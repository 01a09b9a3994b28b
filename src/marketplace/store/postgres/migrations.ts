import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { forgottenKeyBytes, forgottenKeyName } from '../sql/forgottenKey.ts';
import { tables } from './tables.ts';

/** In the order of their names; one that has been released is never changed. */
export const migrations: Record<string, Migration> = {
  '0001-tables': {
    up: async (database: Kysely<unknown>) => {
      for (const statement of tables) await sql.raw(statement).execute(database);
      const key = randomBytes(forgottenKeyBytes);
      await sql`insert into database_keys (name, key) values (${forgottenKeyName}, ${key})`.execute(database);
    },
  },
};
