import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../wire/time.ts';
import type { Limits } from '../limits/limits.ts';
import type { AttemptOutcome } from '../store/orders.ts';
import type { Store } from '../store/store.ts';
import { callTimeoutMs, createCaller } from './call.ts';
import { createDispatcher, keepTakingUp } from './dispatcher.ts';
import { formRoutes } from './formRoutes.ts';
import { logoRoutes } from './logo.ts';
import { orderRoutes } from './orderRoutes.ts';
import { preparePages } from './pageRoutes.ts';
import { createPasswordVault } from './vault.ts';

/** Changes by command line are to be seen within a second. */
const defaultPollMs = 500;

export interface ProvisioningOptions {
  store: Store;
  limits: Limits;
  clock: Clock;
  /** The clock as far as the ledger bears it out. */
  knownTime: Clock;
  createId: () => string;
  /** Chance and times; the real ones where nothing is given. */
  surroundings?: Surroundings | undefined;
  countAttempt: (outcome: AttemptOutcome) => void;
}

export interface Surroundings {
  random?: () => number;
  timeoutMs?: number;
  pollMs?: number;
}

/** Provision account: order forms, the orders that they make, and the calls to the providers. */
export async function provisioning(app: FastifyInstance, options: ProvisioningOptions): Promise<void> {
  const { store, limits, clock, knownTime, createId, surroundings = {}, countAttempt } = options;
  const { random = Math.random, timeoutMs = callTimeoutMs, pollMs = defaultPollMs } = surroundings;
  const vault = createPasswordVault(store);
  const callProvider = createCaller({ clock, timeoutMs });
  const onEnded = () => takingUp.wake();
  const dispatcher = createDispatcher({
    store,
    callProvider,
    vault,
    clock,
    knownTime,
    random,
    countAttempt,
    onEnded,
    log: app.log,
  });
  const takingUp = keepTakingUp(dispatcher, { pollMs, log: app.log });
  // Not before: a service that can't listen ends at once, and must not have begun to call anybody.
  app.addHook('onListen', async () => takingUp.start());
  app.addHook('onClose', async () => {
    await takingUp.stop();
    // Where it fails, they run out by themselves.
    await vault.release(clock()).catch((error: unknown) => app.log.error({ err: error }, 'claims kept'));
  });

  await app.register(async (pages) => {
    preparePages(pages);
    await pages.register(formRoutes, { store, limits, vault, clock, createId, onDue: takingUp.wake });
    await pages.register(orderRoutes, { store, vault, clock, onDue: takingUp.wake });
  });
  await app.register(logoRoutes, { store });
}
