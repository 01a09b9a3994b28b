import { randomBytes } from 'node:crypto';
import type { FastifyError, FastifyInstance } from 'fastify';
import { reportError } from '../http/errors.ts';
import { sendPage, takeForms } from '../http/pages.ts';
import { linkFrom } from '../pages/link.ts';
import { type Brand, pagePolicy } from '../pages/page.ts';
import { errorPage } from './pages/message.ts';

/** What all pages have in common: their headers, forms as bodies, and errors as pages for people. */
export function preparePages(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'content-security-policy': pagePolicy,
      'cache-control': 'no-store',
      // The address of an order is its key. Not no-referrer, by which forms would come with the Origin "null".
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex',
    });
  });
  takeForms(app);
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { status } = reportError(error, request, reply);
    void sendPage(reply, errorPage(status), status);
  });
}

/** What a page shows of its provider. */
export function brandFor(name: string, logo: string | undefined, requestUrl: string): Brand {
  return { name, logo: logo === undefined ? undefined : linkFrom(requestUrl, `logos/${logo}`) };
}

/**
 * A new order token: the provider's number, by which its order is found, and 128 random bits. It is minted with the form,
 * in a hidden field, and becomes the address of the order that the form makes: whoever sends the form twice comes to the
 * same order, and nobody else can guess it.
 */
export function createOrderToken(providerId: number): string {
  return `${providerId}-${randomBytes(16).toString('base64url')}`;
}

/** Of a form's order; those of before have no number. */
export function isOrderToken(text: unknown, providerId: number): text is string {
  if (typeof text !== 'string' || !orderToken.test(text)) return false;
  return (providerOfOrder(text) ?? providerId) === providerId;
}

const orderToken = /^(?:(\d{1,9})-)?[\w-]{22}$/;

/** The provider that an order's token names. */
export function providerOfOrder(token: string): number | undefined {
  const [, number] = orderToken.exec(token) ?? [];
  return number === undefined ? undefined : Number(number);
}
