import { retryAfterMs } from '../wire/retryAfter.ts';
import { type Answer, AttemptTimeout, attempt, type Message } from './attempt.ts';
import type { Environment } from './environment.ts';
import { OnrampError } from './error.ts';
import { isObject, readProblem } from './problem.ts';

/** Full jitter: each wait is anything from 0 to the base doubled with each try, but at most the cap. */
const baseMs = 500;
const capMs = 8_000;
/** Whoever asks for a longer wait is heard by not trying again. */
const longestRetryAfterMs = 60_000;
/** Of an answer that says nothing by itself, so much is shown. */
const shownLength = 500;

export interface SenderOptions {
  fetch: typeof globalThis.fetch;
  timeoutMs: number;
  retries: number;
  /** Never to be shown, whoever repeats them. */
  secrets: readonly string[];
}

/** A successful answer, and after how many tries. */
export interface Sent {
  status: number;
  text: string;
  attempts: number;
}

/**
 * Sends a message until it is answered for good, each try with the message that it is given anew.
 *
 * @returns an answer whose status is one of those
 * @throws OnrampError; the signal's reason when it is aborted
 */
export type Send = (
  createMessage: () => Message,
  successes: readonly number[],
  signal: AbortSignal | undefined,
) => Promise<Sent>;

export function createSender(
  { fetch, timeoutMs, retries, secrets }: SenderOptions,
  { now, random, sleep }: Environment,
): Send {
  return async (createMessage, successes, signal) => {
    for (let attempts = 1; ; attempts++) {
      const outcome = await tryOnce(createMessage(), attempts, successes, signal);
      if (!(outcome instanceof OnrampError)) return outcome;
      const askedMs = outcome.retryAfterMs ?? 0;
      if (!outcome.retryable || attempts > retries || askedMs > longestRetryAfterMs) throw outcome;
      // Later than asked for by a random time, so that all that wait don't come back in the same moment.
      await sleep(askedMs + random() * Math.min(capMs, baseMs * 2 ** (attempts - 1)), signal);
    }
  };

  async function tryOnce(
    message: Message,
    attempts: number,
    successes: readonly number[],
    signal: AbortSignal | undefined,
  ): Promise<Sent | OnrampError> {
    try {
      const { status, headers, text } = await attempt(fetch, message, timeoutMs, signal);
      const shownText = secrets.reduce((shown, secret) => shown?.replaceAll(secret, '[redacted]'), text);
      if (shownText !== undefined && successes.includes(status)) return { status, text: shownText, attempts };
      return failureOf({ status, headers, text: shownText }, attempts);
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      const isLate = cause instanceof AttemptTimeout;
      const what = isLate ? cause.message : `not reached, or the connection broke${reasonOf(cause)}`;
      const text = `${new URL(message.url).origin}: ${what} (try ${attempts}).`;
      return new OnrampError(isLate ? 'timeout' : 'connection', text, { attempts, retryable: true, cause });
    }
  }

  function failureOf({ status, headers, text = '' }: Answer, attempts: number): OnrampError {
    const problem = readProblem(text);
    const body = problem ? undefined : text.slice(0, shownLength);
    if (status < 400) {
      const what =
        status >= 300 || status === 0
          ? `redirects (${status}), which is not followed. Is baseUrl the marketplace's own address, with https?`
          : `answered ${status}, but not as the marketplace's service does. Is baseUrl right?`;
      return new OnrampError('unexpected_answer', what, { attempts, retryable: false, status, body });
    }
    const askedMs = retryAfterMs(headers.get('retry-after'), now());
    // A 409 with Retry-After: the first try is still being stored. Without, it is final.
    const retryable =
      status >= 500 || status === 408 || status === 429 || (status === 409 && askedMs !== undefined);
    const wait = askedMs !== undefined && retryable ? ` It asks to wait ${Math.ceil(askedMs / 1000)} s.` : '';
    const said = problem?.detail ?? problem?.title ?? 'no reason given.';
    const doubt = status === 404 ? ' Is baseUrl right?' : '';
    return new OnrampError('refused', `The marketplace answered ${status}: ${said}${doubt}${wait}`, {
      attempts,
      retryable,
      status,
      problem,
      body,
      retryAfterMs: askedMs,
    });
  }
}

/** Node's fetch says only that it failed; the reason, such as ECONNREFUSED, stands in what it had from below. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return isObject(cause) ? `: ${cause.code ?? cause.message ?? 'no reason given'}` : '';
}
