/** An event whose signature you have verified: what `stripe.webhooks.constructEvent` returns, of any API version. */
export interface StripeEvent {
  type: string;
  /** Unix seconds. */
  created: number;
  data: { object: object };
}

/**
 * A payment as it stands now, which no event about refunds and disputes tells whole: Stripe's objects as its API
 * answers with them. Read it after the event has come, never from a cache, and events may come twice and in any order.
 */
export interface StripePayment {
  charge: object;
  /** All refunds of the charge. */
  refunds: readonly object[];
  /** All disputes of the charge. */
  disputes: readonly object[];
  /** The invoice that the charge paid, expanded; null where it paid none. */
  invoice: object | null;
}

export interface StripeOptions {
  /** What you sell, as your pages name it. The metadata's `onramp_service_name` wins. */
  serviceName: string;
  /**
   * For invoices: the paid ones of the same subscription, as Stripe's API lists them. They tell whether this is the
   * first that cost something, and so the purchase: after a trial, nothing in the event itself does. Without them,
   * only an invoice that began its subscription is a purchase, every other is a renewal.
   */
  paidInvoices?: readonly object[] | undefined;
  /** For refunds and disputes. */
  payment?: StripePayment | undefined;
}
