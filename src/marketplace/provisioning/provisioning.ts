import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../wire/time.ts';
import type { Limits } from '../limits/limits.ts';
import type { ProviderLookup } from '../providers/lookup.ts';
import type { AttemptOutcome } from '../store/orders.ts';
import type { Store } from '../store/store.ts';
import { callTimeoutMs, createCaller } from './call.ts';
import { createDispatcher, keepTakingUp } from './dispatcher.ts';
import { formRoutes } from './formRoutes.ts';
import { logoRoutes } from './logo.ts';
import { orderReadingRoutes, orderRoutes } from './orderRoutes.ts';
import { preparePages } from './pageRoutes.ts';
import type { PasswordVault } from './password.ts';

/** Changes by command line are to be seen within a second. */
const defaultPollMs = 250;

export interface ProvisioningOptions {
  store: Store;
  providers: ProviderLookup;
  limits: Limits;
  clock: Clock;
  createId: () => string;
  /** What the outside is made of; the real one where nothing is given. */
  surroundings?: Surroundings | undefined;
  countAttempt: (outcome: AttemptOutcome) => void;
}

export interface Surroundings {
  fetch?: typeof globalThis.fetch;
  random?: () => number;
  timeoutMs?: number;
  pollMs?: number;
}

/** Provision account: order forms, the orders that they make, and the calls to the providers. */
export async function provisioning(app: FastifyInstance, options: ProvisioningOptions): Promise<void> {
  const { store, providers, limits, clock, createId, surroundings = {}, countAttempt } = options;
  const { fetch = globalThis.fetch, random = Math.random } = surroundings;
  const { timeoutMs = callTimeoutMs, pollMs = defaultPollMs } = surroundings;
  const vault: PasswordVault = new Map();
  const callProvider = createCaller({ fetch, clock, timeoutMs });
  const parts = { store, callProvider, vault, clock, random, countAttempt, log: app.log };
  const dispatcher = createDispatcher(parts);
  const takingUp = keepTakingUp(dispatcher, { pollMs, log: app.log });
  // Not before: a service that can't listen ends at once, and must not have begun to call anybody.
  app.addHook('onListen', async () => takingUp.start());
  app.addHook('onClose', () => takingUp.stop());

  await app.register(async (pages) => {
    preparePages(pages);
    await pages.register(formRoutes, { store, limits, vault, clock, createId, onDue: takingUp.wake });
    await pages.register(orderRoutes, { store, vault, clock, onDue: takingUp.wake });
  });
  await app.register(logoRoutes, { store });
  await app.register(orderReadingRoutes, { store, providers });
}
