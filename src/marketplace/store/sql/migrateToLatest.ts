import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';

/**
 * Plays what the database lacks of the migrations; to be called in a transaction, which has to be rolled back where it
 * throws.
 *
 * @throws Error where the database has migrations that this version doesn't know
 */
export async function migrateToLatest(
  database: Kysely<unknown>,
  migrations: Record<string, Migration>,
): Promise<void> {
  const migrator = new Migrator({ db: database, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest({ disableTransactions: true });
  const [, unknown] = /^corrupted migrations: .* migration (.*) is missing$/.exec(messageOf(error)) ?? [];
  if (unknown) {
    throw new Error(
      `a newer version of onramp-marketplace has changed its tables (${unknown}). Run that version, or a newer one.`,
    );
  }
  if (error) throw error;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
