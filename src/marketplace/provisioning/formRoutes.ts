import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../wire/time.ts';
import { HttpProblem, notFound } from '../http/errors.ts';
import { refuseOtherSites, sendPage } from '../http/pages.ts';
import type { Limits } from '../limits/limits.ts';
import { linkFrom } from '../pages/link.ts';
import type { OrderForm, OrderFormStore } from '../store/orderForms.ts';
import type { OrderStore } from '../store/orders.ts';
import { type Entries, fingerprintOf, readEntries } from './entries.ts';
import { brandFor, createOrderToken, isOrderToken } from './pageRoutes.ts';
import { formPage } from './pages/form.ts';
import { messagePage } from './pages/message.ts';
import type { PasswordVault } from './vault.ts';

export interface FormRoutesOptions {
  store: OrderFormStore & OrderStore;
  limits: Limits;
  vault: PasswordVault;
  clock: Clock;
  createId: () => string;
  /** Called when an order is due. */
  onDue: () => void;
}

type FormRequest = FastifyRequest<{ Params: { path: string }; Body: Record<string, string> }>;

/** `/order/{path}`: a provider's order form, and the order that it makes. */
export async function formRoutes(app: FastifyInstance, options: FormRoutesOptions): Promise<void> {
  const { store, limits, vault, clock, createId, onDue } = options;
  const url = '/order/:path';

  app.get(url, { exposeHeadRoute: true }, async (request: FormRequest, reply) => {
    const form = await findForm(request);
    if (!form.isOpen) return sendPage(reply, closedPage(form), 503);
    return sendForm(request, reply, form, { token: createOrderToken(form.providerId) });
  });

  app.post(url, async (request: FormRequest, reply) => {
    refuseOtherSites(request);
    const form = await findForm(request);
    const token = request.body?.order;
    if (!isOrderToken(token, form.providerId)) throw invalidToken();
    const entries = readEntries(form, request.body);
    const earlier = await store.findOrderByToken(token, form.providerId);
    if (!earlier && !form.isOpen) return sendPage(reply, closedPage(form), 503);
    if (!earlier && Object.keys(entries.errors).length > 0) {
      return sendForm(request, reply, form, { token, entries, status: 422 });
    }
    if (!earlier) limits.admitOrder(request.ip, form.partnerKey);
    const order = earlier ?? (await placeOrder(form, token, entries));
    const orderAddress = linkFrom(request.url, `orders/${token}`);
    if (isSame(order.fingerprint, fingerprintOf(form.providerId, entries.values))) {
      return await reply.redirect(orderAddress, 303);
    }
    // The buyer went back and changed something: whether that is meant as another order, only they can say.
    const again = { ...entries, errors: {} };
    const anew = { token: createOrderToken(form.providerId), entries: again, earlierOrder: orderAddress };
    return sendForm(request, reply, form, { ...anew, status: 409 });
  });

  async function findForm(request: FormRequest): Promise<OrderForm> {
    const form = await store.findOrderForm(request.params.path);
    if (!form) throw notFound();
    return form;
  }

  async function placeOrder(form: OrderForm, token: string, { values, password }: Entries) {
    const id = createId();
    const now = clock();
    if (password) vault.set(id, password, now);
    const { result, order } = await store.createOrder({
      id,
      token,
      providerId: form.providerId,
      fields: { ...values, ...(form.resellerKey !== undefined && { resellerkey: form.resellerKey }) },
      fingerprint: fingerprintOf(form.providerId, values),
      hasPassword: password !== undefined,
      held: password && vault.claim(now),
      createdAt: now,
    });
    if (result === 'created') onDue();
    else vault.delete(id);
    return order;
  }
}

interface Sent {
  token: string;
  entries?: Entries;
  earlierOrder?: string;
  status?: number;
}

function sendForm(
  { url }: FastifyRequest,
  reply: FastifyReply,
  form: OrderForm,
  { token, entries, earlierOrder, status }: Sent,
): FastifyReply {
  const errors = entries?.errors ?? {};
  const page = formPage({
    form,
    brand: brandFor(form.providerName, form.logo, url),
    action: linkFrom(url, `order/${form.path}`),
    token,
    values: entries?.values ?? {},
    problem: Object.keys(errors).length > 0 ? { errors } : undefined,
    earlierOrder,
  });
  return sendPage(reply, page, status);
}

function closedPage({ providerName }: OrderForm): string {
  const title = `${providerName} can’t be ordered at the moment`;
  return messagePage(title, 'Please come back later, or look for another product in the marketplace.');
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}

function invalidToken(): HttpProblem {
  return new HttpProblem({ status: 400, code: 'invalid_token', detail: 'The form has no order token.' });
}
