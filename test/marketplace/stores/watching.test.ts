// What the marketplace watches: when providers were last heard of, who waits, what was not reported, that anything changed.
import { describe, expect } from 'vitest';
import { firstIdAt } from '../../../src/marketplace/ledger/id.ts';
import { purchase } from '../support/purchase.ts';
import { hourMs, startMs } from '../support/service.ts';
import { test } from '../support/test.ts';

describe('arrivals', () => {
  test('are the newest first, an hour apart, of each event by itself', async ({ acme, service }) => {
    const { store, time } = service;
    for (const minutes of [0, 10, 50, 75, 400, 401]) {
      time.now = startMs + minutes * 60_000;
      await acme.post({ ...purchase, orderId: `o-${minutes}` });
    }
    await acme.post({ ...purchase, event: 'signup' });
    const { id } = (await store.findProvider(acme.partnerKey)) ?? {};
    const arrivals = await store.listArrivals({ providerId: id });
    const minutesOf = (times: readonly number[] = []) => times.map((at) => (at - startMs) / 60_000);
    expect(arrivals.map(({ event, times }) => [event, minutesOf(times)])).toEqual([
      ['purchase', [401, 75, 10]],
      ['signup', [401]],
    ]);
    await store.changeProvider(acme.partnerKey, { disabled: true });
    expect(await store.listArrivals({ providerId: id })).toEqual([]);
  });

  test('are 64 at most, whoever sends for years', async ({ acme, service }) => {
    const { store } = service;
    const { id = 0 } = (await store.findProvider(acme.partnerKey)) ?? {};
    for (let hour = 0; hour < 100; hour++) {
      service.time.now = startMs + hour * 2 * hourMs;
      await acme.post({ ...purchase, orderId: `h-${hour}` });
    }
    const [purchases] = await store.listArrivals({ providerId: id });
    expect(purchases?.times).toHaveLength(64);
    expect(purchases?.times[0]).toBe(service.time.now);
  });
});

describe('subscriptions without a report for the month', () => {
  test('are those that go on and have none', async ({ acme, service }) => {
    service.time.now = Date.parse('2026-05-20T12:00:00Z');
    await acme.report({ coid: 'reported', period: '2026-04' });
    await acme.report({ coid: 'reported', period: '2026-05' });
    await acme.report({ coid: 'forgotten', period: '2026-04' });
    await acme.report({ coid: 'gone', period: '2026-04' });
    await acme.report({ coid: 'gone', period: '2026-04', expired: true, 'expired-date': '2026-04-30' });
    const missing = await service.list('/api/subscriptions?missing=2026-05', acme.secret);
    expect(missing.map(({ coid }) => coid)).toEqual(['forgotten']);
    expect((await acme.page('/api/subscriptions?missing=may')).status).toBe(400);
  });
});

test('orders are queued by age, of the states that are asked for', async ({ acme, service }) => {
  const { store } = service;
  const { id: providerId = 0 } = (await store.findProvider(acme.partnerKey)) ?? {};
  const ids = [3, 1, 2].map((hour) => firstIdAt(startMs + hour * hourMs));
  for (const [index, id] of ids.entries()) {
    await store.createOrder({
      id,
      token: `${index}`.repeat(22),
      providerId,
      fields: {},
      fingerprint: new Uint8Array(16),
      hasPassword: false,
      createdAt: startMs,
    });
  }
  await store.changeOrder({ id: ids[0] ?? '', providerId }, { status: 'undecided' }, ['under_way'], startMs);
  const queue = async (query: Partial<Parameters<typeof store.listOrderQueue>[0]>) => {
    const orders = await store.listOrderQueue({ statuses: ['under_way'], providerId, limit: 9, ...query });
    return orders.map(({ id }) => ids.indexOf(id));
  };
  expect(await queue({})).toEqual([1, 2]);
  expect(await queue({ limit: 1 })).toEqual([1]);
  expect(await queue({ since: startMs + 2 * hourMs })).toEqual([2]);
  expect(await queue({ statuses: ['under_way', 'undecided'] })).toEqual([1, 2, 0]);
});

test('the pulse is another one after each thing that happens, and else the same', async ({
  acme,
  service,
}) => {
  const { store } = service;
  const pulses = [await store.readPulse()];
  expect(await store.readPulse()).toBe(pulses[0]);
  await acme.addListing(`pulse-${acme.partnerKey}`);
  for (const happen of [
    () => acme.post({ ...purchase }),
    () => acme.post({ ...purchase, customerId: '' }),
    () => acme.report({}),
    () => service.send(`/go/pulse-${acme.partnerKey}`),
  ]) {
    service.time.now += 1_000;
    await happen();
    pulses.push(await store.readPulse());
  }
  expect(new Set(pulses).size).toBe(5);
});
