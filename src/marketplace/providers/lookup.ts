import type { Clock } from '../../wire/time.ts';
import type { Provider, ProviderStore } from '../store/providers.ts';

/** Changes by command line are to be seen by a running service within a second. */
const maxAgeMs = 500;
/** Unknown keys are remembered too and anyone can send them, so the memory is bounded. */
const maxEntries = 10_000;

export interface ProviderLookup {
  byPartnerKey(partnerKey: string): Promise<Provider | undefined>;
  byKeyId(keyId: string): Promise<Provider | undefined>;
}

/** Finds providers, asking the store at most twice a second for each. */
export function createProviderLookup(store: ProviderStore, clock: Clock): ProviderLookup {
  return {
    byPartnerKey: remember((partnerKey) => store.findProvider(partnerKey), clock),
    byKeyId: remember((keyId) => store.findProviderByKeyId(keyId), clock),
  };
}

function remember<Value>(
  load: (key: string) => Promise<Value>,
  clock: Clock,
): (key: string) => Promise<Value> {
  const entries = new Map<string, { value: Promise<Value>; loadedAt: number }>();

  return (key) => {
    const now = clock();
    const known = entries.get(key);
    // A clock that was set back must not make an entry live longer.
    if (known && now >= known.loadedAt && now - known.loadedAt < maxAgeMs) return known.value;
    if (entries.size >= maxEntries) entries.clear();
    const value = load(key);
    entries.set(key, { value, loadedAt: now });
    value.catch(() => entries.delete(key));
    return value;
  };
}
