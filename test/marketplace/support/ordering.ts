import { expect } from 'vitest';
import type { KnownTime } from '../../../src/marketplace/ledger/knownTime.ts';
import type { Order } from '../../../src/marketplace/store/orders.ts';
import type { Store } from '../../../src/marketplace/store/store.ts';
import type { FieldName } from '../../../src/wire/account.ts';
import { patience } from './patience.ts';
import { type Service, startService } from './service.ts';

export const buyer = { name: 'Ada Lovelace', email: 'ada@buyer.example' };
/** Its last part can't be a part of an id, whose digits are hexadecimal. */
export const password = 'pa55 "word" <&> zq7x';

/** What is due then whoever looks, but for what some process has the password of. */
export function anybodyAt(now: number) {
  return { now, knownNow: now, latest: now + 1_000, exceptProviders: [], holder: 'nobody', lostBefore: 0 };
}

export interface OrderingOptions {
  url: string;
  idempotent?: boolean;
  fields?: readonly FieldName[];
  required?: readonly FieldName[];
  resellerKey?: string;
  timeoutMs?: number;
  wrapStore?: (store: Store) => Store;
  knownTime?: KnownTime;
}

/** A service with a provider whose order page is /order/acme, and a clock that only moves when it is moved. */
export async function startOrdering(options: OrderingOptions) {
  const { timeoutMs = 10_000, wrapStore = (store: Store) => store, knownTime } = options;
  const service = await startService({
    wrapStore,
    knownTime,
    surroundings: { pollMs: 10, timeoutMs, random: () => 0.5 },
  });
  const { secret, keyId } = await service.addProvider();
  await offer(service.store, options);
  return { ...orderingAt(service), secret, keyId };
}

/** Opens /order/acme, the order page of pk_acme. */
export async function offer(store: Store, options: OrderingOptions): Promise<void> {
  await openForm(store, 'pk_acme', { ...options, path: 'acme' });
}

/** Opens a provider's order page at /order/{path}. */
export async function openForm(
  store: Store,
  partnerKey: string,
  options: OrderingOptions & { path: string },
): Promise<void> {
  const { path, url: provisionUrl, idempotent = false, fields = [], required = [], resellerKey } = options;
  await store.changeProvider(partnerKey, { provisionUrl, idempotent });
  const provider = await store.findProvider(partnerKey);
  const names: FieldName[] = ['name', 'email', ...required, ...fields];
  await store.putOrderForm({
    providerId: provider?.id ?? 0,
    path,
    fields: names.map((name) => ({ name, required: !fields.includes(name) })),
    resellerKey,
  });
}

function orderingAt(service: Service) {
  async function order(id: string): Promise<Order> {
    const found = await service.store.findOrderByToken(id);
    if (!found) throw new Error('There is no such order.');
    return found;
  }

  async function openForm(): Promise<string> {
    const { body } = await service.send('/order/acme');
    return tokenIn(String(body.text));
  }

  async function submit(token: string, entered: Readonly<Record<string, string>> = buyer) {
    return await postForm(service.baseUrl, '/order/acme', { order: token, ...entered });
  }

  return {
    service,
    order,
    /** Returns the token in its hidden field. */
    openForm,
    submit,

    /** Opens the form and sends it; returns the order's token. */
    async placeOrder(entered: Readonly<Record<string, string>> = buyer): Promise<string> {
      const token = await openForm();
      const { status } = await submit(token, entered);
      expect(status).toBe(303);
      return token;
    },

    /** Waits until the order has come to this. */
    async becomes(token: string, expected: object): Promise<Order> {
      await expect.poll(() => order(token), patience).toMatchObject({ isUnderAttempt: false, ...expected });
      return await order(token);
    },

    /** Moves the clock to the moment at which the order is due. */
    async untilDue(token: string): Promise<void> {
      const { nextAt } = await order(token);
      service.time.now = Math.max(service.time.now, nextAt ?? 0);
    },

    /** The order's page as text of HTML. */
    page: async (token: string): Promise<string> =>
      String((await service.send(`/orders/${token}`)).body.text),
  };
}

export async function postForm(baseUrl: string, path: string, fields: Readonly<Record<string, string>>) {
  const response = await fetch(baseUrl + path, {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  });
  return { status: response.status, headers: response.headers, page: await response.text() };
}

export function tokenIn(page: string): string {
  return /name="order" value="((?:\d+-)?[\w-]{22})"/.exec(page)?.[1] ?? '';
}
