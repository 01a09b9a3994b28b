import type { OrderChange } from '../store/orderAttempts.ts';
import type { Order, OrderStatus, OrderStore } from '../store/orders.ts';

/** What a person may say of an order whose provider was asked. */
export type Settlement = Extract<OrderChange, { status: 'succeeded' }> | { status: 'failed' };

/** `none`: there is no such order; `refused`: it can't be done now, and why. */
export type Resolution =
  | { result: 'changed'; order: Order }
  | { result: 'none' }
  | { result: 'refused'; detail: string };

/** Orders that can be sent once more; of an undecided one a person has to be sure that there is no account. */
export const retriable: readonly OrderStatus[] = ['undecided', 'needs_attention', 'failed', 'waiting'];
export const settleable: readonly OrderStatus[] = [
  'undecided',
  'needs_attention',
  'waiting',
  'needs_password',
  'failed',
];

type Store = Pick<OrderStore, 'findOrder' | 'changeOrder'>;

/** Sends the order to its provider once more, within a second where a service runs. */
export async function retryOrder(store: Store, id: string, now: number): Promise<Resolution> {
  const known = await store.findOrder(id);
  if (!known) return { result: 'none' };
  if (!known.fields) {
    return {
      result: 'refused',
      detail: 'What the buyer entered is deleted: it has to be ordered anew.',
    };
  }
  const isChanged = await store.changeOrder(known, { status: 'waiting', nextAt: now }, retriable, now);
  const order = (await store.findOrder(id)) ?? known;
  if (isChanged) return { result: 'changed', order };
  return { result: 'refused', detail: `The order is ${order.status}: nothing to send once more.` };
}

/** Says what became of the order; the buyer sees it on the order's page. */
export async function settleOrder(
  store: Store,
  id: string,
  settlement: Settlement,
  now: number,
): Promise<Resolution> {
  const known = await store.findOrder(id);
  if (!known) return { result: 'none' };
  const isChanged = await store.changeOrder(known, settlement, settleable, now);
  const order = (await store.findOrder(id)) ?? known;
  if (isChanged) return { result: 'changed', order };
  const detail = order.isUnderAttempt
    ? 'The provider is being called for this order. Look at what came of it in half a minute.'
    : `The order is ${order.status}: nothing to settle.`;
  return { result: 'refused', detail };
}
