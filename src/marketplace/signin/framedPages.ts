import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { reportError } from '../http/errors.ts';
import { refuseOtherSites, takeForms } from '../http/pages.ts';
import { framedPolicy } from '../pages/frame.ts';
import { type Html, html } from '../pages/html.ts';
import { sendAreaPage } from './areas.ts';
import { SignInNeeded } from './guard.ts';
import { sendSignInPage } from './signInPage.ts';

/** What all pages of console and provider have in common: headers, cookies, forms as bodies, errors as pages. */
export async function prepareFramedPages(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: copyOf(framedPolicy) },
    // Browsers would send forms with the Origin "null" without any.
    referrerPolicy: { policy: 'same-origin' },
    // Which addresses are spoken to by TLS alone, the proxy before the service knows.
    strictTransportSecurity: false,
  });
  await app.register(cookie);
  app.decorateRequest('reader', null);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
    if (request.method !== 'GET') refuseOtherSites(request);
  });
  takeForms(app);
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const { status, detail, errors = [] } = reportError(error, request, reply);
    if (error instanceof SignInNeeded) return void sendSignInPage(reply, { status });
    const details = errors.length > 0 ? errors.map((each) => each.detail) : [detail];
    return void sendErrorPage(reply, status, details);
  });
}

const titles: Readonly<Record<number, string>> = {
  400: 'This was not understood',
  403: 'This is not allowed',
  404: 'This page is not here',
  405: 'This can’t be done here',
  413: 'This is too large',
  429: 'Too many at once',
  503: 'The service can’t answer just now',
};

/** What is to be done, where the detail doesn't say. */
const advice: Readonly<Record<number, string>> = {
  404: 'The link may be old or misspelt, or what it leads to was removed.',
  429: 'Wait a minute, then load the page again.',
  503: 'Load the page again in a moment. What you sent may have to be sent again.',
};

function sendErrorPage(reply: FastifyReply, status: number, details: readonly string[]): FastifyReply {
  const title = titles[status] ?? (status < 500 ? 'This was not understood' : 'Something is wrong here');
  const hint = advice[status];
  return sendAreaPage(
    reply,
    {
      title,
      content: html`<div class="alone card">
<h1>${title}</h1>
${details.map(toParagraph)}
${hint !== undefined && html`<p>${hint}</p>`}
${status >= 500 && html`<p class="muted small">Request ${reply.request.id}: by that number the log knows it.</p>`}
</div>`,
    },
    status,
  );
}

function toParagraph(text: string): Html {
  return html`<p>${text}</p>`;
}

/** As helmet takes it, which changes what it is given. */
function copyOf(policy: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(policy).map(([name, sources]) => [name, [...sources]]));
}
