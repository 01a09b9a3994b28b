import type { Database, Tables } from './database.ts';

/** The row that moves with each change of providers, their secrets and listings. */
const settings = 'settings';

/** A number that tells whether what a service remembers of providers still holds. */
export function createSettingsVersionStore({ ledgerReader }: Database) {
  const version = ledgerReader
    .selectFrom('versions')
    .select('version')
    .where('name', '=', settings)
    .compile();
  return {
    /** What is read after the answer is at least as new as the number. */
    async readSettingsVersion(): Promise<number | undefined> {
      return (await ledgerReader.executeQuery(version)).rows[0]?.version;
    },
  };
}

/** Returns `transact` for changes of what services remember: they look anew once it has committed. */
export function createSettingsChange({ transact }: Pick<Database, 'transact'>): Database['transact'] {
  return (work, locks) =>
    transact(async (tables) => {
      // First, so that changes come one after the other: whoever reads the number reads all that it stands for.
      await moveVersion(tables);
      return await work(tables);
    }, locks);
}

async function moveVersion(tables: Tables): Promise<void> {
  await tables
    .updateTable('versions')
    .set((row) => ({ version: row('version', '+', 1) }))
    .where('name', '=', settings)
    .execute();
}
