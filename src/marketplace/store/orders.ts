import type { PageQuery } from './store.ts';

/** Orders of accounts at providers, and the attempts to have them made. */
export interface OrderStore {
  /**
   * Keeps the order, unless its token has made one before; on disk when it resolves.
   *
   * @returns the one that the token stands for
   */
  createOrder(order: NewOrder): Promise<{ result: 'created' | 'known'; order: Order }>;
  findOrder(id: string): Promise<Order | undefined>;
  findOrderByToken(token: string): Promise<Order | undefined>;
  /** Newest first; of all providers and states where none is named. */
  listOrders(query: OrderQuery): Promise<Order[]>;
  /** Orders whose next attempt is due and not under way, of providers that can be called; longest due first. */
  listDueOrders(query: { now: number; limit: number }): Promise<Order[]>;
  /** Orders whose attempt should have ended by then: the process that made it is gone. */
  listLostOrders(now: number): Promise<Order[]>;
  /**
   * Claims the order for one attempt, so that no other process makes one at the same time.
   *
   * @returns the attempt's number, from 1; undefined where the order is no longer due
   */
  beginAttempt(attempt: {
    orderId: string;
    startedAt: number;
    leaseUntil: number;
  }): Promise<number | undefined>;
  /**
   * Keeps what became of the attempt, and of the order if the attempt still has the claim. An account that was
   * made counts even without the claim.
   */
  endAttempt(attempt: EndedAttempt): Promise<void>;
  /** Changes an order that is in one of the states and under no attempt; false where it isn't. */
  changeOrder(id: string, change: OrderChange, from: readonly OrderStatus[], now: number): Promise<boolean>;
  /** Deletes what buyers entered, and what they were told, from orders that ended before; returns of how many. */
  purgeOrders(endedBefore: number): Promise<number>;
}

/**
 * `under_way`: called now, or within about a minute; `waiting`: called again later; `needs_password`: the buyer
 * has to enter it anew; `undecided`: whether there is an account, a person has to find out.
 */
export const orderStatuses = [
  'under_way',
  'waiting',
  'needs_password',
  'undecided',
  'succeeded',
  'failed',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

export interface NewOrder {
  id: string;
  /** Unguessable: the address of the order's page, and what makes a form's second submission the same order. */
  token: string;
  providerId: number;
  /** What is sent to the provider, but for the password. */
  fields: Readonly<Record<string, string>>;
  /** Hash of what the buyer entered, but for the password. */
  fingerprint: Uint8Array;
  hasPassword: boolean;
  createdAt: number;
}

export interface Order extends Omit<NewOrder, 'fields'> {
  partnerKey: string;
  providerName: string;
  /** Undefined once they were purged. */
  fields: Readonly<Record<string, string>> | undefined;
  status: OrderStatus;
  coid?: string | undefined;
  /** What the provider said to the buyer. */
  failure?: BuyerFailure | undefined;
  /** When something is to be done about it; undefined while an attempt is under way, and where nothing is. */
  nextAt?: number | undefined;
  isUnderAttempt: boolean;
  /** Oldest first. */
  attempts: readonly Attempt[];
}

/** A refusal in the provider's own words, without anything secret and of bounded length. */
export interface BuyerFailure {
  detail?: string | undefined;
  /** By the name of the field. */
  errors: Readonly<Record<string, string>>;
}

/**
 * `created`: there is an account; `refused`: there is none, the provider says; `unreachable`: there is none, since
 * nothing was sent; `unclear`: there may be one; `unusable`: there may be one, and asking again would tell no more.
 */
export type AttemptOutcome = 'created' | 'refused' | 'unreachable' | 'unclear' | 'unusable';

export interface Attempt {
  number: number;
  startedAt: number;
  /** These are undefined while it is under way. */
  endedAt?: number | undefined;
  outcome?: AttemptOutcome | undefined;
  /** HTTP status, where there was an answer. */
  status?: number | undefined;
  reason?: string | undefined;
}

export interface EndedAttempt {
  orderId: string;
  number: number;
  endedAt: number;
  outcome: AttemptOutcome;
  status?: number | undefined;
  reason?: string | undefined;
  change: OrderChange;
}

/** What an order becomes. */
export type OrderChange =
  | { status: 'succeeded'; coid: string }
  | { status: 'failed'; failure?: BuyerFailure }
  | { status: 'undecided' }
  | { status: 'under_way' | 'waiting' | 'needs_password'; nextAt: number };

export interface OrderQuery extends PageQuery {
  providerId?: number | undefined;
  status?: OrderStatus | undefined;
}
