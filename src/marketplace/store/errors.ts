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

/** For `catch`: false where the name was taken; any other error is thrown on. */
export function unlessTaken(error: unknown): false {
  if (error instanceof NameTakenError) return false;
  throw error;
}

/** For `catch`: nothing where the database can't be used just now; any other error is thrown on. */
export function unlessUnavailable(error: unknown): undefined {
  if (!(error instanceof StoreUnavailableError)) throw error;
}

/**
 * What the triggers say by which a ledger is closed that is moved to another database, as SQLite and as PostgreSQL (by an
 * SQLSTATE of its own) pass it on: see move/.
 */
export const ledgerClosed = {
  message: 'the ledger is closed: it is moving to another database, or has moved',
  code: 'OR001',
  reason: 'its ledger is closed: it is moving to another database, or has moved',
};
