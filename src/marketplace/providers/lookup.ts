import type { Clock } from '../../wire/time.ts';
import type { Provider } from '../store/providers.ts';
import type { Store } from '../store/store.ts';

/** Changes by command line are to be seen by a running service within a second. */
const maxUnaskedMs = 500;
/** Who changes rows by hand, or by a version of before there was a number that tells, waits that long. */
const maxAgeMs = 60_000;
/** By each kind of key; some 70 MB. Unknown keys are remembered too and anyone can send them. */
const defaultMaxRemembered = 100_000;

export interface ProviderLookup {
  byPartnerKey(partnerKey: string): Promise<Provider | undefined>;
  byKeyId(keyId: string): Promise<Provider | undefined>;
}

/**
 * Finds providers, and remembers them until anything of any provider has changed, which is asked twice a second,
 * whatever their number. Where that can't be asked, nothing is found.
 */
export function createProviderLookup(
  store: Pick<Store, 'findProvider' | 'findProviderByKeyId' | 'readSettingsVersion'>,
  clock: Clock,
  maxRemembered = defaultMaxRemembered,
): ProviderLookup {
  const byPartnerKey = createMemory(store.findProvider, clock, maxRemembered);
  const byKeyId = createMemory(store.findProviderByKeyId, clock, maxRemembered);
  let version: number | undefined;
  let asked = { at: Number.NEGATIVE_INFINITY, answer: Promise.resolve() };

  async function ask(): Promise<void> {
    const found = await store.readSettingsVersion();
    if (found === version) return;
    version = found;
    byPartnerKey.forget();
    byKeyId.forget();
  }

  /** Resolves when what is remembered holds. */
  function check(): Promise<void> {
    const now = clock();
    if (isWithin(maxUnaskedMs, asked.at, now)) return asked.answer;
    const answer = ask();
    asked = { at: now, answer };
    answer.catch(() => {
      if (asked.answer === answer) asked = { ...asked, at: Number.NEGATIVE_INFINITY };
    });
    return answer;
  }

  return {
    async byPartnerKey(partnerKey) {
      await check();
      return await byPartnerKey.find(partnerKey);
    },
    async byKeyId(keyId) {
      await check();
      return await byKeyId.find(keyId);
    },
  };
}

/** Remembers so many values, those that were sought last. */
function createMemory<Value>(load: (key: string) => Promise<Value>, clock: Clock, maxRemembered: number) {
  // The longest unsought comes first: a Map keeps the order in which keys were set.
  const entries = new Map<string, { value: Promise<Value>; loadedAt: number }>();

  function loadAnew(key: string, now: number) {
    const value = load(key);
    value.catch(() => entries.delete(key));
    return { value, loadedAt: now };
  }

  return {
    find(key: string): Promise<Value> {
      const now = clock();
      const known = entries.get(key);
      const entry = known && isWithin(maxAgeMs, known.loadedAt, now) ? known : loadAnew(key, now);
      entries.delete(key);
      entries.set(key, entry);
      const [oldest] = entries.size > maxRemembered ? entries.keys() : [];
      if (oldest !== undefined) entries.delete(oldest);
      return entry.value;
    },
    forget: () => entries.clear(),
  };
}

/** A clock that was set back must not make anything live longer. */
function isWithin(durationMs: number, since: number, now: number): boolean {
  return now >= since && now - since < durationMs;
}
