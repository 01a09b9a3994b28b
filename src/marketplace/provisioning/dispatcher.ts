import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { Clock } from '../../wire/time.ts';
import { StoreUnavailableError } from '../store/errors.ts';
import type { EndedAttempt, OrderChange } from '../store/orderAttempts.ts';
import type { OrderFormStore } from '../store/orderForms.ts';
import type { AttemptOutcome, Order, OrderStore } from '../store/orders.ts';
import type { ProviderStore } from '../store/providers.ts';
import type { CallProvider } from './call.ts';
import { askForPassword, type CallResult, decideNext, giveUp, maxWaitMs } from './decide.ts';
import type { PasswordVault } from './vault.ts';

/** Calls at once, in all and to one provider: one that answers slowly, or never, holds up its own orders only. */
const maxRunning = 64;
const maxRunningOfProvider = 4;
/** An attempt that hasn't ended by then has lost its process: a call's 10 s, and time to keep what came of it. */
const leaseMs = 30_000;
const lost: CallResult = { kind: 'unclear', reason: 'the service ended during the attempt' };

export interface DispatcherParts {
  store: OrderStore & Pick<ProviderStore, 'findProvider'> & Pick<OrderFormStore, 'findOrderFormOf'>;
  callProvider: CallProvider;
  vault: PasswordVault;
  clock: Clock;
  /** The clock as far as the ledger bears it out. */
  knownTime: Clock;
  random: () => number;
  countAttempt: (outcome: AttemptOutcome) => void;
  /** Called when an attempt has ended, which lets another begin. */
  onEnded: () => void;
  log: Pick<FastifyBaseLogger, 'info' | 'warn' | 'error'>;
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
  const { store, callProvider, vault, clock, knownTime, random, countAttempt, onEnded, log } = parts;
  /** By order id. */
  const running = new Map<string, Work>();

  async function handle(order: Order): Promise<void> {
    const now = clock();
    if (order.status === 'needs_attention' && order.fault) {
      // The time is up for which its password is held.
      const change = { status: order.status, fault: order.fault } as const;
      if (await store.changeOrder(order, change, [order.status], now)) vault.delete(order.id);
      return;
    }
    if (order.status === 'needs_password') {
      await store.changeOrder(order, giveUp(order), ['needs_password'], now);
      return;
    }
    const password = vault.get(order.id);
    if (order.hasPassword && !password) {
      if (!vault.isLost(order, now)) return;
      await store.changeOrder(order, askForPassword(now), ['under_way', 'waiting'], now);
      return;
    }
    const provider = await store.findProvider(order.partnerKey);
    if (!provider) return;
    const form = await store.findOrderFormOf(order.providerId);
    const asked = form?.fields.map(({ name }) => name);
    const attempt = { order, startedAt: now, latest: now + maxWaitMs, leaseUntil: now + leaseMs };
    const number = await store.beginAttempt(attempt);
    if (number === undefined) return;
    await end(order, number, provider.idempotent, await callProvider({ order, provider, password, asked }));
    onEnded();
  }

  async function end(order: Order, number: number, idempotent: boolean, result: CallResult): Promise<void> {
    const now = clock();
    const holdsPassword = !vault.isLost(order, now);
    const situation = { order, number, idempotent, holdsPassword, now, knownNow: knownTime(), random };
    const change = decideNext(result, situation);
    await persist(() => store.endAttempt({ ...recordOf(result), order, number, endedAt: now, change }));
    if (!mayNeedPassword(change)) vault.delete(order.id);
    // Without the reason: what a provider says to the buyer may name them.
    const { outcome, status } = recordOf(result);
    countAttempt(outcome);
    const called = { orderId: order.id, number, outcome, status, order: change.status };
    log.info(called, 'provider called');
    const fault = 'fault' in change ? change.fault : undefined;
    const isStuck = change.status === 'undecided' || fault !== undefined;
    if (isStuck && change.status !== order.status) {
      log.warn({ ...called, fault, partnerKey: order.partnerKey }, 'order is stuck');
    }
  }

  async function endLost(order: Order): Promise<void> {
    const provider = await store.findProvider(order.partnerKey);
    const number = order.attempts.at(-1)?.number;
    if (provider && number !== undefined) await end(order, number, provider.idempotent, lost);
  }

  function run(order: Order, handling: (order: Order) => Promise<void>): void {
    const ended = handling(order)
      .catch((error: unknown) => {
        if (error instanceof StoreUnavailableError) vault.doubtOthers(clock());
        log.error({ err: error, orderId: order.id }, 'order could not be taken up');
      })
      .finally(() => running.delete(order.id));
    running.set(order.id, { providerId: order.providerId, ended });
  }

  /** The providers to which as many calls are under way as may be. */
  function busyProviders(): number[] {
    const byProvider = Map.groupBy(running.values(), ({ providerId }) => providerId);
    return [...byProvider].flatMap(([id, works]) => (works.length >= maxRunningOfProvider ? [id] : []));
  }

  /** Begins what is due until all slots are taken; where a provider has all of its share, others are looked for. */
  async function fillSlots(now: number): Promise<void> {
    const seen = new Set<string>();
    while (running.size < maxRunning) {
      const due = await store.listDueOrders({
        now,
        knownNow: knownTime(),
        latest: now + maxWaitMs,
        limit: maxRunning,
        exceptProviders: busyProviders(),
        holder: vault.holder,
        lostBefore: vault.lostBefore(now),
      });
      const fresh = due.filter(({ id }) => !seen.has(id) && !running.has(id));
      for (const order of fresh) {
        if (running.size >= maxRunning) return;
        if (busyProviders().includes(order.providerId)) continue;
        seen.add(order.id);
        run(order, handle);
      }
      if (fresh.length === 0 || due.length < maxRunning) return;
    }
  }

  return {
    async takeUp() {
      const now = clock();
      const lostAttempts = (await store.hasOrdersGoingOn()) ? await store.listLostOrders(now) : undefined;
      await vault.renewClaims(now);
      if (!lostAttempts) return;
      for (const order of lostAttempts) if (!running.has(order.id)) run(order, endLost);
      await fillSlots(now);
    },
    idle: async () => {
      await Promise.all([...running.values()].map(({ ended }) => ended));
    },
  };
}

/** What is done about an order just now. */
interface Work {
  providerId: number;
  ended: Promise<void>;
}

function mayNeedPassword(change: OrderChange): boolean {
  if (change.status === 'needs_attention') return change.nextAt !== undefined;
  return change.status === 'under_way' || change.status === 'waiting';
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
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  function wake(): void {
    if (isStopped) return;
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
      isStopped = true;
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
