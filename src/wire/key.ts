/** What makes two messages the same purchase. All texts as stored; times in epoch milliseconds. */
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

/** The key of a visit: the same landing reported twice is one visit. */
export function visitKey(partnerKey: string, referral: string, landedAtMs: number): string {
  return JSON.stringify(['visit', partnerKey, referral, landedAtMs]);
}
