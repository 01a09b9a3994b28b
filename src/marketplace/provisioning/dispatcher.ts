import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from '../../wire/time.ts';
import { StoreUnavailableError } from '../store/errors.ts';
import type { AttemptOutcome, EndedAttempt, Order, OrderStatus, OrderStore } from '../store/orders.ts';
import type { ProviderStore } from '../store/providers.ts';
import type { CallProvider } from './call.ts';
import { askForPassword, type CallResult, decideNext, giveUp } from './decide.ts';
import type { PasswordVault } from './password.ts';

/** Calls at once. */
const maxRunning = 16;
/** An attempt that hasn't ended by then has lost its process: a call's 10 s, and time to keep what came of it. */
const leaseMs = 30_000;
/** For so long, another process that has the password gets to make a due attempt first. */
const passwordGraceMs = 30_000;
/** How often passwords are looked for that nobody needs any more, since a person has settled their order. */
const sweepMs = 60_000;
const lost: CallResult = { kind: 'unclear', reason: 'the service ended during the attempt' };

export interface DispatcherParts {
  store: OrderStore & Pick<ProviderStore, 'findProvider'>;
  callProvider: CallProvider;
  vault: PasswordVault;
  clock: Clock;
  random: () => number;
  countAttempt: (outcome: AttemptOutcome) => void;
  log: Pick<FastifyBaseLogger, 'info' | 'error'>;
}

export interface Dispatcher {
  /** Begins what is due; resolves when it has begun. */
  takeUp(): Promise<void>;
  /** Resolves when no attempt is under way in this process. */
  idle(): Promise<void>;
}

/**
 * Takes up orders that are due, whoever made them due: the buyer, time, a command, the end of another process. The
 * claim in the store sees to it that an order has one attempt at a time, over all processes.
 */
export function createDispatcher(parts: DispatcherParts): Dispatcher {
  const { store, callProvider, vault, clock, random, countAttempt, log } = parts;
  const running = new Map<string, Promise<void>>();

  let sweptAt = 0;

  async function sweepVault(now: number): Promise<void> {
    if (Math.abs(now - sweptAt) < sweepMs) return;
    sweptAt = now;
    for (const id of vault.keys()) {
      const order = await store.findOrder(id);
      if (!order || !isGoingOn(order.status)) vault.delete(id);
    }
  }

  async function handle(order: Order): Promise<void> {
    const now = clock();
    if (order.status === 'needs_password') {
      await store.changeOrder(order.id, giveUp(order), ['needs_password'], now);
      return;
    }
    const password = vault.get(order.id);
    if (order.hasPassword && !password) {
      if (now < (order.nextAt ?? now) + passwordGraceMs) return;
      await store.changeOrder(order.id, askForPassword(now), ['under_way', 'waiting'], now);
      return;
    }
    const provider = await store.findProvider(order.partnerKey);
    if (!provider) return;
    const attempt = { orderId: order.id, startedAt: now, leaseUntil: now + leaseMs };
    const number = await store.beginAttempt(attempt);
    if (number === undefined) return;
    await end(order, number, provider.idempotent, await callProvider({ order, provider, password }));
  }

  async function end(order: Order, number: number, idempotent: boolean, result: CallResult): Promise<void> {
    const now = clock();
    const holdsPassword = vault.has(order.id);
    const change = decideNext(result, { order, number, idempotent, holdsPassword, now, random });
    await persist(() =>
      store.endAttempt({ ...recordOf(result), orderId: order.id, number, endedAt: now, change }),
    );
    if (!isGoingOn(change.status)) vault.delete(order.id);
    // Without the reason: what a provider says to the buyer may name them.
    const { outcome, status } = recordOf(result);
    countAttempt(outcome);
    log.info({ orderId: order.id, number, outcome, status, order: change.status }, 'provider called');
  }

  async function endLost(order: Order): Promise<void> {
    const provider = await store.findProvider(order.partnerKey);
    const number = order.attempts.at(-1)?.number;
    if (provider && number !== undefined) await end(order, number, provider.idempotent, lost);
  }

  function run(order: Order): void {
    const work = handle(order)
      .catch((error: unknown) => log.error({ err: error, orderId: order.id }, 'order could not be taken up'))
      .finally(() => running.delete(order.id));
    running.set(order.id, work);
  }

  return {
    async takeUp() {
      const now = clock();
      await sweepVault(now);
      const notRunning = ({ id }: Order) => !running.has(id);
      for (const order of (await store.listLostOrders(now)).filter(notRunning)) await endLost(order);
      const due = await store.listDueOrders({ now, limit: 10 * maxRunning });
      for (const order of due.filter(notRunning).slice(0, maxRunning - running.size)) run(order);
    },
    idle: async () => {
      await Promise.all(running.values());
    },
  };
}

function isGoingOn(status: OrderStatus): boolean {
  return status === 'under_way' || status === 'waiting';
}

/** What is kept of an attempt: nothing that came from the provider but its status and what it said to the buyer. */
function recordOf(result: CallResult): Pick<EndedAttempt, 'outcome' | 'status' | 'reason'> {
  return {
    outcome: result.kind,
    status: 'status' in result ? result.status : undefined,
    reason:
      result.kind === 'refused' ? result.failure.detail : 'reason' in result ? result.reason : undefined,
  };
}

export interface TakingUp {
  /** Looks now and, until it is stopped, again and again. */
  start(): void;
  /** Looks at once. */
  wake(): void;
  /** Looks no more; resolves when no attempt is under way. */
  stop(): Promise<void>;
}

/** What looks for due orders again and again, and whenever it is woken; never twice at the same time. */
export function keepTakingUp(
  dispatcher: Dispatcher,
  { pollMs, log }: { pollMs: number; log: Pick<FastifyBaseLogger, 'error'> },
): TakingUp {
  let looking: Promise<void> | undefined;
  let lookAgain = false;
  let hasFailed = false;
  let timer: NodeJS.Timeout | undefined;

  function wake(): void {
    lookAgain = true;
    looking ??= look().finally(() => {
      looking = undefined;
    });
  }

  async function look(): Promise<void> {
    while (lookAgain) {
      lookAgain = false;
      try {
        await dispatcher.takeUp();
        hasFailed = false;
      } catch (error) {
        // Once, not at every look, for as long as the same trouble lasts.
        if (!hasFailed) log.error({ err: error }, 'orders cannot be taken up');
        hasFailed = true;
      }
    }
  }

  return {
    start() {
      timer = setInterval(wake, pollMs);
      timer.unref();
      wake();
    },
    wake,
    async stop() {
      clearInterval(timer);
      lookAgain = false;
      await looking;
      await dispatcher.idle();
    },
  };
}

const maxTries = 20;
const pauseMs = 500;

/** Tries for about 10 s more while the database can't be used: what is known now can't be asked for again. */
async function persist(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === maxTries || !(error instanceof StoreUnavailableError)) throw error;
    }
    await pause(pauseMs);
  }
}
