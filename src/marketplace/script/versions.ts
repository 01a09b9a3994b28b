import type { ScriptStore } from '../store/scripts.ts';
import { encodeScript, type Script } from './script.ts';

/**
 * Finds a script by its version: the current one, and from the store every one that was served before it. Pages pin
 * a version by its hash, so its address has to live on after an upgrade.
 */
export function createScriptFinder(
  current: Script,
  store: ScriptStore,
): (version: string) => Promise<Script | undefined> {
  const encoded = new Map([[current.version, current]]);

  return async (version) => {
    const known = encoded.get(version);
    if (known) return known;
    const source = await store.findScript(version);
    if (!source) return undefined;
    const script = encodeScript(source);
    encoded.set(version, script);
    return script;
  };
}
