import { isPostgres } from '../open.ts';
import { migratePostgres } from '../postgres/postgres.ts';
import { openPostgresSource } from './postgresSource.ts';
import { openPostgresTarget, requireNothingElse } from './postgresTarget.ts';
import type { Source, Target } from './sides.ts';
import { openSqliteSource } from './sqliteSource.ts';

/**
 * Opens a ledger to be moved, as it is: its tables are its service's business.
 *
 * @param database the path of a SQLite file, or the address of a PostgreSQL database
 */
export function openSource(database: string): Source {
  return isPostgres(database) ? openPostgresSource(database) : openSqliteSource(database);
}

/**
 * Opens a PostgreSQL database for a ledger, with tables of this version.
 *
 * @param url postgres://user:password@host:port/database
 * @throws Error where something else is in it
 */
export async function openTarget(url: string): Promise<Target> {
  await requireNothingElse(url);
  await migratePostgres(url);
  return openPostgresTarget(url);
}
