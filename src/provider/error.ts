/** One wrong field, as the service names it. */
export interface FieldError {
  /** JSON Pointer: `/customerId`. */
  pointer: string;
  code: string;
  detail: string;
}

/** What an error answer says, RFC 9457; a member that isn't there, or isn't text, is undefined. */
export interface Problem {
  type?: string | undefined;
  title?: string | undefined;
  status?: number | undefined;
  detail?: string | undefined;
  errors?: readonly FieldError[] | undefined;
  requestId?: string | undefined;
}

export type OnrampFailure =
  /** What was given to the call is wrong; nothing was sent. */
  | 'invalid'
  /** The marketplace refused it (40x), or could not do it (50x): see `status` and `problem`. */
  | 'refused'
  /** No answer came: no name, no connection, or one that broke. `cause` has the error of fetch. */
  | 'connection'
  /** No whole answer came in time. */
  | 'timeout'
  /** Something answered that isn't the marketplace's service: a redirect, a page, an endless body. */
  | 'unexpected_answer';

export interface OnrampErrorParts {
  attempts: number;
  retryable: boolean;
  status?: number | undefined;
  problem?: Problem | undefined;
  errors?: readonly FieldError[] | undefined;
  retryAfterMs?: number | undefined;
  body?: string | undefined;
  cause?: unknown;
}

/** Why a call failed. Nothing in it holds the secret, so it may be logged as it is. */
export class OnrampError extends Error {
  override readonly name = 'OnrampError';
  readonly reason: OnrampFailure;
  /** How often it was sent: 0 where the call itself was wrong. */
  readonly attempts: number;
  /** Whether the very same call may succeed later. Repeating it is always safe. */
  readonly retryable: boolean;
  /** Of the last answer; undefined where none came. */
  readonly status: number | undefined;
  readonly problem: Problem | undefined;
  /** Every wrong field. */
  readonly errors: readonly FieldError[];
  /** Finds the request in the marketplace's log: quote it when you ask. */
  readonly requestId: string | undefined;
  /** How long the marketplace wants to be left alone, in milliseconds, where it said so. */
  readonly retryAfterMs: number | undefined;
  /** The beginning of an answer that is no problem document. */
  readonly body: string | undefined;

  constructor(reason: OnrampFailure, message: string, parts: OnrampErrorParts) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause });
    this.reason = reason;
    this.attempts = parts.attempts;
    this.retryable = parts.retryable;
    this.status = parts.status;
    this.problem = parts.problem;
    this.errors = parts.errors ?? parts.problem?.errors ?? [];
    this.requestId = parts.problem?.requestId;
    this.retryAfterMs = parts.retryAfterMs;
    this.body = parts.body;
  }
}

/** For a call whose arguments are wrong; names each of them. */
export function invalidCall(errors: readonly FieldError[]): OnrampError {
  const message = `${errors.map(({ detail }) => detail).join('; ')}. Nothing was sent.`;
  return new OnrampError('invalid', message, { attempts: 0, retryable: false, errors });
}
