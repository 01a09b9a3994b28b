import { expect, test } from 'vitest';
import { StoreUnavailableError } from '../../src/marketplace/store/store.ts';
import { purchase } from './support/purchase.ts';
import { type Service, startService } from './support/service.ts';

async function addListing(service: Service, landingUrl: string) {
  const keys = await service.addProvider();
  const provider = await service.store.findProvider('pk_acme');
  await service.store.putListing({ name: 'acme', providerId: provider?.id ?? 0, landingUrl });
  return keys;
}

test.each([
  ['https://acme.example/', 'https://acme.example/?onramp_ref=ID'],
  ['https://acme.example/a?b=c%20d&e=#top', 'https://acme.example/a?b=c%20d&e=&onramp_ref=ID#top'],
  ['https://acme.example/?onramp_ref=old&x=1', 'https://acme.example/?x=1&onramp_ref=ID'],
])('a link to %s leads there with a referral', async (landingUrl, expected) => {
  const service = await startService();
  await addListing(service, landingUrl);
  const { status, headers } = await service.send('/go/acme');
  expect(status).toBe(302);
  expect(headers.get('location')?.replace(/(?<=onramp_ref=)[\w-]{22}(?=#|$)/, 'ID')).toBe(expected);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('referrer-policy')).toBe('origin');
});

test('each click has a referral of its own, and a row says that it was minted here', async () => {
  const service = await startService();
  const { secret } = await addListing(service, 'https://acme.example/');
  await service.addProvider({ partnerKey: 'pk_other' });
  await service.send('/go/acme');
  await service.send('/go/acme');
  const clicks = await service.list('/api/clicks', secret);
  expect(new Set(clicks.map(({ referral }) => referral)).size).toBe(2);
  expect(clicks).toMatchObject([{ listing: 'acme' }, { listing: 'acme' }]);

  const referral = String(clicks[0]?.referral);
  await service.post({ ...purchase, referral });
  await service.post({ ...purchase, customerId: 'cust-2', referral: 'made-up' });
  expect(await service.list('/api/SaasTrackings', secret)).toMatchObject([
    { customerId: 'cust-2', referralMinted: false },
    { customerId: 'cust-1', referralMinted: true },
  ]);
});

test('HEAD shows where the link leads and mints nothing', async () => {
  const service = await startService();
  const { secret } = await addListing(service, 'https://acme.example/');
  const { status, headers } = await service.send('/go/acme', { method: 'HEAD' });
  expect([status, headers.get('location')]).toEqual([302, 'https://acme.example/']);
  expect(await service.list('/api/clicks', secret)).toEqual([]);
});

test('an unknown listing is 404, as a page for people and as a problem for programs', async () => {
  const service = await startService();
  const page = await service.send('/go/nothing', { headers: { accept: 'text/html,*/*' } });
  expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8']);
  expect(await service.send('/go/nothing')).toMatchObject({ status: 404, body: { status: 404 } });
  const long = await service.send(`/go/${'n'.repeat(8_000)}`, { headers: { accept: 'text/html,*/*' } });
  expect([long.status, long.body]).toEqual([404, page.body]);
});

test('the buyer is sent on even where the click cannot be stored', async () => {
  const service = await startService({
    wrapStore: (store) => ({ ...store, write: () => Promise.reject(new StoreUnavailableError('disk full')) }),
  });
  await addListing(service, 'https://acme.example/');
  const { status, headers } = await service.send('/go/acme');
  expect(status).toBe(302);
  expect(headers.get('location')).toMatch(/onramp_ref=/);
  expect(service.logLines.join()).toContain('click lost');
});
