import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readUtf8Form, readWholeBody } from '../http/body.ts';
import { HttpProblem, reportError } from '../http/errors.ts';
import { type Brand, pagePolicy } from '../pages/page.ts';
import { errorPage } from './pages/message.ts';

const formType = 'application/x-www-form-urlencoded';

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
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(formType, async (_request: FastifyRequest, payload: IncomingMessage) =>
    readUtf8Form((await readWholeBody(payload)).toString()),
  );
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { status } = reportError(error, request, reply);
    void sendPage(reply, errorPage(status), status);
  });
}

export function sendPage(reply: FastifyReply, page: string, status = 200): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(page);
}

/**
 * Refuses a form that another site's page has sent. Pages have no session that could be abused, and the token is
 * what binds a form to its order; this only keeps other sites from ordering in a visitor's name and network.
 * What a browser says of the site counts, and of older ones the page's origin:
 * https://developer.mozilla.org/docs/Web/HTTP/Headers/Sec-Fetch-Site. Who says neither is no browser's page.
 *
 * @throws HttpProblem 403
 */
export function refuseOtherSites({ headers }: FastifyRequest): void {
  const { 'sec-fetch-site': site, origin } = headers;
  const isOwn =
    site === undefined
      ? origin === undefined || isOwnOrigin(origin, headers)
      : site === 'same-origin' || site === 'none';
  if (isOwn) return;
  throw new HttpProblem({ status: 403, code: 'other_site', detail: 'The form was sent by another site.' });
}

/**
 * By host and port alone, since a proxy may speak TLS before the service, and by the name that a proxy was called by as
 * well, whether it is trusted or not: no page can make a browser send that header with a form.
 */
function isOwnOrigin(origin: string, headers: IncomingHttpHeaders): boolean {
  const own = URL.parse(origin);
  if (!own) return false;
  const names = [headers.host, headers['x-forwarded-host']].flatMap((name) => name ?? []);
  return names
    .flatMap((name) => name.split(','))
    .some((name) => URL.parse(`${own.protocol}//${name.trim()}`)?.host === own.host);
}

/**
 * From the address of a request to another of the service, relatively: a proxy may have put the service below a
 * path that it doesn't know of. Each slash of the address is a step up, even one too many.
 */
export function linkFrom(requestUrl: string, path: string): string {
  const [own = ''] = requestUrl.split('?', 1);
  const steps = own.split('/').length - 2;
  return `${'../'.repeat(steps) || './'}${path}`;
}

/** What a page shows of its provider. */
export function brandFor(name: string, logo: string | undefined, requestUrl: string): Brand {
  return { name, logo: logo === undefined ? undefined : linkFrom(requestUrl, `logos/${logo}`) };
}

/**
 * A new order token: 128 random bits. It is minted with the form, in a hidden field, and becomes the address of the
 * order that the form makes: whoever sends the form twice comes to the same order, and nobody else can guess it.
 */
export function createOrderToken(): string {
  return randomBytes(16).toString('base64url');
}

export function isOrderToken(text: unknown): text is string {
  return typeof text === 'string' && /^[\w-]{22}$/.test(text);
}
