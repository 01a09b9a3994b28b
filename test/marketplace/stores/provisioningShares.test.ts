// Providers share the calls that may be under way; processes share the orders, and one of them has a password.
import { describe, expect, test } from 'vitest';
import { createIds } from '../../../src/marketplace/ledger/id.ts';
import type { Store } from '../../../src/marketplace/store/store.ts';
import { buyer, openForm, password, postForm, tokenIn } from '../support/ordering.ts';
import { patience } from '../support/patience.ts';
import { accounts, type Behaviour, startProviderEndpoint } from '../support/providerEndpoint.ts';
import { type Service, startService } from '../support/service.ts';

const hang: Behaviour = () => undefined;
const surroundings = { pollMs: 10, random: () => 0.5 };

async function placeOrder(service: Service, path: string, entered: Record<string, string> = buyer) {
  const form = await service.send(`/order/${path}`);
  const order = tokenIn(String(form.body.text));
  expect(await postForm(service.baseUrl, `/order/${path}`, { order, ...entered })).toMatchObject({
    status: 303,
  });
  return order;
}

const statuses = async (store: Store) =>
  (await store.listOrders({ limit: 1_000 })).map(({ status }) => status);

test('a provider that never answers holds up its own orders only, however many are due', async () => {
  const silent = await startProviderEndpoint(hang);
  const { made, create } = accounts({ idempotent: false });
  const good = await startProviderEndpoint(create);
  const service = await startService({ surroundings });
  for (const [path, { url }] of Object.entries({ silent, good })) {
    await service.addProvider({ partnerKey: path });
    await openForm(service.store, path, { path, url });
  }
  const createId = createIds(Date.now);
  const provider = await service.store.findProvider('silent');
  for (let number = 0; number < 200; number++) {
    await service.store.createOrder({
      id: createId(),
      token: String(number).padStart(22, '0'),
      providerId: provider?.id ?? 0,
      fields: buyer,
      fingerprint: new Uint8Array(16),
      hasPassword: false,
      createdAt: service.time.now,
    });
  }
  await expect.poll(() => silent.state.atOnce, patience).toBe(4);
  for (let order = 0; order < 20; order++) await placeOrder(service, 'good');
  await expect.poll(() => made.length, patience).toBe(20);
  expect(good.state.mostAtOnce).toBeLessThanOrEqual(4);
  expect(silent.state).toMatchObject({ atOnce: 4, mostAtOnce: 4 });
  silent.server.closeAllConnections();
});

describe('of two processes, one of which has a password', () => {
  /** Two services on one database; the first gets to no order until it may. */
  async function startTwo() {
    const { made, create } = accounts({ idempotent: false });
    const endpoint = await startProviderEndpoint(create);
    const state = { isBusy: true, looks: 0 };
    const holder = await startService({
      surroundings,
      wrapStore: (store) => ({
        ...store,
        listDueOrders: async (query) => (state.isBusy ? [] : await store.listDueOrders(query)),
      }),
    });
    const other = await startService({
      surroundings,
      database: holder.database,
      wrapStore: (store) => ({
        ...store,
        listDueOrders: async (query) => {
          const due = await store.listDueOrders(query);
          state.looks++;
          return due;
        },
      }),
    });
    await holder.addProvider();
    await openForm(holder.store, 'pk_acme', { path: 'acme', url: endpoint.url, required: ['password'] });
    const order = await placeOrder(holder, 'acme', { ...buyer, password });

    return {
      holder,
      other,
      state,
      made,
      calls: endpoint.calls,
      order: async () => await holder.store.findOrderByToken(order),
      page: async () => String((await other.send(`/orders/${order}`)).body.text),
      /** Until the other process has looked at all that is due by its clock. */
      async untilLookedAt() {
        const { looks } = state;
        await expect.poll(() => state.looks, patience).toBeGreaterThan(looks + 1);
      },
    };
  }
  type Two = Awaited<ReturnType<typeof startTwo>>;

  /** Less than what makes a process doubt what it knows of others. */
  const stepMs = 9_000;

  async function passTime({ holder, other, untilLookedAt, order }: Two, steps: number) {
    for (let step = 0; step < steps; step++) {
      holder.time.now += stepMs;
      await expect
        .poll(async () => (await order())?.heldUntil, patience)
        .toBeGreaterThan(holder.time.now + stepMs);
      other.time.now += stepMs;
      await untilLookedAt();
    }
  }

  test('the other one asks nobody for it, however long the first is busy', async () => {
    const two = await startTwo();
    await passTime(two, 12);
    expect(await two.order()).toMatchObject({ status: 'under_way', attempts: [] });
    expect(await two.page()).toContain('is being created');
    two.state.isBusy = false;
    await expect.poll(two.order, patience).toMatchObject({ status: 'succeeded' });
    expect(two.calls.map(({ json }) => json.password)).toEqual([password]);
    expect(two.made).toHaveLength(1);
  });

  test('the other one asks the buyer once the first says no more that it has it', async () => {
    const two = await startTwo();
    for (let step = 0; step < 3; step++) {
      two.other.time.now += stepMs;
      await two.untilLookedAt();
    }
    expect(await two.order()).toMatchObject({ status: 'under_way' });
    two.other.time.now += stepMs;
    await expect.poll(two.order, patience).toMatchObject({ status: 'needs_password' });
    expect(await two.page()).toContain('Please enter the password again');
  });

  test('the other one asks the buyer at once when the first ends', async () => {
    const two = await startTwo();
    await two.untilLookedAt();
    expect(await two.page()).toContain('is being created');
    await two.holder.close();
    two.other.time.now += 1;
    await expect.poll(two.page, patience).toContain('Please enter the password again');
    await expect.poll(() => statuses(two.other.store), patience).toEqual(['needs_password']);
  });

  test('who could not look for a while waits for the first to say that it still has it', async () => {
    const two = await startTwo();
    two.other.time.now += 60_000;
    await two.untilLookedAt();
    expect(await two.order()).toMatchObject({ status: 'under_way' });
    two.holder.time.now += 60_000;
    await passTime(two, 4);
    expect(await two.order()).toMatchObject({ status: 'under_way' });
  });
});
