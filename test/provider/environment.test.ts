import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { realEnvironment } from '../../src/provider/environment.ts';
import { createClient } from './support/client.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const reason = new Error('the user went away');
/** What may be left behind: timers, and listeners of the signal. */
const left = (signal: AbortSignal) => [vi.getTimerCount(), getEventListeners(signal, 'abort').length];

describe('a sleep', () => {
  test('ends after its time and leaves nothing behind', async () => {
    const { signal } = new AbortController();
    let isAwake = false;
    const slept = realEnvironment.sleep(500, signal).then(() => {
      isAwake = true;
    });
    await vi.advanceTimersByTimeAsync(499);
    expect(isAwake).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isAwake).toBe(true);
    await slept;
    expect(left(signal)).toEqual([0, 0]);
  });

  test('needs no signal', async () => {
    const slept = realEnvironment.sleep(500, undefined);
    await vi.advanceTimersByTimeAsync(500);
    await expect(slept).resolves.toBeUndefined();
  });

  test('ends with the reason when the signal is aborted, and leaves nothing behind', async () => {
    const controller = new AbortController();
    const slept = realEnvironment.sleep(500, controller.signal);
    controller.abort(reason);
    await expect(slept).rejects.toBe(reason);
    expect(left(controller.signal)).toEqual([0, 0]);
  });

  test('does not begin when it is aborted already', async () => {
    const signal = AbortSignal.abort(reason);
    await expect(realEnvironment.sleep(500, signal)).rejects.toBe(reason);
    expect(left(signal)).toEqual([0, 0]);
  });
});

test('time, chance and ids are those of the runtime', () => {
  vi.setSystemTime(1488362400000);
  expect(realEnvironment.now()).toBe(1488362400000);
  vi.spyOn(Math, 'random').mockReturnValueOnce(0.25);
  expect(realEnvironment.random()).toBe(0.25);
  expect(realEnvironment.createId()).toMatch(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);
  expect(realEnvironment.createId()).not.toBe(realEnvironment.createId());
});

describe('a call', () => {
  const purchase = { serviceName: 'Acme CRM', customerId: '42' };
  const baseUrl = 'https://market.example';

  test('that has ended leaves neither timer nor listener behind', async () => {
    const { signal } = new AbortController();
    const fetch = async () => Response.json({ status: 'created', id: 'row-1' }, { status: 201 });
    await createClient({ baseUrl, fetch }).onramp.trackPurchase(purchase, { signal });
    expect(left(signal)).toEqual([0, 0]);
  });

  test('is sent as JSON that asks for JSON, follows no redirect and stops with its signal', async () => {
    const sent: RequestInit[] = [];
    const fetch = async (_url: unknown, init: RequestInit = {}) => {
      sent.push(init);
      return Response.json({ status: 'created', id: 'row-1' }, { status: 201 });
    };
    await createClient({ baseUrl, fetch }).onramp.trackPurchase(purchase);
    expect(sent).toMatchObject([
      {
        method: 'POST',
        redirect: 'manual',
        headers: {
          accept: 'application/json, application/problem+json',
          'content-type': 'application/json',
        },
        signal: { aborted: false },
      },
    ]);
  });

  test('whose answer never comes stops its fetch', async () => {
    let signal: AbortSignal | null | undefined;
    const fetch = (_url: unknown, init: RequestInit = {}) => {
      signal = init.signal;
      return new Promise<Response>(() => {});
    };
    const { onramp } = createClient({ baseUrl, fetch, timeoutMs: 700, retries: 0 });
    const outcome = onramp.trackPurchase(purchase).catch((error) => error);
    await vi.advanceTimersByTimeAsync(699);
    expect(signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(signal?.aborted).toBe(true);
    expect((await outcome).message).toBe('https://market.example: no whole answer within 700 ms (try 1).');
  });
});
