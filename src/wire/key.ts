/** What makes two messages the same purchase. All texts as they are compared; times in epoch milliseconds. */
export interface PurchaseIdentity {
  partnerKey: string;
  serviceName: string;
  customerId: string;
  orderId?: string | undefined;
  /** As it was sent, not as a clock corrected it: the key has to stay the same over every retry. */
  purchasedAtMs: number;
  /** True when the sender stamped the time itself and said so by sending its clock along. */
  stamped: boolean;
}

/**
 * The purchase's key. By order id; without one by the purchase's own time; without either by the stamped
 * time, and the service then also looks for a stamped purchase of that customer within 24 hours.
 */
export function purchaseKey(purchase: PurchaseIdentity): string {
  const { partnerKey, serviceName, customerId, orderId, purchasedAtMs, stamped } = purchase;
  const owner = [partnerKey, serviceName, customerId];
  if (orderId) return JSON.stringify(['order', ...owner, orderId]);
  return JSON.stringify([stamped ? 'stamped' : 'time', ...owner, new Date(purchasedAtMs).toISOString()]);
}

/** The key of a signup: one for each customer and service, for ever, whatever order or time it names. */
export function signupKey(partnerKey: string, serviceName: string, customerId: string): string {
  return JSON.stringify(['signup', partnerKey, serviceName, customerId]);
}

/** The key of an order that the provider itself has named: one for the service, whatever customer it is said to be of. */
export function orderKey(partnerKey: string, serviceName: string, orderId: string): string {
  return JSON.stringify(['order', partnerKey, serviceName, orderId]);
}

/** What makes two messages the same word on an order's refunds: the whole total, and when it was so. */
export interface RefundIdentity {
  partnerKey: string;
  serviceName: string;
  customerId: string;
  orderId: string;
  /** As it was sent. */
  purchasedAtMs: number;
  /** Without trailing zeros. */
  amount: string;
  currency: string;
}

/** The key of a refund: totals that differ, or are of another time, are another word on the same order. */
export function refundKey(refund: RefundIdentity): string {
  const { partnerKey, serviceName, customerId, orderId, purchasedAtMs, amount, currency } = refund;
  const time = new Date(purchasedAtMs).toISOString();
  return JSON.stringify(['refund', partnerKey, serviceName, customerId, orderId, time, amount, currency]);
}

/** The key of a visit: the same landing reported twice is one visit. */
export function visitKey(partnerKey: string, referral: string, landedAtMs: number): string {
  return JSON.stringify(['visit', partnerKey, referral, landedAtMs]);
}
