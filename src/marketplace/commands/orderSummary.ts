import { formatTime } from '../../wire/time.ts';
import { presentOrder } from '../provisioning/present.ts';
import type { Order } from '../store/orders.ts';
import { CommandFailure } from './failure.ts';

/** An order as the marketplace reads it, with the address of the buyer's page. */
export function summary(order: Order) {
  return {
    ...presentOrder(order),
    partnerKey: order.partnerKey,
    page: `/orders/${order.token}`,
    hasPassword: order.hasPassword,
    ...(order.nextAt !== undefined && { nextAt: formatTime(order.nextAt) }),
    ...(order.failure && { failure: order.failure }),
  };
}

export function noSuchOrder(id: string): CommandFailure {
  return new CommandFailure(`There is no order ${id}. See: onramp-marketplace orders list`);
}
