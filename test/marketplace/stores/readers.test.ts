// Who reads what: a provider its own, the marketplace everything, or what is one provider's.
import { expect } from 'vitest';
import { createLister } from '../../../src/marketplace/reading/lister.ts';
import { lists, type Reader } from '../../../src/marketplace/reading/lists.ts';
import { bearer, purchase } from '../support/purchase.ts';
import { hourMs, type Provider, type Service, startMs, startService } from '../support/service.ts';
import { test } from '../support/test.ts';

const marketplace: Reader = { provider: undefined };

async function read({ store }: Service, path: string, reader: Reader, query: object = {}) {
  lists[path]?.check(query, reader);
  const page = await createLister(store).read(path, reader, query);
  return JSON.parse(Buffer.from(page).toString()).items as Record<string, unknown>[];
}

/** Puts something of the provider's in each list. */
async function fill(service: Service, provider: Provider): Promise<void> {
  const { partnerKey } = provider;
  await provider.addListing(partnerKey);
  await service.send(`/go/${partnerKey}`);
  await provider.post(purchase);
  await provider.post({ ...purchase, customerId: '' });
  await provider.report({});
  await service.store.createOrder({
    id: `0198f3c2-7a10-7b3e-9c41-${Buffer.from(partnerKey.slice(-6).padStart(6, '0')).toString('hex')}`,
    token: partnerKey.padEnd(22, 'A'),
    providerId: (await service.store.findProvider(partnerKey))?.id ?? 0,
    fields: {},
    fingerprint: new Uint8Array(16),
    hasPassword: false,
    createdAt: 0,
  });
}

test('the marketplace reads what all providers have, or one of them', async () => {
  const service = await startService();
  const keys = ['pk_acme', 'pk_other'];
  for (const partnerKey of keys) await fill(service, await service.addProvider({ partnerKey }));
  for (const path of Object.keys(lists)) {
    const all = await read(service, path, marketplace);
    expect(all.map(({ partnerKey }) => partnerKey).sort(), path).toEqual(keys);
    const ofOne = await read(service, path, marketplace, { partnerKey: 'pk_acme' });
    expect(ofOne, path).toMatchObject([{ partnerKey: 'pk_acme' }]);
    expect(await read(service, path, marketplace, { partnerKey: 'pk_nobody' }), path).toEqual([]);
  }
});

test('a provider may name its own key, and no other', async ({ acme, addProvider, service }) => {
  const other = await addProvider();
  await acme.post(purchase);
  await other.post(purchase);
  const path = `/api/SaasTrackings?partnerKey=${acme.partnerKey}`;
  expect(await service.list(path, acme.secret)).toMatchObject([{ partnerKey: acme.partnerKey }]);
  for (const list of Object.keys(lists)) {
    expect(
      await service.send(`${list}?partnerKey=${acme.partnerKey}`, { headers: bearer(other.secret) }),
    ).toMatchObject({ status: 400, body: { errors: [{ pointer: '/partnerKey' }] } });
  }
});

test('the marketplace finds messages with a key that no provider has yet', async () => {
  const service = await startService();
  await service.post(purchase);
  await service.postRaw('no message');
  const reasons = async (query: object) =>
    (await read(service, '/api/rejections', marketplace, query)).map(({ reason }) => reason);
  expect(await reasons({})).toEqual(['not_an_object', 'unknown_partner_key']);
  expect(await reasons({ partnerKey: 'pk_acme' })).toEqual(['unknown_partner_key']);
});

test('purchases are found by service, listing and campaign', async ({ acme, service, addProvider }) => {
  const other = await addProvider();
  await acme.addListing(acme.partnerKey);
  const { headers } = await service.send(`/go/${acme.partnerKey}?campaign=Tuesday`);
  const referral = new URL(headers.get('location') ?? '').searchParams.get('onramp_ref');
  await acme.post({ ...purchase, orderId: 'by-link', referral, landedAt: startMs });
  await acme.post({ ...purchase, orderId: 'by-itself', serviceName: 'Acme Mail' });
  await other.post({ ...purchase, orderId: 'foreign', referral, landedAt: startMs });
  const found = async (query: string, reader = acme) =>
    (await reader.rows(`?${query}`)).map(({ orderId }) => orderId);
  expect(await found(`listing=${acme.partnerKey}`)).toEqual(['by-link']);
  expect(await found('campaign=Tuesday')).toEqual(['by-link']);
  expect(await found('campaign=Wednesday')).toEqual([]);
  expect(await found('serviceName=Acme%20Mail')).toEqual(['by-itself']);
  // Whose link it was is told its own provider alone.
  expect(await found('campaign=Tuesday', other)).toEqual([]);
});

test('rejections are found by reason, time, customer and order', async ({ addProvider, service }) => {
  const acme = await addProvider({ minimumLevel: 'origin' });
  await acme.post({ ...purchase, orderId: 7, customerId: ' cust-7 ' }, { origin: 'https://evil.example' });
  service.time.now += hourMs;
  await acme.post({ ...purchase, orderId: 'A-8', customerId: '' });
  const found = async (query: string) => (await acme.rejections(`?${query}`)).map(({ orderId }) => orderId);
  expect(await found('reason=below_minimum_level')).toEqual([7]);
  expect(await found('reason=invalid_fields')).toEqual(['A-8']);
  expect(await found(`from=${startMs + hourMs}`)).toEqual(['A-8']);
  expect(await found(`to=${startMs + hourMs}`)).toEqual([7]);
  expect(await found('orderId=7')).toEqual([7]);
  expect(await found('customerId=cust-7')).toEqual([7]);
  expect(await found('orderId=A-8&customerId=cust-7')).toEqual([]);
  const { body } = await service.send('/api/rejections?reason=rain', { headers: bearer(acme.secret) });
  expect(body.errors).toMatchObject([
    { detail: expect.stringContaining('reason must be one of unreadable') },
  ]);
});

test('what all providers have is read in the order in which it came, page by page', async () => {
  const service = await startService();
  const keys = ['pk_one', 'pk_two', 'pk_three', 'pk_four', 'pk_five'];
  const providers = await Promise.all(keys.map((partnerKey) => service.addProvider({ partnerKey })));
  const sent: string[] = [];
  for (let number = 0; number < 12; number++) {
    const provider = providers[(number * number) % keys.length];
    const event = number % 4 === 0 ? 'signup' : 'purchase';
    await provider?.post({ ...purchase, event, customerId: `c-${number}`, orderId: `${number}` });
    sent.unshift(`${number}`);
  }
  const lister = createLister(service.store);
  // So few that each provider is asked by itself, and so many that all are at once.
  for (const limit of ['5', '1000']) {
    const read: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page = await lister.read('/api/SaasTrackings', marketplace, { limit, cursor });
      const { items, next }: { items: { orderId: string }[]; next: string | null } = JSON.parse(
        Buffer.from(page).toString(),
      );
      read.push(...items.map(({ orderId }) => orderId));
      cursor = next;
    }
    expect(read).toEqual(sent);
  }
});
