import { needOptions } from '../arguments.ts';
import { isObject, parseObject } from '../problem.ts';
import { readBytes } from '../readBytes.ts';
import { isWebhookSecret, verifyWebhook, WebhookError } from '../webhook.ts';
import { type Account, type AccountField, accountFields, readAccount } from './account.ts';
import { type AnswerStore, createReplayer, hashAccount } from './answers.ts';
import { type Coid, type Outcome, type ProblemOutcome, toResponse } from './outcome.ts';
import { invalidAccount, notBelieved, problems, refused } from './problems.ts';
import { ProvisionRefused } from './refused.ts';

/** Longest message that is read: twelve fields of some hundred characters. */
export const maxBodyBytes = 64 * 1024;

export interface ProvisionContext {
  /**
   * The webhook-id, which names the order: the same over all its tries, and of no other order. Without an `answers` store you have to find
   * the account by it that an earlier try has made, and return that one's coid.
   */
  idempotencyKey: string;
}

export interface ProvisionAccountOptions<Required extends AccountField = never> {
  /** The secret that the marketplace signs with; two while it is being replaced. */
  secret: string | readonly string[];
  /**
   * Makes the account, and resolves to your id of the customer. Throws ProvisionRefused where that will never be;
   * after any other error the marketplace may call again.
   */
  provision(account: Account<Required>, context: ProvisionContext): Promise<Coid | { coid: Coid }>;
  /** Fields without which an order is refused. */
  required?: readonly Required[] | undefined;
  /** Keeps answers, so that a try that comes again gets the same coid. See docs/provider.md for what it must do. */
  answers?: AnswerStore | undefined;
  /** How far the marketplace's clock and yours may differ, in seconds; default 300. */
  toleranceSeconds?: number | undefined;
  /** For your log: what made a call end with 500. Default: console.error. It holds no password, unless yours does. */
  onError?: ((error: unknown) => void) | undefined;
}

export type RequestHandler = (request: Request) => Promise<Response>;

/**
 * The endpoint that the marketplace calls to have an account made: a function from Request to Response, for every
 * framework that has them; `toNodeListener` is for the others. It never rejects.
 *
 * @param now epoch milliseconds
 * @throws TypeError that names every mistake in the options
 */
export function createProvisionAccountHandler<const Required extends AccountField = never>(
  options: ProvisionAccountOptions<Required>,
  now: () => number = Date.now,
): RequestHandler {
  checkOptions(options);
  const { secret, provision, required = [], answers, toleranceSeconds } = options;
  const onError = guarded(options.onError ?? ((error) => console.error(error)));
  const replay = createReplayer({ answers, onError });

  return async (request) => {
    try {
      return toResponse(await answer(request));
    } catch (error) {
      onError(error);
      return toResponse(error instanceof BodyUsedError ? problems.bodyUsed : problems.failed);
    }
  };

  async function answer(request: Request): Promise<Outcome> {
    if (request.method !== 'POST') return problems.method;
    if (request.bodyUsed || request.body?.locked) throw new BodyUsedError(problems.bodyUsed.detail);
    const body = await readBytes(request.body, maxBodyBytes);
    if (!body) return problems.tooLarge;
    const id = await verify(request.headers, body);
    if (typeof id !== 'string') return id;
    const message = parseObject(new TextDecoder().decode(body));
    if (!message) return problems.noObject;
    const read = readAccount(message, required);
    if ('errors' in read) return invalidAccount(read.errors);
    const { account } = read;
    // The id that was signed: of a call that was overheard, every other header may have been made up.
    return await replay(id, await hashAccount(account), () => provisionOnce(account, { idempotencyKey: id }));
  }

  /** The message's id, or why it isn't believed. */
  async function verify(headers: Headers, body: Uint8Array): Promise<string | ProblemOutcome> {
    try {
      return (await verifyWebhook({ secret, headers, body, now: now(), toleranceSeconds })).id;
    } catch (error) {
      if (error instanceof WebhookError) return notBelieved(error);
      throw error;
    }
  }

  async function provisionOnce(account: Account<Required>, context: ProvisionContext): Promise<Outcome> {
    try {
      const made = await provision(account, context);
      const coid = isObject(made) ? made.coid : made;
      if (isCoid(coid)) return { coid };
      throw new TypeError('provision has to resolve to the coid: text that is not empty, or a number.');
    } catch (error) {
      if (error instanceof ProvisionRefused) return refused(error);
      onError(error);
      return problems.failed;
    }
  }
}

/** Something has read the body, which has to be verified byte for byte, before the handler got it. */
class BodyUsedError extends Error {}

function isCoid(value: unknown): value is Coid {
  return (typeof value === 'string' && value !== '') || (typeof value === 'number' && Number.isFinite(value));
}

/** A log that fails spoils no answer. */
function guarded(onError: (error: unknown) => void): (error: unknown) => void {
  return (error) => {
    try {
      onError(error);
    } catch {}
  };
}

function checkOptions<Required extends AccountField>(options: ProvisionAccountOptions<Required>): void {
  needOptions('createProvisionAccountHandler', options);
  const { secret, provision, required = [], answers, toleranceSeconds = 300 } = options;
  const secrets: unknown = typeof secret === 'string' ? [secret] : secret;
  const mistakes = [
    !(Array.isArray(secrets) && secrets.length > 0 && secrets.every(isWebhookSecret)) &&
      'secret has to be the one that the marketplace gave you, os_… or whsec_…, or a list of them',
    typeof provision !== 'function' && 'provision has to be a function that makes the account',
    !required.every((name) => accountFields.includes(name)) &&
      `required may name ${accountFields.join(', ')}`,
    answers !== undefined &&
      !(typeof answers.get === 'function' && typeof answers.put === 'function') &&
      'answers has to have get and put',
    !(toleranceSeconds > 0) && 'toleranceSeconds has to be more than 0',
  ].filter((mistake) => mistake !== false);
  if (mistakes.length > 0) throw new TypeError(`createProvisionAccountHandler: ${mistakes.join('; ')}.`);
}
