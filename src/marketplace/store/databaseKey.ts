import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Database } from './database.ts';

/** 256 bits. */
const keyBytes = 32;

/** The database's key of that name. */
export async function findDatabaseKey({ reader }: Database, name: string): Promise<KeyObject | undefined> {
  const keys = reader.selectFrom('database_keys').select('key').where('name', '=', name);
  const row = await keys.executeTakeFirst();
  return row && createSecretKey(row.key);
}

/** The same, made by whoever asks for it first: all instances have one. */
export async function keepDatabaseKey(database: Database, name: string): Promise<KeyObject> {
  const known = await findDatabaseKey(database, name);
  if (known) return known;
  const key = randomBytes(keyBytes);
  await database.transact((tables) =>
    tables
      .insertInto('database_keys')
      .values({ name, key })
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  );
  // Another instance may have been first.
  return (await findDatabaseKey(database, name)) ?? createSecretKey(key);
}
