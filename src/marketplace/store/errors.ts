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
