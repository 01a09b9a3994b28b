import { describe, expect, onTestFinished, test } from 'vitest';
import { createSecret } from '../../src/marketplace/providers/secret.ts';
import { isBeforeSending } from '../../src/marketplace/provisioning/call.ts';
import { StoreUnavailableError } from '../../src/marketplace/store/errors.ts';
import { openDatabase } from '../../src/marketplace/store/open.ts';
import type { EndedAttempt } from '../../src/marketplace/store/orders.ts';
import type { Store } from '../../src/marketplace/store/store.ts';
import { createDatabase } from './support/database.ts';
import { buyer, startOrdering } from './support/ordering.ts';
import { accounts, refusingUrl, startProviderEndpoint } from './support/providerEndpoint.ts';

const id = '0198f3c2-7a10-7b3e-9c41-5d2f8e6a1b07';

const order = {
  id,
  token: 'A'.repeat(22),
  providerId: 1,
  fields: buyer,
  fingerprint: new Uint8Array(16),
  hasPassword: false,
  createdAt: 0,
};

/** A store with a provider that takes orders. */
async function openWithProvider() {
  const store = await openDatabase(await createDatabase());
  onTestFinished(() => store.close());
  const origins: string[] = [];
  const provider = {
    partnerKey: 'pk_acme',
    name: 'Acme',
    origins,
    minimumLevel: 'unsigned',
    disabled: false,
  } as const;
  await store.addProvider(provider, createSecret(0));
  await store.changeProvider('pk_acme', { provisionUrl: 'https://acme.example/' });
  return store;
}

/** A store with one order, whose first attempt is under way. */
async function openWithAttempt() {
  const store = await openWithProvider();
  await store.createOrder(order);
  expect(await store.beginAttempt({ orderId: id, startedAt: 0, leaseUntil: 10 })).toBe(1);
  const end = (ended: Pick<EndedAttempt, 'outcome' | 'change'>) =>
    store.endAttempt({ orderId: id, number: 1, endedAt: 5, ...ended });
  return { store, end };
}

test('a token that has made an order makes no other, whatever comes with it', async () => {
  const { store } = await openWithAttempt();
  const other = { ...order, id: '0198f3c2-7a10-7b3e-9c41-5d2f8e6a1b08', fields: { name: 'Grace' } };
  expect(await store.createOrder(other)).toMatchObject({ result: 'known', order: { id, fields: buyer } });
  expect(await store.listOrders({ limit: 2 })).toHaveLength(1);
});

test('an order under an attempt can be neither claimed nor settled, and is lost after its time only', async () => {
  const { store } = await openWithAttempt();
  expect(await store.beginAttempt({ orderId: id, startedAt: 1, leaseUntil: 11 })).toBeUndefined();
  expect(await store.changeOrder(id, { status: 'failed' }, ['under_way'], 1)).toBe(false);
  expect(await store.listDueOrders({ now: 11, limit: 1 })).toEqual([]);
  expect(await store.listLostOrders(10)).toEqual([]);
  expect(await store.listLostOrders(11)).toMatchObject([{ id }]);
});

test('an account that was made counts, even where the attempt was given up for lost', async () => {
  const { store, end } = await openWithAttempt();
  await end({ outcome: 'unclear', change: { status: 'undecided' } });
  await end({ outcome: 'created', change: { status: 'succeeded', coid: 'c-1' } });
  expect(await store.findOrder(id)).toMatchObject({
    status: 'succeeded',
    coid: 'c-1',
    attempts: [{ number: 1, outcome: 'created' }],
  });
});

test('anything else that comes late changes no order', async () => {
  const { store, end } = await openWithAttempt();
  await end({ outcome: 'unclear', change: { status: 'undecided' } });
  await end({ outcome: 'refused', change: { status: 'failed' } });
  expect(await store.findOrder(id)).toMatchObject({ status: 'undecided' });
  await store.changeOrder(id, { status: 'succeeded', coid: 'settled' }, ['undecided'], 6);
  await end({ outcome: 'created', change: { status: 'succeeded', coid: 'other' } });
  expect(await store.findOrder(id)).toMatchObject({ status: 'succeeded', coid: 'settled' });
});

test('an attempt that was lost cannot end the one after it', async () => {
  const { store, end } = await openWithAttempt();
  await end({ outcome: 'unclear', change: { status: 'waiting', nextAt: 6 } });
  expect(await store.beginAttempt({ orderId: id, startedAt: 6, leaseUntil: 16 })).toBe(2);
  await end({ outcome: 'unclear', change: { status: 'undecided' } });
  expect(await store.findOrder(id)).toMatchObject({ status: 'waiting', isUnderAttempt: true });
});

