import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { dayMs } from '../../wire/fields.ts';
import { toStoredText } from '../../wire/text.ts';
import type { Clock } from '../../wire/time.ts';
import { HttpProblem } from '../http/errors.ts';
import { isId } from '../ledger/id.ts';
import { linkFrom } from '../pages/link.ts';
import { zoneOf } from '../pages/zone.ts';
import { type Resolution, retryOrder, settleOrder } from '../provisioning/resolve.ts';
import { sendAreaPage } from '../signin/areas.ts';
import type { Guard } from '../signin/guard.ts';
import { actorOf } from '../signin/reader.ts';
import type { Store } from '../store/store.ts';
import { figuresStyles, liveModule } from './figuresRoutes.ts';
import { orderPage } from './orderPage.ts';
import { mostOrders, type OrderQueue, orderQueues, ordersPage } from './ordersPage.ts';

/** Orders that have ended are listed for so long. */
const endedMs = 30 * dayMs;
const maxCoidLength = 200;

export interface OrderRoutesOptions {
  store: Pick<Store, 'listOrderQueue' | 'findOrder' | 'changeOrder' | 'recordAudit'>;
  guard: Guard;
  clock: Clock;
}

type OrderRequest = FastifyRequest<{
  Params: { id: string };
  Body: Readonly<Record<string, string | undefined>> | undefined;
}>;

/** `/console/orders` and `/console/orders/<id>`: orders of accounts, and what a person decides of them. */
export async function orderRoutes(
  app: FastifyInstance,
  { store, guard, clock }: OrderRoutesOptions,
): Promise<void> {
  app.get<{ Querystring: { queue?: unknown } }>('/console/orders', async (request, reply) => {
    await guard.operator(request);
    const queue = queueOf(request.query.queue);
    const now = clock();
    const zone = zoneOf(request);
    const orders = await store.listOrderQueue({
      statuses: orderQueues[queue].statuses,
      since: queue === 'open' ? undefined : now - endedMs,
      limit: mostOrders + 1,
    });
    return sendAreaPage(reply, {
      title: 'Orders',
      zone,
      modules: [liveModule],
      styles: figuresStyles,
      content: ordersPage({ url: request.url, queue, orders, now, zone }),
    });
  });

  app.get('/console/orders/:id', async (request: OrderRequest, reply) => {
    await guard.operator(request);
    return await sendOrderPage(request, reply);
  });

  app.post('/console/orders/:id', async (request: OrderRequest, reply) => {
    const reader = await guard.operator(request);
    const { id } = request.params;
    if (!isId(id)) throw noSuchOrder();
    const { decision, coid: entered = '' } = request.body ?? {};
    const coid = toStoredText(entered.trim());
    if (decision === 'made' && (coid === '' || [...coid].length > maxCoidLength)) {
      const errors = { coid: `Enter the customer's id at the provider, up to ${maxCoidLength} characters.` };
      return await sendOrderPage(request, reply, { status: 422, errors });
    }
    const resolution = await decide(id, decision, coid);
    if (resolution.result === 'none') throw noSuchOrder();
    if (resolution.result === 'refused') {
      return await sendOrderPage(request, reply, { status: 409, problem: resolution.detail });
    }
    await store.recordAudit({
      at: clock(),
      actor: actorOf(reader),
      action: actions[decision ?? ''] ?? 'changed an order',
      detail: id,
    });
    return await reply.redirect(linkFrom(request.url, `console/orders/${id}`), 303);
  });

  async function decide(id: string, decision: string | undefined, coid: string): Promise<Resolution> {
    const now = clock();
    if (decision === 'retry') return await retryOrder(store, id, now);
    if (decision === 'made') return await settleOrder(store, id, { status: 'succeeded', coid }, now);
    if (decision === 'failed') return await settleOrder(store, id, { status: 'failed' }, now);
    return { result: 'refused', detail: 'Choose what is to be done with the order.' };
  }

  async function sendOrderPage(
    request: OrderRequest,
    reply: FastifyReply,
    { status = 200, ...wrong }: { status?: number; problem?: string; errors?: Record<string, string> } = {},
  ): Promise<FastifyReply> {
    const { id } = request.params;
    const order = isId(id) ? await store.findOrder(id) : undefined;
    if (!order) throw noSuchOrder();
    const zone = zoneOf(request);
    return sendAreaPage(
      reply,
      {
        title: `${status === 200 ? '' : 'Error: '}Order`,
        zone,
        styles: figuresStyles,
        content: orderPage({ url: request.url, order, zone, ...wrong }),
      },
      status,
    );
  }
}

const actions: Readonly<Record<string, string>> = {
  retry: 'sent an order once more',
  made: 'settled an order as made',
  failed: 'settled an order as refused',
};

function queueOf(name: unknown): OrderQueue {
  return name === 'failed' || name === 'made' ? name : 'open';
}

function noSuchOrder(): HttpProblem {
  return new HttpProblem({ status: 404, code: 'no_such_order', detail: 'There is no such order.' });
}
