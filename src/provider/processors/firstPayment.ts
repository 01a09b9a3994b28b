/** An order that was paid, or an event's own. */
export interface PaidOrder {
  id: string;
  /** In the processor's own unit, the same for all. */
  paidAt: number;
  isFree: boolean;
}

/**
 * Whether none of these that cost something was paid before it. By the time of payment, not of issue: an older bill
 * may be paid later, and once it is, what was said of this one has to stay.
 */
export function isFirstPayment({ id, paidAt }: PaidOrder, orders: readonly PaidOrder[]): boolean {
  return orders.every(
    (other) =>
      other.id === id || other.isFree || other.paidAt > paidAt || (other.paidAt === paidAt && other.id > id),
  );
}
