import type Database from 'better-sqlite3';
import type { Kysely } from 'kysely';
import type { ScriptStore } from '../scripts.ts';
import { createScriptReader } from '../sql/readScripts.ts';
import type { Schema } from '../sql/schema.ts';

export function createScriptStore(writer: Database.Database, reader: Kysely<Schema>): ScriptStore {
  const insert = writer.prepare<[string, Uint8Array]>(
    'insert into scripts (version, source) values (?, ?) on conflict (version) do nothing',
  );

  return {
    ...createScriptReader(reader),
    keepScript: async (version, source) => {
      insert.run(version, source);
    },
  };
}
