import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../wire/time.ts';
import { notFound } from '../http/errors.ts';
import { refuseOtherSites, sendPage } from '../http/pages.ts';
import { linkFrom } from '../pages/link.ts';
import type { OrderFormStore } from '../store/orderForms.ts';
import type { Order, OrderStatus, OrderStore } from '../store/orders.ts';
import { readEntries } from './entries.ts';
import { brandFor, createOrderToken, providerOfOrder } from './pageRoutes.ts';
import { orderPage } from './pages/order.ts';
import type { PasswordVault } from './vault.ts';

export interface OrderRoutesOptions {
  store: OrderFormStore & OrderStore;
  vault: PasswordVault;
  clock: Clock;
  /** Called when an order is due. */
  onDue: () => void;
}

type OrderRequest = FastifyRequest<{ Params: { token: string }; Body: Record<string, string> }>;

/** `/orders/{token}`: what an order has come to; it also takes a password that has to be entered anew. */
export async function orderRoutes(app: FastifyInstance, options: OrderRoutesOptions): Promise<void> {
  const { store, vault, clock, onDue } = options;
  const url = '/orders/:token';

  app.get(url, { exposeHeadRoute: true }, async (request: OrderRequest, reply) => {
    return await sendOrder(request, reply, await findOrder(request));
  });

  app.post(url, async (request: OrderRequest, reply) => {
    refuseOtherSites(request);
    const order = await findOrder(request);
    if (statusFor(order) === 'needs_password') {
      const asked = { fields: [{ name: 'password', required: true } as const] };
      const { password, errors } = readEntries(asked, request.body ?? {});
      if (!password || errors.password !== undefined) {
        return await sendOrder(request, reply, order, errors.password);
      }
      const now = clock();
      const resumable: OrderStatus[] = ['needs_password', 'under_way', 'waiting'];
      vault.set(order.id, password, now);
      const change = { status: 'under_way', nextAt: now, held: vault.claim(now) } as const;
      if (await store.changeOrder(order, change, resumable, now)) onDue();
    }
    return await reply.redirect(linkFrom(request.url, `orders/${order.token}`), 303);
  });

  async function findOrder({ params }: OrderRequest): Promise<Order> {
    const order = await store.findOrderByToken(params.token, providerOfOrder(params.token));
    if (!order) throw notFound();
    return order;
  }

  /** An order can't go on without its password, even where the store doesn't know yet that it is gone. */
  function statusFor(order: Order): OrderStatus {
    const goesOn = order.status === 'under_way' || order.status === 'waiting';
    return goesOn && !order.isUnderAttempt && vault.isLost(order, clock()) ? 'needs_password' : order.status;
  }

  async function sendOrder(
    { url }: FastifyRequest,
    reply: FastifyReply,
    order: Order,
    passwordError?: string,
  ): Promise<FastifyReply> {
    const form = await store.findOrderFormOf(order.providerId);
    const { markup, policy } = orderPage({
      order,
      status: statusFor(order),
      brand: brandFor(order.providerName, form?.logo, url),
      ownAddress: linkFrom(url, `orders/${order.token}`),
      passwordError,
      again: form?.isOpen
        ? { form, action: linkFrom(url, `order/${form.path}`), token: createOrderToken(order.providerId) }
        : undefined,
    });
    reply.header('content-security-policy', policy);
    return sendPage(reply, markup, passwordError === undefined ? 200 : 422);
  }
}
