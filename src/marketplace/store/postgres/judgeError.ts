import { DatabaseError } from 'pg';
import { ledgerClosed, NoAnswerError, StoreUnavailableError } from '../errors.ts';

/**
 * By the beginning of PostgreSQL's code (https://www.postgresql.org/docs/current/errcodes-appendix.html): what an
 * operator has to look at.
 */
const reasons: readonly [code: string, reason: string][] = [
  ['08', 'its database does not answer'],
  ['25006', 'its database may only be read'],
  ['28', 'its database does not let it in'],
  ['3D', 'its database does not exist'],
  ['42501', 'it lacks a right that it needs in its database'],
  ['53100', 'the disk of its database is full'],
  ['53300', 'its database takes no more connections'],
  ['55P03', 'another transaction has locked what it needs in its database'],
  ['57P', 'its database is shutting down or starting'],
  [ledgerClosed.code, ledgerClosed.reason],
  ['58', 'its database cannot be read from the disk or written to it'],
  ['XX001', 'its database is damaged'],
  ['XX002', 'its database is damaged'],
];

/** Faults of what was written, which every further try would meet again: values, constraints, limits of size. */
const faultOfRecord = /^(22|23|54)/;

/** Codes of Node's, where the server proves otherwise who it is, or not at all. */
const untrusted = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/;

/** A statement that PostgreSQL refused for what it says. */
class StatementError extends Error {
  /** SQLSTATE. */
  readonly code: string;

  constructor({ code = 'unknown', constraint, table }: DatabaseError) {
    super(`PostgreSQL refused a statement: ${[code, table, constraint].filter(Boolean).join(' ')}.`);
    this.code = code;
  }
}

/**
 * What PostgreSQL said of its own state. Like StatementError it is without the fields of the library's error that may
 * show values, in the detail and, where the server is set to, in the context: errors are logged.
 */
class ServerError extends Error {
  /** SQLSTATE. */
  readonly code: string;

  constructor({ code = 'unknown', message }: DatabaseError) {
    super(message);
    this.code = code;
  }
}

/** What an error of the pool or of a statement is to the service. */
export function judgeError(error: unknown): Error {
  if (error instanceof StoreUnavailableError) return error;
  if (!(error instanceof DatabaseError)) {
    const isUntrusted = error instanceof Error && 'code' in error && untrusted.test(String(error.code));
    if (isUntrusted)
      return new StoreUnavailableError(error, 'its database has a certificate it does not trust');
    return new NoAnswerError(error);
  }
  const { code = '' } = error;
  if (faultOfRecord.test(code)) return new StatementError(error);
  return new StoreUnavailableError(
    new ServerError(error),
    reasons.find(([start]) => code.startsWith(start))?.[1],
  );
}

/** SQLSTATE of the database's own error; undefined where the connection failed. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof StatementError) return error.code;
  const cause = error instanceof StoreUnavailableError ? error.cause : undefined;
  return cause instanceof ServerError ? cause.code : undefined;
}
