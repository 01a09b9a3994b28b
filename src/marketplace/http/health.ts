import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../wire/time.ts';
import { answerDueMs, unlessLate } from '../store/deadline.ts';
import type { Store } from '../store/store.ts';
import type { LedgerWriter } from '../store/writer.ts';
import { HttpProblem } from './errors.ts';

/** The check writes to the disk, and anybody may ask for it. */
const maxAgeMs = 1_000;

export interface HealthParts {
  store: Pick<Store, 'ping'>;
  clock: Clock;
  /** Without one, nothing is stored anyway. */
  writer?: Pick<LedgerWriter, 'listPlaces'>;
}

/**
 * `/livez`: the process answers. `/readyz`: it can store messages, or why it can't; no longer while it shuts down.
 * Where a part of a spread ledger is away, the other providers' messages are stored: it is ready, and says what is away.
 * Load balancers ask by HEAD, too.
 */
export function healthRoutes(app: FastifyInstance, { store, clock, writer }: HealthParts): void {
  const checkStore = shareAnswer(() => store.ping(), maxAgeMs, clock);
  let isClosing = false;
  app.addHook('preClose', async () => {
    isClosing = true;
  });
  // A connection that stays open for the next request would hold the shutdown up.
  app.addHook('onSend', async (_request, reply) => {
    if (isClosing) reply.header('connection', 'close');
  });
  app.get('/livez', { exposeHeadRoute: true }, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    return { status: 'alive' };
  });
  app.get('/readyz', { exposeHeadRoute: true }, async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    if (isClosing) {
      throw new HttpProblem({ status: 503, code: 'closing', detail: 'The service is shutting down.' });
    }
    await unlessLate(checkStore(), answerDueMs());
    const away = (writer?.listPlaces() ?? []).flatMap(({ place, isAway }) => (isAway ? place : []));
    return { status: 'ready', ...(away.length > 0 && { away }) };
  });
}

/**
 * Does the work once for all who ask at the same time, and, where it went well, for all who ask within that time
 * after it began. A failure is told to those who wait for it only.
 */
function shareAnswer(work: () => Promise<void>, maxAgeMs: number, clock: Clock): () => Promise<void> {
  let answer: Promise<void> | undefined;
  let askedAt = 0;
  let isUnderWay = false;

  return () => {
    const now = clock();
    if (answer && (isUnderWay || Math.abs(now - askedAt) < maxAgeMs)) return answer;
    askedAt = now;
    isUnderWay = true;
    answer = work().finally(() => {
      isUnderWay = false;
    });
    answer.catch(() => {
      answer = undefined;
    });
    return answer;
  };
}
