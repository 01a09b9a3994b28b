import { encodeBase64Url } from '../base64.ts';
import { encodeText } from '../hmac.ts';
import { type Account, accountFields } from './account.ts';
import type { Coid, Outcome, ProblemOutcome } from './outcome.ts';

/** What is kept of an answer: plain JSON, without the password and without anything of the account but a hash. */
export interface StoredAnswer {
  coid: Coid;
  /** SHA-256 of the account's fields, by which a key that comes with another account is told. */
  account: string;
}

/** Where answers are kept: on disk, for all processes that serve the endpoint, and as long as an order may wait. */
export interface AnswerStore {
  get(key: string): Promise<StoredAnswer | null | undefined> | StoredAnswer | null | undefined;
  /** Resolves when it is on disk. */
  put(key: string, answer: StoredAnswer): Promise<unknown> | unknown;
}

/**
 * The hash of what was ordered. Not of the password: an order that waited over a restart of the marketplace has it
 * entered anew, perhaps another one, and is the same order still. And so nobody can guess a password by it.
 */
export async function hashAccount(account: Account): Promise<string> {
  const fields = accountFields.map((name) => (name === 'password' ? null : (account[name] ?? null)));
  const text = encodeText(JSON.stringify(['account.v1', ...fields]));
  return encodeBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', text)));
}

export interface ReplayerParts {
  answers: AnswerStore | undefined;
  /** Is told what went wrong without spoiling the answer. */
  onError: (error: unknown) => void;
}

/** Runs the work once for all calls with the key and the same account, and answers all of them alike. */
export type Replay = (key: string, account: string, work: () => Promise<Outcome>) => Promise<Outcome>;

export function createReplayer({ answers, onError }: ReplayerParts): Replay {
  const underWay = new Map<string, { account: string; outcome: Promise<Outcome> }>();

  return async (key, account, work) => {
    const running = underWay.get(key);
    if (running) return running.account === account ? await running.outcome : usedOtherwise();
    const call = { account, outcome: run(key, account, work) };
    underWay.set(key, call);
    try {
      return await call.outcome;
    } finally {
      underWay.delete(key);
    }
  };

  async function run(key: string, account: string, work: () => Promise<Outcome>): Promise<Outcome> {
    const stored = await answers?.get(key);
    if (stored) return stored.account === account ? { coid: stored.coid } : usedOtherwise();
    const outcome = await work();
    if ('coid' in outcome) await keep(key, { coid: outcome.coid, account });
    return outcome;
  }

  /** The account is there, so the answer is a success even where it can't be kept: a failure would be called again. */
  async function keep(key: string, answer: StoredAnswer): Promise<void> {
    try {
      await answers?.put(key, answer);
    } catch (error) {
      onError(error);
    }
  }
}

function usedOtherwise(): ProblemOutcome {
  return {
    status: 422,
    code: 'idempotency_key_reused',
    title: 'The key belongs to another account',
    detail: 'This webhook-id came with another account before. Each order needs its own.',
  };
}
