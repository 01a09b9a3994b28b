import { StoreUnavailableError } from '../store/store.ts';

/** Ends a command with a message for its user: exit code 2 for what the user has to write otherwise, else 1. */
export class CommandFailure extends Error {
  readonly exitCode: 1 | 2;

  constructor(message: string, exitCode: 1 | 2 = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What an error says to the user of a command; of the database's own error, where it is to blame. */
export function messageOf(error: unknown): string {
  const cause = error instanceof StoreUnavailableError ? error.cause : error;
  // Several addresses of one host that all refuse make an error without a message.
  const [first = cause] = cause instanceof AggregateError ? cause.errors : [];
  return first instanceof Error ? first.message : String(first);
}
