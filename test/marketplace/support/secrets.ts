import type { Store } from '../../../src/marketplace/store/store.ts';

/** Of pk_acme, oldest first. */
export async function listLiveKeyIds(store: Store): Promise<string[]> {
  const provider = await store.findProvider('pk_acme');
  const live = provider?.secrets.filter(({ retiredAt }) => retiredAt === undefined) ?? [];
  return live.map(({ keyId }) => keyId);
}
