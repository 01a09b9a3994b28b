import { createSaasTracking, type SaasTracking, type SaasTrackingResult } from './createSaasTracking.ts';
import { type Environment, realEnvironment } from './environment.ts';
import { checkOptions, type OnrampOptions } from './options.ts';
import { createSender } from './send.ts';
import { type SignablePurchase, type SignedPurchase, signPurchase } from './signPurchase.ts';
import {
  type SubscriptionResult,
  type SubscriptionUpdate,
  updateSubscription,
} from './updateSubscription.ts';

export interface CallOptions {
  /** Ends the call, its waits included; it then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/**
 * A provider's client of the marketplace. Failed tries are repeated on connection errors, timeouts, 408, 429 and 5xx,
 * with waits that grow; a Retry-After of at most a minute is heeded, a longer one ends the call. No call is counted
 * twice however often it is sent. Every method rejects with an OnrampError, or with the signal's reason.
 */
export interface Onramp {
  /**
   * Reports a purchase with the secret, level `server`. Give an `orderId`, or `purchasedAt`: the browser's copy with
   * the same one and yours then count once, in any order. With neither, the time is stamped now, and all such
   * purchases of one customer and service within 24 hours count as one.
   */
  createSaasTracking(purchase: SaasTracking, options?: CallOptions): Promise<SaasTrackingResult>;
  /**
   * Signs a purchase for the page, which hands everything that this resolves to over to `onrampTrack` (or writes it
   * into the tag's data attributes) and is then believed: level `signed`. Sends nothing. Valid for 9 days.
   */
  signPurchase(purchase: SignablePurchase): Promise<SignedPurchase>;
  /**
   * Reports a customer's subscription. `count` is the period's total so far, not what was added: the newest report of
   * a period replaces the one before it. So a job that runs twice bills once, and a wrong total is corrected by the
   * next report.
   */
  updateSubscription(update: SubscriptionUpdate, options?: CallOptions): Promise<SubscriptionResult>;
}

/** @throws TypeError that names every mistake in the options */
export function createOnramp(options: OnrampOptions): Onramp {
  return createOnrampIn(realEnvironment, options);
}

export function createOnrampIn(environment: Environment, options: OnrampOptions): Onramp {
  const checked = checkOptions(options);
  const send = createSender(checked, environment);
  const parts = { ...checked, environment, send };
  return {
    createSaasTracking: (purchase, { signal } = {}) => createSaasTracking(parts, purchase, signal),
    signPurchase: (purchase) => signPurchase(parts, purchase),
    updateSubscription: (update, { signal } = {}) => updateSubscription(parts, update, signal),
  };
}
