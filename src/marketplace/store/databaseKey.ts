import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Database } from './database.ts';

/** 256 bits. */
const keyBytes = 32;

/** The database's key of that name, made by whoever asks for it first: all instances have the same. */
export async function keepDatabaseKey({ reader, transact }: Database, name: string): Promise<KeyObject> {
  const keys = reader.selectFrom('database_keys').select('key').where('name', '=', name);
  const known = await keys.executeTakeFirst();
  if (known) return createSecretKey(known.key);
  await transact((tables) =>
    tables
      .insertInto('database_keys')
      .values({ name, key: randomBytes(keyBytes) })
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  );
  return createSecretKey((await keys.executeTakeFirstOrThrow()).key);
}
