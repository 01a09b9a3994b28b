import { describe, expect, onTestFinished, test } from 'vitest';
import { createSecret } from '../../../src/marketplace/providers/secret.ts';
import { StoreUnavailableError } from '../../../src/marketplace/store/errors.ts';
import { openDatabase } from '../../../src/marketplace/store/open.ts';
import type { EndedAttempt } from '../../../src/marketplace/store/orderAttempts.ts';
import type { DueQuery } from '../../../src/marketplace/store/orders.ts';
import type { Store } from '../../../src/marketplace/store/store.ts';
import { createDatabase, isSpread } from '../support/database.ts';
import { anybodyAt, buyer, startOrdering } from '../support/ordering.ts';
import { accounts, refusingUrl, startProviderEndpoint } from '../support/providerEndpoint.ts';

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
  expect(await store.beginAttempt({ order, startedAt: 0, latest: 1_000, leaseUntil: 10 })).toBe(1);
  const end = (ended: Omit<EndedAttempt, 'order' | 'number' | 'endedAt'>) =>
    store.endAttempt({ order, number: 1, endedAt: 5, ...ended });
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
  expect(await store.beginAttempt({ order, startedAt: 1, latest: 1_000, leaseUntil: 11 })).toBeUndefined();
  expect(await store.changeOrder(order, { status: 'failed' }, ['under_way'], 1)).toBe(false);
  expect(await store.listDueOrders({ ...anybodyAt(11), limit: 1 })).toEqual([]);
  expect(await store.listLostOrders(10)).toEqual([]);
  expect(await store.listLostOrders(11)).toMatchObject([{ id }]);
});

test('orders go on while one waits for a time or is under an attempt; of spread tables that is not asked', async () => {
  const { store, end } = await openWithAttempt();
  expect(await store.hasOrdersGoingOn()).toBe(true);
  await end({ outcome: 'unclear', change: { status: 'waiting', nextAt: 60 } });
  expect(await store.hasOrdersGoingOn()).toBe(true);
  await store.changeOrder(order, { status: 'failed' }, ['waiting'], 7);
  expect(await store.hasOrdersGoingOn()).toBe(isSpread());
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
  await store.changeOrder(order, { status: 'succeeded', coid: 'settled' }, ['undecided'], 6);
  await end({ outcome: 'created', change: { status: 'succeeded', coid: 'other' } });
  expect(await store.findOrder(id)).toMatchObject({ status: 'succeeded', coid: 'settled' });
});

test('what the provider said is kept word for word, and the order is due when it was put off to', async () => {
  const { store, end } = await openWithAttempt();
  await end({
    outcome: 'unclear',
    status: 503,
    reason: 'status 503',
    change: { status: 'waiting', nextAt: 60 },
  });
  expect(await store.listDueOrders({ ...anybodyAt(59), limit: 9 })).toEqual([]);
  expect(await store.listDueOrders({ ...anybodyAt(60), limit: 9 })).toMatchObject([{ id }]);
  expect(await store.beginAttempt({ order, startedAt: 60, latest: 1_000, leaseUntil: 70 })).toBe(2);
  const failure = { detail: 'No “such” plan: %s', errors: { email: "Taken, isn't it?" } };
  const ended = { outcome: 'refused', status: 422, reason: 'refused' } as const;
  await store.endAttempt({
    order,
    number: 2,
    endedAt: 65,
    ...ended,
    change: { status: 'failed', failure },
  });
  expect(await store.findOrder(id)).toMatchObject({
    status: 'failed',
    failure,
    attempts: [
      { number: 1, outcome: 'unclear', status: 503, reason: 'status 503' },
      { number: 2, ...ended },
    ],
  });
});

test('an attempt that was lost cannot end the one after it', async () => {
  const { store, end } = await openWithAttempt();
  await end({ outcome: 'unclear', change: { status: 'waiting', nextAt: 6 } });
  expect(await store.beginAttempt({ order, startedAt: 6, latest: 1_000, leaseUntil: 16 })).toBe(2);
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
    expect(await store.changeOrder(order, { status: 'succeeded', coid: 'c-1' }, ['undecided'], 7)).toBe(true);
    expect(await store.findOrder(id)).toMatchObject({ status: 'succeeded', coid: 'c-1' });
  });

  test('stays with an order that goes on', async () => {
    const { store, end } = await openWithAttempt();
    await end({ outcome: 'unclear', change: { status: 'undecided' } });
    await store.changeOrder(order, { status: 'waiting', nextAt: 8 }, ['undecided'], 7);
    expect(await store.purgeOrders(9)).toBe(0);
    expect(await store.findOrder(id)).toMatchObject({ status: 'waiting', fields: buyer });
  });
});

