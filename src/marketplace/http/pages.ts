import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readUtf8Form, readWholeBody } from './body.ts';
import { HttpProblem } from './errors.ts';

const formType = 'application/x-www-form-urlencoded';

/** Gives handlers the fields of a form as their body, and takes no body of another type. */
export function takeForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(formType, async (_request: FastifyRequest, payload: IncomingMessage) =>
    readUtf8Form((await readWholeBody(payload)).toString()),
  );
}

export function sendPage(reply: FastifyReply, page: string, status = 200): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(page);
}

/**
 * Refuses a form that another site's page has sent in the name of who reads that page.
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
