import type { FastifyReply } from 'fastify';
import { badge, notice, postButton } from '../../pages/blocks.ts';
import { checkField, choiceField, errorSummary, type FieldErrors } from '../../pages/fields.ts';
import { type Html, html } from '../../pages/html.ts';
import { linkFrom } from '../../pages/link.ts';
import { momentText } from '../../pages/moment.ts';
import { said } from '../../pages/said.ts';
import { table } from '../../pages/table.ts';
import { sayCount } from '../../pages/words.ts';
import { zoneOf } from '../../pages/zone.ts';
import { isLive, newestKeyId } from '../../providers/secret.ts';
import { sendAreaPage } from '../../signin/areas.ts';
import type { Listing } from '../../store/listings.ts';
import type { OrderForm } from '../../store/orderForms.ts';
import type { Provider, Secret } from '../../store/providers.ts';
import type { Session } from '../../store/sessions.ts';
import { linkLifetimes } from './linkPage.ts';
import { basicFields, furtherFields, type ProviderTexts } from './providerFields.ts';
import { stateBadge } from './providerList.ts';

export interface ProviderPageParts {
  provider: Provider;
  /** What stands in its form. */
  texts: ProviderTexts;
  errors: FieldErrors;
  form: OrderForm | undefined;
  listings: readonly Listing[];
  sessions: readonly Session[];
  /** What was just done. */
  done?: string | undefined;
}

/** Answers with the page of a provider: what it is, its secrets, its links and who signs in for it. */
export function sendProviderPage(reply: FastifyReply, parts: ProviderPageParts, status = 200): FastifyReply {
  const { provider, texts, errors, done } = parts;
  const { url } = reply.request;
  const zone = zoneOf(reply.request);
  const own = linkFrom(url, `console/providers/${provider.partnerKey}`);
  return sendAreaPage(
    reply,
    {
      title: status === 200 ? provider.name : `Error: ${provider.name}`,
      zone,
      content: html`<div class="head"><div><p class="small"><a href="${linkFrom(url, 'console/providers')}">Providers</a></p>
<h1>${said(provider.name)}</h1></div>
<p class="row">${stateBadge(provider)} <code>${provider.partnerKey}</code></p></div>
<p class="row">${seenAt(url, provider)}</p>
${done !== undefined && notice('good', html`<p>${done}</p>`)}
${errorSummary(errors)}
<div class="columns">
<section class="card"><h2>Settings</h2>
<form method="post" action="${own}">
${basicFields(texts, errors)}${furtherFields(texts, errors)}<button>Save</button>
</form></section>
<div>
${secretsCard(provider, own, zone)}
${accessCard(parts, own)}
${linksCard(parts, url)}
</div>
</div>`,
    },
    status,
  );
}

/** Where what came of it is seen. */
function seenAt(url: string, { partnerKey }: Provider): Html[] {
  const links: readonly (readonly [text: string, path: string])[] = [
    ['Figures', `console?partnerKey=${partnerKey}`],
    ['Purchases', `console/purchases?partnerKey=${partnerKey}`],
    ['Rejections', `console/rejections?partnerKey=${partnerKey}`],
    ['What was changed', `console/audit?name=${partnerKey}`],
  ];
  return links.map(([text, path]) => html`<a href="${linkFrom(url, path)}">${text}</a>\n`);
}

function secretsCard(provider: Provider, own: string, zone: string): Html {
  return html`<section class="card"><h2>Secrets</h2>
<p class="muted">Its server proves by a secret who it is. A rotation makes a new one; the one before stays good until the next rotation.</p>
${postButton({
  action: `${own}/rotate`,
  text: 'Make a new secret',
  hidden: { newest: newestKeyId(provider) },
  kind: 'primary',
})}
${table<Secret>({
  caption: 'Secrets, oldest first',
  isCaptionUnseen: true,
  rows: provider.secrets,
  columns: [
    { heading: 'Key id', kind: 'name', cell: ({ keyId }) => html`<code>os_${keyId}_…</code>` },
    { heading: 'Made', cell: ({ createdAt }) => momentText(createdAt, zone) },
    {
      heading: 'State',
      cell: (secret) => (isLive(secret) ? badge('good', 'Live') : badge('plain', 'Retired')),
    },
    { heading: 'End it', cell: (secret) => revocation(secret, own) },
  ],
})}</section>`;
}

/** In two steps, since nothing brings a secret back. */
function revocation({ keyId }: Secret, own: string): Html {
  return html`<details><summary>Revoke</summary>
<p class="small">For a secret that others may know: at once nothing is believed any more that it proves or has signed.</p>
${postButton({ action: `${own}/revoke`, text: html`Revoke ${keyId} now`, hidden: { keyId }, kind: 'danger' })}</details>`;
}

function accessCard({ sessions }: ProviderPageParts, own: string): Html {
  return html`<section class="card"><h2>Sign-in</h2>
<p class="muted">Its people see their figures, purchases and rejections on a page of their own. They sign in by their secret, or by a link that
you make here and hand over.</p>
<form method="post" action="${own}/link">
<fieldset><legend>The link lets them</legend>
${checkField({ name: 'replay', label: 'replay what was refused', isChecked: true })}
${checkField({ name: 'rotate', label: 'replace and revoke secrets', isChecked: false })}
</fieldset>
${choiceField({
  name: 'expires',
  label: 'It can be used, once, within',
  value: '1 day',
  choices: [...linkLifetimes.keys()].map((text) => ({ value: text, text })),
})}
<button>Make a sign-in link</button>
</form>
<p>${
    sessions.length === 0
      ? 'Nobody is signed in for it.'
      : html`${sayCount(sessions.length, 'browser is', 'browsers are')} signed in for it.
${postButton({ action: `${own}/end-access`, text: 'Sign all of them out', kind: 'danger' })}`
  }</p></section>`;
}

function linksCard({ provider, form, listings }: ProviderPageParts, url: string): Html {
  const { partnerKey } = provider;
  const ofListing = ({ name, landingUrl }: Listing) =>
    html`<li><a href="${linkFrom(url, `console/listings/${name}`)}">/go/${name}</a> leads to <span class="code">${landingUrl}</span></li>\n`;
  return html`<section class="card"><h2>Links and order form</h2>
${
  listings.length === 0
    ? html`<p>No link of the marketplace leads to it yet.</p>`
    : html`<ul>${listings.map(ofListing)}</ul>`
}
<p><a href="${linkFrom(url, `console/listings?provider=${partnerKey}`)}">Add a listing</a></p>
<p>${
    form
      ? html`Accounts are ordered at <a href="${linkFrom(url, `order/${form.path}`)}">/order/${form.path}</a>
${form.isOpen ? badge('good', 'Open') : badge('wait', 'Closed')}`
      : 'There is no form to order accounts by.'
  }</p>
<p><a href="${linkFrom(url, `console/providers/${partnerKey}/form`)}">${form ? 'Change the order form' : 'Make an order form'}</a></p>
${
  provider.provisionUrl !== undefined &&
  html`<p>${postButton({ action: linkFrom(url, `console/providers/${partnerKey}/check`), text: 'Check its endpoint' })}</p>`
}</section>`;
}
