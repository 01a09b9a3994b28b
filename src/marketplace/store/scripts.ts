import type { Database } from './database.ts';

export type ScriptStore = ReturnType<typeof createScriptStore>;

/** The scripts that were ever served, by their version. */
export function createScriptStore({ reader, transact }: Database) {
  async function findScript(version: string): Promise<Buffer | undefined> {
    const scripts = reader.selectFrom('scripts').select('source').where('version', '=', version);
    return (await scripts.executeTakeFirst())?.source;
  }

  return {
    /** Writes nothing when the version is there already. */
    async keepScript(version: string, source: Uint8Array): Promise<void> {
      if (await findScript(version)) return;
      await transact(async (tables) => {
        await tables
          .insertInto('scripts')
          .values({ version, source })
          .onConflict((conflict) => conflict.column('version').doNothing())
          .execute();
      });
    },

    findScript,
  };
}
