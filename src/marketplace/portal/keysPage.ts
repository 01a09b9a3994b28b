import { badge, copyable, notice } from '../pages/blocks.ts';
import { type Html, html } from '../pages/html.ts';
import { linkFrom } from '../pages/link.ts';
import { momentText } from '../pages/moment.ts';
import { table } from '../pages/table.ts';
import { isLive } from '../providers/secret.ts';
import type { Provider, Secret } from '../store/providers.ts';

export interface KeysPageParts {
  url: string;
  provider: Provider;
  zone: string;
  /** Whether who reads may change anything here. */
  mayRotate: boolean;
}

/** How a secret ends: it goes on to verify what it signed before, or nothing of it counts from now on. */
export const endings = {
  retire: {
    verb: 'Retire',
    what: 'It signs and proves nothing new from now on. What it signed before is taken for 9 days more, which is as long as a browser keeps a purchase.',
  },
  revoke: {
    verb: 'Revoke',
    what: 'It is deleted. Nothing that it signed or proves is taken from now on, purchases that wait in browsers included. Do this when somebody else has it.',
  },
} as const;
export type Ending = keyof typeof endings;

/** The secrets of a provider, none of which is shown. */
export function keysContent({ url, provider, zone, mayRotate }: KeysPageParts): Html {
  const newestFirst = provider.secrets.toReversed();
  return html`<h1>Keys</h1>
<p class="lead">Your partner key <code>${provider.partnerKey}</code> is public and names you. A secret proves that a message is yours: it stays
on your server. Two may live at once, while one takes the other’s place.</p>
${table<Secret>({
  caption: 'Your secrets',
  columns: [
    { heading: 'Secret', kind: 'name', cell: ({ keyId }) => html`<code>os_${keyId}_…</code>` },
    { heading: 'State', cell: stateOf },
    { heading: 'Made', cell: ({ createdAt }) => momentText(createdAt, zone) },
    {
      heading: 'Retired',
      cell: ({ retiredAt }) => (retiredAt === undefined ? '–' : momentText(retiredAt, zone)),
    },
    ...(mayRotate ? [{ heading: 'End it', cell: (secret: Secret) => endLinks(url, secret) }] : []),
  ],
  rows: newestFirst,
})}
${
  mayRotate
    ? html`<section class="card" aria-labelledby="rotate-title"><h2 id="rotate-title">Make a new secret</h2>
<p>The newest one goes on beside it, so that your servers can change over; those before it retire. Once all your servers have the new one,
retire the old.</p>
<form method="post" action="${linkFrom(url, 'provider/keys/rotate')}">
<input type="hidden" name="newest" value="${provider.secrets.at(-1)?.keyId ?? ''}">
<button>Make a new secret</button>
</form></section>`
    : html`<p class="muted">The link that you signed in by doesn’t allow to change secrets. Ask the marketplace for one that does.</p>`
}`;
}

function stateOf(secret: Secret): Html {
  return isLive(secret) ? badge('good', 'Live') : badge('plain', 'Retired');
}

function endLinks(url: string, secret: Secret): Html {
  const wanted: readonly Ending[] = isLive(secret) ? ['retire', 'revoke'] : ['revoke'];
  return html`<span class="row">${wanted.map((ending) => {
    const query = new URLSearchParams({ key: secret.keyId });
    return html`<a href="${linkFrom(url, `provider/keys/${ending}?${query}`)}">${endings[ending].verb}<span class="unseen"> os_${secret.keyId}</span></a> `;
  })}</span>`;
}

/** The new secret, for the only time. */
export function newSecretContent(url: string, secret: string): Html {
  return html`<h1>Your new secret</h1>
${notice(
  'wait',
  html`<p><strong>It is shown this once.</strong> Copy it to your server’s settings now; nobody can show it again, and a lost one is
simply replaced.</p>`,
)}
<section class="card">
${copyable('The secret', secret)}
<p><a class="button" href="${linkFrom(url, 'provider/keys')}">I have copied it</a></p>
</section>`;
}

/** Asked before a secret ends. */
export function confirmContent(url: string, provider: Provider, secret: Secret, ending: Ending): Html {
  const { verb, what } = endings[ending];
  const isLast = isLive(secret) && provider.secrets.filter(isLive).length === 1;
  return html`<div class="alone card">
<h1>${verb} os_${secret.keyId}_…?</h1>
<p>${what}</p>
${isLast && notice('bad', html`<p>It is your only live secret: your servers will be refused until they have a new one. Make a new one first.</p>`)}
<form method="post" action="${linkFrom(url, `provider/keys/${ending}`)}" class="row">
<input type="hidden" name="key" value="${secret.keyId}">
<button class="danger">${verb} it</button>
<a class="button plain" href="${linkFrom(url, 'provider/keys')}">Leave it as it is</a>
</form>
</div>`;
}
