import type { FastifyInstance } from 'fastify';
import { rejectionsPath } from '../../wire/paths.ts';
import type { Lister } from '../reading/lister.ts';
import { lists } from '../reading/lists.ts';
import { checkPaymentsQuery, paymentsPath } from '../reading/payments.ts';
import { sendAreaPage } from '../signin/areas.ts';
import type { Guard } from '../signin/guard.ts';
import { scopeOf } from '../views/place.ts';
import { reconciliationContent } from './reconciliationPage.ts';

export interface ReconciliationRoutesOptions {
  guard: Guard;
  lister: Lister;
}

const jsonType = 'application/json; charset=utf-8';

/** `/provider/reconciliation`, and the marketplace's side of it, which the page's worker reads. */
export async function reconciliationRoutes(
  app: FastifyInstance,
  { guard, lister }: ReconciliationRoutesOptions,
): Promise<void> {
  const url = '/provider/reconciliation';

  app.get(url, async (request, reply) => {
    await guard.provider(request);
    return sendAreaPage(reply, {
      title: 'Reconciliation',
      content: reconciliationContent(request.url),
      modules: ['portal/browser/reconcile.js'],
      styles: ['portal/browser/portal.css'],
    });
  });

  app.get(`${url}/payments`, async (request, reply) => {
    const scope = scopeOf(await guard.provider(request));
    checkPaymentsQuery(request.query);
    return reply.type(jsonType).send(await lister.read(paymentsPath, scope, request.query));
  });

  app.get(`${url}/rejections`, async (request, reply) => {
    const scope = scopeOf(await guard.provider(request));
    lists[rejectionsPath]?.check(request.query, scope);
    return reply.type(jsonType).send(await lister.read(rejectionsPath, scope, request.query));
  });
}
