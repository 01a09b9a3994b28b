/** What makes a database forget. */
export interface PrivacyStore {
  /**
   * Erases all that the tables hold of a provider's customers, in one transaction, and remembers a keyed hash of each:
   * from then on, whatever arrives of them is not written (Outcome `forgotten`).
   */
  forgetCustomers(request: ForgetRequest): Promise<Erased>;
  /**
   * Removes what the database keeps of deleted rows beyond its tables: free space, logs. May take long; what is
   * written meanwhile may have to wait or fail.
   */
  eraseRemains(): Promise<void>;
  /** Deletes purchases, signups, visits and clicks received before that time, the oldest first; returns how many. */
  purgeTrackings(receivedBefore: number): Promise<number>;
}

export interface ForgetRequest {
  providerId: number;
  partnerKey: string;
  /** By the provider's own ids, as stored. */
  customerIds: readonly string[];
  forgottenAt: number;
}

/** How many rows of each kind were erased. */
export interface Erased {
  /** Signups among them. */
  purchases: number;
  subscriptions: number;
  reports: number;
  idempotencyKeys: number;
  orders: number;
  rejections: number;
}
