import { expect, test } from 'vitest';
import { createSecret } from '../../../src/marketplace/providers/secret.ts';
import { startMs, startService } from '../support/service.ts';

test('the number that services ask moves with each change of a provider, its secrets and listings', async () => {
  const { store, addProvider } = await startService();
  const { partnerKey, keyId } = await addProvider();
  const { id: providerId = 0 } = (await store.findProvider(partnerKey)) ?? {};
  const next = createSecret(startMs);
  const changes: Record<string, () => Promise<unknown>> = {
    add: () => addProvider({ partnerKey: 'pk_other' }),
    change: () => store.changeProvider(partnerKey, { disabled: true }),
    rotate: () => store.addSecret(partnerKey, next),
    retire: () => store.retireSecret(partnerKey, keyId, startMs),
    revoke: () => store.revokeSecret(partnerKey, keyId),
    list: () => store.putListing({ name: 'acme', providerId, landingUrl: 'https://acme.example/' }),
    unlist: () => store.removeListing('acme'),
  };
  const moved: string[] = [];
  for (const [name, change] of Object.entries(changes)) {
    const before = await store.readSettingsVersion();
    await change();
    if ((await store.readSettingsVersion()) === (before ?? 0) + 1) moved.push(name);
  }
  expect(moved).toEqual(Object.keys(changes));
});
