import type Database from 'better-sqlite3';
import type { Kysely } from 'kysely';
import type { ScriptStore } from '../scripts.ts';
import type { Schema } from './schema.ts';

export function createScriptStore(writer: Database.Database, reader: Kysely<Schema>): ScriptStore {
  const insert = writer.prepare<[string, Uint8Array]>(
    'insert into scripts (version, source) values (?, ?) on conflict (version) do nothing',
  );
  const sources = reader.selectFrom('scripts').select('source');

  return {
    keepScript: async (version, source) => {
      insert.run(version, source);
    },
    findScript: async (version) => (await sources.where('version', '=', version).executeTakeFirst())?.source,
  };
}
