import { type Environment, realEnvironment } from './environment.ts';
import { listPurchases, listRejections, type PurchaseFilters, type RejectionFilters } from './lists.ts';
import { checkOptions, type OnrampOptions } from './options.ts';
import type { Rejection, TrackingRow } from './rows.ts';
import { createSender } from './send.ts';
import { type SignablePurchase, type SignedPurchase, signPurchase } from './signPurchase.ts';
import {
  type Purchase,
  type Refund,
  type Renewal,
  type ReportedEvent,
  type Signup,
  type Tracking,
  type TrackingResult,
  track,
} from './track.ts';
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
 * twice however often it is sent. Every method, and each step of a list, rejects with an OnrampError, or with the signal's reason.
 */
export interface Onramp {
  /**
   * Reports a purchase with the secret, level `server`: the first payment. Give an `orderId`, or `purchasedAt`: the
   * browser's copy with the same one and yours then count once, in any order. With neither, the time is stamped now, and
   * all such purchases of one customer and service within 24 hours count as one.
   */
  trackPurchase(purchase: Purchase, options?: CallOptions): Promise<TrackingResult>;
  /** trackPurchase under its name of 2017. */
  createSaasTracking(purchase: Purchase, options?: CallOptions): Promise<TrackingResult>;
  /** Reports an account that isn't paid yet, such as a trial: one for each customer and service, for ever. */
  trackSignup(signup: Signup, options?: CallOptions): Promise<TrackingResult>;
  /** Reports a later payment, under an order id of its own. */
  trackRenewal(renewal: Renewal, options?: CallOptions): Promise<TrackingResult>;
  /**
   * Reports money given back: all that was given back of the order so far, as of `purchasedAt`. The latest refund of an
   * order counts, so repeated and shuffled calls end alike.
   */
  trackRefund(refund: Refund, options?: CallOptions): Promise<TrackingResult>;
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
  /** What the marketplace has of you, newest first, read page by page: purchases, and all other events. */
  listPurchases(filters?: PurchaseFilters, options?: CallOptions): AsyncGenerator<TrackingRow, void, void>;
  /** What it refused within 30 days, last refused first. */
  listRejections(filters?: RejectionFilters, options?: CallOptions): AsyncGenerator<Rejection, void, void>;
}

/** @throws TypeError that names every mistake in the options */
export function createOnramp(options: OnrampOptions): Onramp {
  return createOnrampIn(realEnvironment, options);
}

export function createOnrampIn(environment: Environment, options: OnrampOptions): Onramp {
  const checked = checkOptions(options);
  const send = createSender(checked, environment);
  const parts = { ...checked, environment, send };
  const trackPurchase = reporter('trackPurchase', 'purchase');
  return {
    trackPurchase,
    createSaasTracking: trackPurchase,
    trackSignup: reporter('trackSignup', 'signup'),
    trackRenewal: reporter('trackRenewal', 'renewal'),
    trackRefund: reporter('trackRefund', 'refund'),
    signPurchase: (purchase) => signPurchase(parts, purchase),
    updateSubscription: (update, { signal } = {}) => updateSubscription(parts, update, signal),
    listPurchases: (filters = {}, { signal } = {}) => listPurchases(parts, filters, signal),
    listRejections: (filters = {}, { signal } = {}) => listRejections(parts, filters, signal),
  };

  function reporter(call: string, event: ReportedEvent) {
    return (tracking: Tracking, { signal }: CallOptions = {}) =>
      track(parts, { call, event }, tracking, signal);
  }
}
