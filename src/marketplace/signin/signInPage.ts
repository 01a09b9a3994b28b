import type { FastifyReply } from 'fastify';
import { errorSummary, textField } from '../pages/fields.ts';
import { type Html, html } from '../pages/html.ts';
import { linkFrom } from '../pages/link.ts';
import { areaOf, portalArea, sendAreaPage } from './areas.ts';

/**
 * Answers with the page to sign in, at whatever address it was asked for. To a link from another site, mail or chat, the
 * browser sends no cookie (SameSite=Strict), so that page first loads itself anew from here, and then it does.
 */
export function sendSignInPage(
  reply: FastifyReply,
  { status = 200, error }: { status?: number; error?: string } = {},
): FastifyReply {
  const { url, method, headers } = reply.request;
  if (method === 'GET' && headers['sec-fetch-site'] === 'cross-site') return sendContinuePage(reply);
  const title = areaOf(url) === portalArea ? 'Sign in as a provider' : 'Sign in to the console';
  const content =
    areaOf(url) === portalArea ? providerSignIn(url, title, error) : operatorSignIn(title, error);
  return sendAreaPage(reply, { title: error === undefined ? title : `Error: ${title}`, content }, status);
}

function sendContinuePage(reply: FastifyReply): FastifyReply {
  const { url } = reply.request;
  // Relative to the folder that it is in, and so the page itself.
  const own = linkFrom(url, url.replace(/^\/+/, ''));
  return sendAreaPage(reply.header('refresh', `0; url=${own}`), {
    title: 'One moment',
    content: html`<div class="alone card"><h1>One moment</h1>
<p>You came by a link from another site. <a href="${own}">Go on to the page</a></p></div>`,
  });
}

function operatorSignIn(title: string, error: string | undefined): Html {
  return html`<div class="alone card">
<h1>${title}</h1>
${errorSummary({}, error)}
<p>The console opens by a link that works once. The service prints one when it starts for the first time; later, another
operator makes one for you under <b>Operators</b>, or whoever has the command line does:</p>
<pre tabindex="0" aria-label="Command">onramp-marketplace operator link &lt;name&gt;</pre>
<p class="muted">New here? <code>onramp-marketplace operator add &lt;name&gt;</code> makes an operator and prints its first link.</p>
</div>`;
}

function providerSignIn(url: string, title: string, error: string | undefined): Html {
  return html`<div class="alone card">
<h1>${title}</h1>
<p>Here you see what your pages and servers report to the marketplace, and what became of it.</p>
${errorSummary(error === undefined ? {} : { secret: error })}
<form method="post" action="${linkFrom(url, 'provider/sign-in')}">
${textField({
  name: 'secret',
  label: 'Your secret',
  type: 'password',
  required: true,
  isCode: true,
  autocomplete: 'current-password',
  hint: 'It begins with os_, and the marketplace gave it to you with your partner key.',
  error,
})}
<button>Sign in</button>
</form>
<p class="muted">Or ask the marketplace for a link that signs you in once.</p>
</div>`;
}
