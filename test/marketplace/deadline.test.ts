// What an answer waits for comes one after the other, and each has its own bound: all of it together has one.
import { expect, onTestFinished, test, vi } from 'vitest';
import type { Store } from '../../src/marketplace/store/store.ts';
import { bearer, purchase } from './support/purchase.ts';
import { type Service, startService } from './support/service.ts';

const never = () => new Promise<never>(() => undefined);

/** Time that only the test lets pass, for what waits; what is under way goes on. */
function holdTime(): void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
}

type Sending = (
  service: Service,
  keys: { secret: string; partnerKey: string },
) => Promise<{ status: number; headers: Headers }>;

const ways: [way: string, send: Sending][] = [
  ['a purchase', ({ post }) => post(purchase)],
  ['a picture', ({ picture }) => picture(purchase)],
  ['a message that is refused', ({ post }) => post({ ...purchase, customerId: '' })],
  ['a report of 2017', ({ send }, { secret }) => report(send, { providerkey: secret })],
  [
    'a report with the partner key',
    ({ send }, { secret, partnerKey }) => report(send, { providerkey: partnerKey }, bearer(secret)),
  ],
];

function report(send: Service['send'], who: object, headers = {}) {
  const usage = { coid: 'cust-1', expired: false, sku: 'crm-basic' };
  return send('/update-subscription/', {
    method: 'POST',
    headers,
    body: JSON.stringify({ ...usage, ...who }),
  });
}

test.for(ways)('%s that waited for its provider waits no longer for the ledger', async ([, send]) => {
  const found = Promise.withResolvers<void>();
  const asked: string[] = [];
  const service = await startService({
    wrapStore: (store) => ({
      ...store,
      async findProvider(partnerKey) {
        asked.push('provider');
        await found.promise;
        return await store.findProvider(partnerKey);
      },
      async findProviderByKeyId(keyId) {
        asked.push('provider');
        await found.promise;
        return await store.findProviderByKeyId(keyId);
      },
      async write() {
        asked.push('ledger');
        return await never();
      },
    }),
  });
  const keys = await service.addProvider();
  holdTime();
  const answer = send(service, keys);
  await vi.waitUntil(() => asked.length === 1);
  vi.advanceTimersByTime(6_000);
  found.resolve();
  await vi.waitUntil(() => asked.length === 2);
  expect(asked).toEqual(['provider', 'ledger']);
  vi.advanceTimersByTime(1_000);
  const { status, headers } = await answer;
  expect(status).toBe(503);
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
});

/** What is asked last, of an answer that has all else. */
const lastAsked: [what: string, name: keyof Store, send: Sending][] = [
  ['the provider', 'readSettingsVersion', ({ post }) => post(purchase)],
  [
    'the provider of a probe',
    'readSettingsVersion',
    ({ send }, { partnerKey }) => send(`/api/SaasTrackings.gif?probe=${partnerKey}`),
  ],
  ['the row that is shown', 'findTracking', ({ post }, { secret }) => post(purchase, bearer(secret))],
  ['the report that is shown', 'findReport', ({ send }, { secret }) => report(send, { providerkey: secret })],
  ['whether it is ready', 'ping', ({ send }) => send('/readyz')],
];

test.for(lastAsked)('an answer waits for %s no longer than for all', async ([, name, send]) => {
  let isAsked = false;
  const service = await startService({
    wrapStore: (store) => ({
      ...store,
      [name]: () => {
        isAsked = true;
        return never();
      },
    }),
  });
  const keys = await service.addProvider();
  holdTime();
  const answer = send(service, keys);
  await vi.waitUntil(() => isAsked);
  vi.advanceTimersByTime(7_000);
  expect(await answer).toMatchObject({ status: 503 });
});
