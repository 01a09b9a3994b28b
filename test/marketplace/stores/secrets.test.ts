import { expect, test } from 'vitest';
import { createSecret } from '../../../src/marketplace/providers/secret.ts';
import { listLiveKeyIds } from '../support/secrets.ts';
import { startMs, startService } from '../support/service.ts';

test('the newest secret stays beside a new one even where the clock was set back', async () => {
  const { store, addProvider } = await startService();
  await addProvider();
  const [second, third] = [createSecret(startMs - 2_000), createSecret(startMs - 1_000)];
  await store.addSecret('pk_acme', second);
  await store.addSecret('pk_acme', third);
  expect(await listLiveKeyIds(store)).toEqual([second.keyId, third.keyId]);
});
