// SQLite is read by a thread of its own, lest a list holds up who sends a purchase.
import { expect, test } from 'vitest';
import { openLister } from '../../../src/marketplace/reading/lister.ts';
import { lists } from '../../../src/marketplace/reading/lists.ts';
import { queryDatabase } from '../support/database.ts';
import { bearer, purchase } from '../support/purchase.ts';
import { type Service, startService } from '../support/service.ts';
import { postReport, usage } from '../support/subscription.ts';

/** Puts something in each list; resolves to the provider's secret. */
async function fill(service: Service): Promise<string> {
  const { secret } = await service.addProvider();
  const provider = await service.store.findProvider('pk_acme');
  const providerId = provider?.id ?? 0;
  await service.store.putListing({ name: 'acme', providerId, landingUrl: 'https://acme.example/' });
  await service.send('/go/acme');
  await service.post({ ...purchase, customerId: 'Zoë 花' });
  await service.post({ ...purchase, customerId: '' });
  await postReport(service, { ...usage, providerkey: secret });
  await service.store.createOrder({
    id: '0198f3c2-7a10-7b3e-9c41-5d2f8e6a1b07',
    token: 'A'.repeat(22),
    providerId,
    fields: {},
    fingerprint: new Uint8Array(16),
    hasPassword: false,
    createdAt: 0,
  });
  return secret;
}

test('each list is what it would be without the thread', async () => {
  const service = await startService();
  const secret = await fill(service);
  const threaded = await startService({ database: service.database, openLister });
  for (const path of Object.keys(lists)) {
    const [here, there] = await Promise.all(
      [service, threaded].map(({ send }) => send(path, { headers: bearer(secret) })),
    );
    expect(there).toMatchObject({ status: 200, body: here?.body });
    expect(there?.headers.get('content-type')).toBe(here?.headers.get('content-type'));
    expect(here?.body.items).toHaveLength(1);
  }
  expect(await threaded.list('/api/SaasTrackings', secret)).toMatchObject([{ customerId: 'Zoë 花' }]);
});

test('a list that cannot be read is a 503, and the next one is read', async () => {
  const service = await startService({ openLister });
  const { secret } = await service.addProvider();
  const list = () => service.send('/api/clicks', { headers: bearer(secret) });
  expect(await list()).toMatchObject({ status: 200 });
  await queryDatabase(service.database, 'alter table clicks rename to lost');
  expect(await list()).toMatchObject({ status: 503 });
  expect(service.logLines.join('')).toContain('no such table');
  await queryDatabase(service.database, 'alter table lost rename to clicks');
  expect(await list()).toMatchObject({ status: 200 });
});
