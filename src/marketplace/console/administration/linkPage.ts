import type { FastifyReply } from 'fastify';
import { dayMs } from '../../../wire/fields.ts';
import { copyableLink, notice } from '../../pages/blocks.ts';
import { html } from '../../pages/html.ts';
import { linkFrom } from '../../pages/link.ts';
import { momentText } from '../../pages/moment.ts';
import { said } from '../../pages/said.ts';
import { zoneOf } from '../../pages/zone.ts';
import { sendAreaPage } from '../../signin/areas.ts';

/** How long a provider's link can be used, by what the form calls it, in milliseconds. */
export const linkLifetimes: ReadonlyMap<string, number> = new Map([
  ['1 hour', dayMs / 24],
  ['1 day', dayMs],
  ['7 days', 7 * dayMs],
]);

export interface LinkPageParts {
  /** Whom the link signs in. */
  name: string;
  /** Path of the link. */
  path: string;
  expiresAt: number;
  /** Path of the page to go on to. */
  back: string;
}

/** A page that shows a sign-in link, once. */
export function sendLinkPage(
  reply: FastifyReply,
  { name, path, expiresAt, back }: LinkPageParts,
): FastifyReply {
  const { url } = reply.request;
  const zone = zoneOf(reply.request);
  return sendAreaPage(reply, {
    title: 'A sign-in link',
    modules: ['pages/browser/copy.js'],
    zone,
    content: html`<h1>A sign-in link</h1>
<p class="lead">For ${said(name)}. It signs in once, until ${momentText(expiresAt, zone)}.</p>
${notice('wait', html`<p><b>The link is shown this once.</b> Hand it over by a way that nobody else reads: whoever opens it first is signed in.</p>`)}
<div class="card">
${copyableLink('Link', linkFrom(url, path))}
<p class="muted">Don’t open it here, or it signs you in: copy its address.</p>
</div>
<p><a class="button plain" href="${linkFrom(url, back)}">Back</a></p>`,
  });
}
