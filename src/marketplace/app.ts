import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { v7 as createTimeOrderedId } from 'uuid';
import type { Clock } from './clock.ts';
import { answerConnectionError } from './http/connectionErrors.ts';
import { answerUnreadableUrl, handleErrors } from './http/errors.ts';
import { healthRoutes } from './http/health.ts';
import { logAnswers } from './http/log.ts';
import { readQuery } from './intake/content.ts';
import { createIntake } from './intake/receive.ts';
import { intakeRoutes } from './intake/routes.ts';
import { createLedgerWriter } from './ledger/writer.ts';
import { listingRoutes } from './listings/routes.ts';
import { createProviderLookup } from './providers/lookup.ts';
import { readingRoutes } from './reading/routes.ts';
import { scriptRoutes } from './script/routes.ts';
import type { Script } from './script/script.ts';
import type { Store } from './store/store.ts';
import { subscriptionReadingRoutes } from './subscriptions/readingRoutes.ts';
import { createReportIntake } from './subscriptions/receive.ts';
import { subscriptionRoutes } from './subscriptions/routes.ts';

/** A request that hasn't arrived whole by then is given up, in milliseconds. */
const requestTimeoutMs = 30_000;
/** Beyond what Node takes as headers, so that a name of any length is only one that nothing has. */
const maxParamLength = 16 * 1024;

export interface AppParts {
  store: Store;
  clock: Clock;
  script: Script;
  /** What pages with `?onramp_debug` load as well. */
  panel: Script;
  /** Where log lines go, as JSON. */
  log: { write(line: string): void };
}

/** The marketplace's service, listening to nothing yet. Closing it answers what is under way first. */
export async function createApp({ store, clock, script, panel, log }: AppParts): Promise<FastifyInstance> {
  const app: FastifyInstance = Fastify({
    // Requests are logged by logAnswers; where Fastify itself logs one, it would show the query string.
    logger: { stream: log, serializers: { req: ({ method }) => ({ method }) } },
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => randomUUID(),
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    // What still comes on open connections while the service closes is taken as usual.
    return503OnClosing: false,
    requestTimeout: requestTimeoutMs,
    frameworkErrors: answerUnreadableUrl,
    clientErrorHandler: (error, socket) => answerConnectionError(error, socket, app.log),
    routerOptions: {
      // A base URL may end in a slash, and a client put another one behind it.
      ignoreDuplicateSlashes: true,
      ignoreTrailingSlash: true,
      maxParamLength,
      querystringParser: readQuery,
    },
  });
  handleErrors(app);
  logAnswers(app);
  healthRoutes(app, { store });

  const createId = () => createTimeOrderedId();
  const writer = createLedgerWriter(store);
  const providers = createProviderLookup(store, clock);
  const intake = createIntake({ providers, writer, clock, createId });
  await app.register(intakeRoutes, { intake, store, providers });
  await app.register(readingRoutes, { store, providers });
  const reports = createReportIntake({ providers, writer, clock, createId });
  await app.register(subscriptionRoutes, { intake: reports, store });
  await app.register(subscriptionReadingRoutes, { store, providers });
  await app.register(listingRoutes, { store, writer, clock, createId });
  await app.register(scriptRoutes, { script, panel, store });
  return app;
}
