import type { IncomingMessage } from 'node:http';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { reportError } from '../http/errors.ts';
import { HttpProblem } from '../http/problem.ts';
import { readWholeBody } from '../intake/body.ts';
import { readForm } from '../intake/content.ts';
import { Refusal } from '../intake/refusal.ts';
import { errorPage } from './pages/message.ts';
import { pagePolicy } from './pages/style.ts';

const formType = 'application/x-www-form-urlencoded';

/** What all pages have in common: their headers, forms as bodies, and errors as pages for people. */
export function preparePages(app: FastifyInstance): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'content-security-policy': pagePolicy,
      'cache-control': 'no-store',
      // The address of an order is its key.
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex',
    });
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(formType, async (_request: FastifyRequest, payload: IncomingMessage) =>
    readForm((await readWholeBody(payload)).toString()),
  );
  app.setErrorHandler((error: FastifyError | Refusal, request, reply) => {
    const { status } = error instanceof Refusal ? error : reportError(error, request, reply);
    void sendPage(reply, errorPage(status), status);
  });
}

export function sendPage(reply: FastifyReply, page: string, status = 200): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(page);
}

/**
 * Refuses a form that another site's page has sent. Pages have no session that could be abused, and the token is
 * what binds a form to its order; this only keeps other sites from ordering in a visitor's name and network.
 * Browsers that say nothing are taken: https://developer.mozilla.org/docs/Web/HTTP/Headers/Sec-Fetch-Site
 *
 * @throws HttpProblem 403
 */
export function refuseOtherSites({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  throw new HttpProblem({ status: 403, code: 'other_site', detail: 'The form was sent by another site.' });
}
