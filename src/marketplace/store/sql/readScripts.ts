import type { Kysely } from 'kysely';
import type { ScriptStore } from '../scripts.ts';
import type { Schema } from './schema.ts';

export function createScriptReader(reader: Kysely<Schema>): Pick<ScriptStore, 'findScript'> {
  const sources = reader.selectFrom('scripts').select('source');
  return {
    findScript: async (version) => (await sources.where('version', '=', version).executeTakeFirst())?.source,
  };
}
