import { expect, test } from 'vitest';
import { createSecret } from '../../../src/marketplace/providers/secret.ts';
import { bearer, purchase } from '../support/purchase.ts';
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

test('a revoked secret proves and verifies nothing, whatever it signed before, and the others go on', async () => {
  const { store, time, addProvider } = await startService();
  const acme = await addProvider();
  const second = createSecret(startMs);
  await store.addSecret('pk_acme', second);
  const signed = acme.sign({ ...purchase, orderId: '1' });
  expect(await store.revokeSecret('pk_other', acme.keyId)).toBe(false);
  expect(await acme.post(purchase, bearer(acme.secret))).toMatchObject({ status: 201 });

  expect(await store.revokeSecret('pk_acme', acme.keyId)).toBe(true);
  expect(await store.revokeSecret('pk_acme', acme.keyId)).toBe(false);
  expect(await listLiveKeyIds(store)).toEqual([second.keyId]);
  time.now += 1_000;
  expect(await acme.post(signed)).toMatchObject({ status: 401 });
  expect(await acme.post(purchase, bearer(acme.secret))).toMatchObject({ status: 401 });
  expect(await acme.page('/api/SaasTrackings')).toMatchObject({ status: 401 });
  expect(await acme.report({})).toMatchObject({ status: 401 });
  expect(await acme.post(purchase, bearer(second.secret))).toMatchObject({ status: 200 });
});
