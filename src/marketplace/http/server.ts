import { randomUUID } from 'node:crypto';
import Fastify, { type FastifyInstance, LogController } from 'fastify';
import { readForm } from './body.ts';
import { answerConnectionError, endUnusedConnections } from './connections.ts';
import { answerUnreadableUrl, handleErrors } from './errors.ts';
import { logAnswers } from './log.ts';

/** How often Node looks for requests that take too long, in milliseconds; by itself, every 30 s. */
const timeoutCheckMs = 1_000;
/** Beyond what Node takes as headers, so that a name of any length is only one that nothing has. */
const maxParamLength = 16 * 1024;

export interface ServerParts {
  /** Where log lines go, as JSON. */
  log: { write(line: string): void };
  /** How many proxies before the service add to X-Forwarded-For; 0: the connection's own address counts. */
  trustedProxies: number;
  /** A request that hasn't arrived whole by then is answered 408, in milliseconds. */
  requestTimeoutMs?: number | undefined;
}

/** A server without routes, which reads addresses, logs answers and makes problems of errors as all of ours do. */
export function createServer({
  log,
  trustedProxies,
  requestTimeoutMs = 30_000,
}: ServerParts): FastifyInstance {
  const app: FastifyInstance = Fastify({
    // Requests are logged by logAnswers; where Fastify itself logs one, it would show the query string.
    logger: { stream: log, serializers: { req: ({ method }) => ({ method }) } },
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: () => randomUUID(),
    trustProxy: trustedProxies > 0 && ((_address: string, hop: number) => hop < trustedProxies),
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    // What still comes on open connections while the service closes is taken as usual.
    return503OnClosing: false,
    requestTimeout: requestTimeoutMs,
    // Its own time for the headers is 60 s, and where that is the longer one, Node gives it to the body.
    http: { headersTimeout: requestTimeoutMs, connectionsCheckingInterval: timeoutCheckMs },
    frameworkErrors: answerUnreadableUrl,
    clientErrorHandler: (error, socket) => answerConnectionError(error, socket, app.log),
    routerOptions: {
      // A base URL may end in a slash, and a client put another one behind it.
      ignoreDuplicateSlashes: true,
      ignoreTrailingSlash: true,
      maxParamLength,
      querystringParser: (query) => readForm(query),
    },
  });
  endUnusedConnections(app);
  handleErrors(app);
  logAnswers(app);
  return app;
}
