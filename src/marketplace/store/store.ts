import type { SharedBudgets } from './budgets.ts';
import type { LedgerStore } from './ledger.ts';
import type { OrderFormStore } from './orderForms.ts';
import type { OrderStore } from './orders.ts';
import type { PrivacyStore } from './privacy.ts';
import type { ListingStore, ProviderStore } from './providers.ts';
import type { ScriptStore } from './scripts.ts';
import type { SubscriptionStore } from './subscriptions.ts';

/**
 * What the service needs of a database. Ids are UUIDv7 texts, so that their order is the order of arrival;
 * all times are epoch milliseconds. Every function throws StoreUnavailableError when the database cannot be
 * read or written just now.
 */
export interface Store
  extends LedgerStore,
    SubscriptionStore,
    ProviderStore,
    ListingStore,
    OrderFormStore,
    OrderStore,
    ScriptStore,
    PrivacyStore {
  /** Undefined where no other instance can use the database. */
  budgets: SharedBudgets | undefined;
  /** Resolves when the database has answered and has taken a write to disk. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** The database is locked, full, gone or broken; the same call may succeed later. */
export class StoreUnavailableError extends Error {
  /** Why, as the end of a sentence that anyone may read. */
  readonly reason: string;

  constructor(cause: unknown, reason = 'its database cannot be used') {
    super('The database cannot be used at the moment.', { cause });
    this.reason = reason;
  }
}

/** The database has not answered in time, or cannot be reached: what was sent may have been written all the same. */
export class NoAnswerError extends StoreUnavailableError {
  constructor(cause: unknown) {
    super(cause, 'its database does not answer');
  }
}

/** A partner key, a listing's name or an order page's belongs to somebody already. */
export class NameTakenError extends Error {}

/** A page of a list, newest first. */
export interface PageQuery {
  /** At most this many rows. */
  limit: number;
  /** Only what is older than the row with this id (for rejections, its latestId). */
  before?: string | undefined;
}