describe('what a buyer entered', () => {
  test('goes with an order that has long been undecided, too, which a person can still settle', async () => {
    const { store, end } = await openWithAttempt();
    await end({ outcome: 'unclear', change: { status: 'undecided' } });
    expect(await store.purgeOrders(5)).toBe(0);
    expect(await store.findOrder(id)).toMatchObject({ fields: buyer });
    expect(await store.purgeOrders(6)).toBe(1);
    const { fields, fingerprint } = (await store.findOrder(id)) ?? {};
    expect({ fields, bytes: fingerprint?.length }).toEqual({ fields: undefined, bytes: 0 });
    expect(await store.purgeOrders(6)).toBe(0);
    expect(await store.changeOrder(id, { status: 'succeeded', coid: 'c-1' }, ['undecided'], 7)).toBe(true);
    expect(await store.findOrder(id)).toMatchObject({ status: 'succeeded', coid: 'c-1' });
  });

  test('stays with an order that goes on', async () => {
    const { store, end } = await openWithAttempt();
    await end({ outcome: 'unclear', change: { status: 'undecided' } });
    await store.changeOrder(id, { status: 'waiting', nextAt: 8 }, ['undecided'], 7);
    expect(await store.purgeOrders(9)).toBe(0);
    expect(await store.findOrder(id)).toMatchObject({ status: 'waiting', fields: buyer });
  });
});

describe('the claim on a password', () => {
  const secretive = { ...order, hasPassword: true, heldUntil: 100 };
  const other = { ...secretive, id: '0198f3c2-7a10-7b3e-9c41-5d2f8e6a1b08', token: 'B'.repeat(22) };
  const heldUntil = async (store: Store, orderId = id) => (await store.findOrder(orderId))?.heldUntil;

  async function openWithPasswords() {
    const store = await openWithProvider();
    await store.createOrder(secretive);
    await store.createOrder(other);
    return store;
  }

  test('is made with the order, and renewed while it goes on', async () => {
    const store = await openWithPasswords();
    expect(await heldUntil(store)).toBe(100);
    expect(await store.renewPasswordClaims([id], 200)).toEqual([id]);
    expect(await heldUntil(store)).toBe(200);
    expect(await heldUntil(store, other.id)).toBe(100);
    await store.changeOrder(id, { status: 'needs_password', nextAt: 300 }, ['under_way'], 1);
    expect(await heldUntil(store)).toBeUndefined();
    expect(await store.renewPasswordClaims([id, other.id], 300)).toEqual([other.id]);
    expect(await heldUntil(store)).toBeUndefined();
    expect(await store.renewPasswordClaims([], 300)).toEqual([]);
  });

  test('is made anew by a change, which leaves it alone where it says nothing of it', async () => {
    const store = await openWithPasswords();
    await store.changeOrder(id, { status: 'waiting', nextAt: 1 }, ['under_way'], 1);
    expect(await heldUntil(store)).toBe(100);
    await store.changeOrder(id, { status: 'under_way', nextAt: 1, heldUntil: 400 }, ['waiting'], 1);
    expect(await heldUntil(store)).toBe(400);
  });
});

test('what came of a call is kept as soon as the database can be written again', async () => {
  const { made, create } = accounts({ idempotent: false });
  const endpoint = await startProviderEndpoint(create);
  let failures = 2;
  const ordering = await startOrdering({
    url: endpoint.url,
    wrapStore: (store) => ({
      ...store,
      endAttempt: async (attempt) => {
        if (failures-- > 0) throw new StoreUnavailableError('locked');
        await store.endAttempt(attempt);
      },
    }),
  });
  await ordering.becomes(await ordering.placeOrder(), { status: 'succeeded', coid: 'acme-1' });
  expect(made).toHaveLength(1);
});

test('of a host with several addresses, nothing was sent only where none could be connected to', async () => {
  const failure = (syscall: string, code: string) => Object.assign(new Error(code), { syscall, code });
  const thrown = (cause: unknown) => new TypeError('fetch failed', { cause });
  const refused = failure('connect', 'ECONNREFUSED');
  expect(isBeforeSending(thrown(new AggregateError([refused, failure('connect', 'ENETUNREACH')])))).toBe(
    true,
  );
  expect(isBeforeSending(thrown(new AggregateError([refused, failure('read', 'ECONNRESET')])))).toBe(false);
  expect(isBeforeSending(thrown(new AggregateError([])))).toBe(false);
  expect(isBeforeSending(thrown(failure('connect', 'ECONNRESET')))).toBe(false);
  expect(isBeforeSending(thrown(undefined))).toBe(false);

  const { port } = await refusingUrl();
  const error = await fetch(`http://localhost:${port}/`).catch((caught: unknown) => caught);
  expect(isBeforeSending(error)).toBe(true);
});
