import type { FastifyReply } from 'fastify';
import { toWebhookSecret } from '../../../provider/webhook.ts';
import { copyable, notice } from '../../pages/blocks.ts';
import { html } from '../../pages/html.ts';
import { linkFrom } from '../../pages/link.ts';
import { said } from '../../pages/said.ts';
import { sendAreaPage } from '../../signin/areas.ts';
import type { Provider } from '../../store/providers.ts';

/** A page that shows a new secret, once: it stands in no page that could be loaded again. */
export function sendSecretPage(
  reply: FastifyReply,
  {
    provider: { partnerKey, name },
    secret,
    isNew,
  }: { provider: Pick<Provider, 'partnerKey' | 'name'>; secret: string; isNew: boolean },
): FastifyReply {
  const { url } = reply.request;
  const title = isNew ? 'The provider is added' : 'A new secret';
  return sendAreaPage(reply, {
    title,
    modules: ['pages/browser/copy.js'],
    content: html`<h1>${title}</h1>
<p class="lead">${said(name)}</p>
${notice('wait', html`<p><b>The secret is shown this once.</b> Copy it now, and hand it over by a way that nobody else reads.</p>`)}
<div class="card">
${copyable('Partner key', partnerKey)}
${copyable('Secret', secret)}
${copyable('The same secret, as libraries for Standard Webhooks take it', toWebhookSecret(secret))}
<p>The secret belongs on the provider’s server, never in a page. ${
      !isNew &&
      html`The one before works until the next rotation. One that is older is no longer taken; signatures made with it until now are,
for 9 days.`
    }</p>
${
  isNew &&
  html`<p>The line for its pages stands on the provider’s own page, with its key in it. It signs in there by the secret, or by a link that
you make on the next page.</p>`
}
</div>
<p><a class="button" href="${linkFrom(url, `console/providers/${partnerKey}`)}">Go on to ${said(name)}</a></p>`,
  });
}