describe('the claim on a password', () => {
  const secretive = { ...order, hasPassword: true, held: { by: 'one', until: 100 } };
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
    expect((await store.renewPasswordClaims({ by: 'one', until: 200 })).ids.sort()).toEqual([id, other.id]);
    expect([await heldUntil(store), await heldUntil(store, other.id)]).toEqual([200, 200]);
    await store.changeOrder(order, { status: 'needs_password', nextAt: 300 }, ['under_way'], 1);
    expect(await heldUntil(store)).toBeUndefined();
    expect((await store.renewPasswordClaims({ by: 'one', until: 300 })).ids).toEqual([other.id]);
    expect(await heldUntil(store)).toBeUndefined();
    expect((await store.renewPasswordClaims({ by: 'another', until: 400 })).ids).toEqual([]);
    expect(await heldUntil(store, other.id)).toBe(300);
  });

  test('is made anew by a change, which leaves it alone where it says nothing of it', async () => {
    const store = await openWithPasswords();
    await store.changeOrder(order, { status: 'waiting', nextAt: 1 }, ['under_way'], 1);
    expect(await heldUntil(store)).toBe(100);
    const held = { by: 'another', until: 400 };
    await store.changeOrder(order, { status: 'under_way', nextAt: 1, held }, ['waiting'], 1);
    expect(await heldUntil(store)).toBe(400);
    expect((await store.renewPasswordClaims({ by: 'one', until: 500 })).ids).toEqual([other.id]);
  });

  test('leaves the order to the process that has it, until it has ended', async () => {
    const store = await openWithPasswords();
    await store.createOrder({ ...order, id: '0198f3c2-7a10-7b3e-9c41-5d2f8e6a1b09', token: 'C'.repeat(22) });
    await store.changeOrder(other, { status: 'needs_password', nextAt: 0 }, ['under_way'], 0);
    const due = async (query: Partial<DueQuery>) => {
      const found = await store.listDueOrders({ ...anybodyAt(100), limit: 9, ...query });
      return found.map(({ token }) => token.charAt(0)).sort();
    };
    expect(await due({ lostBefore: 100 })).toEqual(['B', 'C']);
    expect(await due({ lostBefore: 101 })).toEqual(['A', 'B', 'C']);
    expect(await due({ holder: 'one' })).toEqual(['A', 'B', 'C']);
    expect(await due({ exceptProviders: [order.providerId] })).toEqual([]);
  });
});

test('whether the time of a buyer or a person is up is judged by the known time, a next attempt by the clock', async () => {
  const store = await openWithProvider();
  await store.createOrder(order);
  const due = async (knownNow: number) =>
    (await store.listDueOrders({ ...anybodyAt(100), knownNow, limit: 9 })).length;
  await store.changeOrder(order, { status: 'waiting', nextAt: 60 }, ['under_way'], 0);
  expect(await due(59)).toBe(1);
  // So far ahead, it was put by a clock that was ahead: no attempt is.
  await store.changeOrder(order, { status: 'waiting', nextAt: 1_101 }, ['waiting'], 0);
  expect(await due(59)).toBe(1);
  await store.changeOrder(order, { status: 'waiting', nextAt: 1_100 }, ['waiting'], 0);
  expect(await due(59)).toBe(0);
  await store.changeOrder(order, { status: 'needs_password', nextAt: 1_101 }, ['waiting'], 0);
  expect(await due(59)).toBe(0);
  await store.changeOrder(order, { status: 'needs_password', nextAt: 60 }, ['needs_password'], 0);
  expect([await due(59), await due(60)]).toEqual([0, 1]);
  const change = { status: 'needs_attention', fault: 'tls', nextAt: 60 } as const;
  await store.changeOrder(order, change, ['needs_password'], 0);
  expect([await due(59), await due(60)]).toEqual([0, 1]);
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

test('a provider that is disabled meanwhile is not called until it is enabled', async () => {
  const { url, port } = await refusingUrl();
  const ordering = await startOrdering({ url });
  const token = await ordering.placeOrder(buyer);
  await ordering.becomes(token, { attempts: { length: 1 } });
  const { create } = accounts({ idempotent: false });
  const endpoint = await startProviderEndpoint(create, { port });
  const { store, time } = ordering.service;
  await store.changeProvider('pk_acme', { disabled: true });
  await ordering.untilDue(token);
  expect(await store.listDueOrders({ ...anybodyAt(time.now), limit: 10 })).toEqual([]);
  const order = await ordering.order(token);
  const attempt = { order, startedAt: time.now, latest: time.now + 1, leaseUntil: time.now + 1 };
  expect(await store.beginAttempt(attempt)).toBeUndefined();
  expect(endpoint.calls).toHaveLength(0);
  await store.changeProvider('pk_acme', { disabled: false });
  await ordering.becomes(token, { status: 'succeeded' });
  expect(endpoint.calls).toHaveLength(1);
});
