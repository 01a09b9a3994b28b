import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { updateSubscriptionPath } from '../../wire/paths.ts';
import { bodyTypeOf, readBody, takeAnyContentType } from '../http/body.ts';
import { HttpProblem } from '../http/errors.ts';
import { isRateLimited } from '../limits/limits.ts';
import { answerDueMs, unlessLate } from '../store/deadline.ts';
import type { SubscriptionStore } from '../store/subscriptions.ts';
import { presentState } from './present.ts';
import { customerForgotten, type ReportIntake, readIdempotencyKey, type StoredReport } from './receive.ts';

/** The article of 2017 writes the address both ways. */
const paths = [updateSubscriptionPath, '/update-subscriptions/'];
const way = 'update_subscription';

export interface SubscriptionRoutesOptions {
  intake: ReportIntake;
  store: Pick<SubscriptionStore, 'findReport'>;
}

/** What providers' servers report of their customers' subscriptions. */
export async function subscriptionRoutes(
  app: FastifyInstance,
  { intake, store }: SubscriptionRoutesOptions,
): Promise<void> {
  takeAnyContentType(app);
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  });
  for (const path of paths) app.post<{ Body: Buffer }>(path, updateSubscription);

  async function updateSubscription(
    request: FastifyRequest<{ Body: Buffer }>,
    reply: FastifyReply,
  ): Promise<FastifyReply> {
    const untilMs = answerDueMs();
    try {
      const { authorization, 'idempotency-key': key } = request.headers;
      const idempotencyKey = readIdempotencyKey(key);
      const { isForm, charset } = bodyTypeOf(request);
      const fields = readBody(request.body, isForm, charset);
      const receiving = intake.receive({ fields, authorization, idempotencyKey, untilMs });
      const stored = await unlessLate(receiving, untilMs);
      request.outcome = { way, result: stored.result };
      if (stored.result === 'duplicate') reply.header('idempotent-replayed', 'true');
      return await reply.code(201).send(await unlessLate(receipt(stored), untilMs));
    } catch (error) {
      if (error instanceof HttpProblem && !isRateLimited(error)) {
        request.outcome = { way, result: 'rejected', reason: error.problem.code };
      }
      throw error;
    }
  }

  /** Made of the report alone, which never changes: a replay says the same, whatever was reported since. */
  async function receipt({ id, providerId, ignored }: StoredReport) {
    const report = await store.findReport(providerId, id);
    // Stored a moment ago: only forgetting its customer deletes a report.
    if (!report) throw customerForgotten();
    const { coid, sku, period, countThen: count } = report;
    return {
      status: 'created',
      id,
      period,
      subscription: { coid, sku, ...presentState(report), ...(count !== undefined && { count }) },
      ...(ignored.length > 0 && { ignored }),
    };
  }
}
