import { OnrampError } from '../error.ts';
import { fromMinorUnits } from '../fromMinorUnits.ts';
import type { Referral } from '../referral.ts';

/** What every call says. */
export interface SignupFields {
  serviceName: string;
  customerId: string;
  /** When it happened, in epoch milliseconds. */
  purchasedAt: number;
  referral?: Referral;
}

export interface PurchaseFields extends SignupFields {
  orderId: string;
  /** In major units; absent where another event of the same order says it. */
  amount?: string;
  currency?: string;
}

export interface RenewalFields extends SignupFields {
  orderId: string;
  amount: string;
  currency: string;
}

export interface RefundFields {
  serviceName: string;
  customerId: string;
  /** When the total became what it is, in epoch milliseconds. */
  purchasedAt: number;
  /** Of the order that is refunded. */
  orderId: string;
  /** The total refunded of that order so far, in major units. */
  amount: string;
  currency: string;
}

/** A call of the kit's client, by its method's name. */
export type OnrampCall =
  | { call: 'trackSignup'; fields: SignupFields }
  | { call: 'trackPurchase'; fields: PurchaseFields }
  | { call: 'trackRenewal'; fields: RenewalFields }
  | { call: 'trackRefund'; fields: RefundFields };

/** What an event says to the marketplace. */
export interface MappedEvent {
  /** None or one. */
  calls: readonly OnrampCall[];
  /** Why there is none: a sentence for your log. */
  leftOut?: string;
}

/** Of the kit's client, what it takes to send. */
export interface Tracker {
  trackSignup(signup: SignupFields): Promise<unknown>;
  trackPurchase(purchase: PurchaseFields): Promise<unknown>;
  trackRenewal(renewal: RenewalFields): Promise<unknown>;
  trackRefund(refund: RefundFields): Promise<unknown>;
}

/** An amount as the kit sends it. @throws OnrampError that says what is wrong with the amount or the currency */
export function toMoney(
  amount: number | bigint | undefined,
  currency: string | undefined,
  processor: 'stripe' | 'paddle',
): { amount: string; currency: string } {
  const code = currency?.toUpperCase() ?? '';
  return { amount: fromMinorUnits(amount ?? Number.NaN, code, { processor }), currency: code };
}

/** A call, or why there is none. */
export type Mapping = OnrampCall | string;

/** Maps one event; what the kit finds wrong in it, such as a currency that nobody knows, is a reason as well. */
export function mapEvent(type: string, map: () => Mapping): MappedEvent {
  const mapping = mapOrExplain(map);
  return typeof mapping === 'string' ? { calls: [], leftOut: `${type}: ${mapping}.` } : { calls: [mapping] };
}

function mapOrExplain(map: () => Mapping): Mapping {
  try {
    return map();
  } catch (error) {
    if (error instanceof OnrampError) return error.errors.map(({ detail }) => detail).join('; ');
    throw error;
  }
}

/**
 * Sends what a mapper made of an event. Safe to repeat: the marketplace counts each once, in whatever order they come.
 * Rejects as the client's methods do; where the error is `retryable`, let the processor deliver the event again.
 */
export async function sendCalls(onramp: Tracker, { calls }: MappedEvent): Promise<void> {
  for (const { call, fields } of calls) {
    if (call === 'trackSignup') await onramp.trackSignup(fields);
    else if (call === 'trackPurchase') await onramp.trackPurchase(fields);
    else if (call === 'trackRenewal') await onramp.trackRenewal(fields);
    else await onramp.trackRefund(fields);
  }
}
