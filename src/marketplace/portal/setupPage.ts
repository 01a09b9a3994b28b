import { formatTime } from '../../wire/time.ts';
import { badge, copyable, notice } from '../pages/blocks.ts';
import { textField } from '../pages/fields.ts';
import { type Html, html } from '../pages/html.ts';
import { linkFrom } from '../pages/link.ts';
import { momentText } from '../pages/moment.ts';
import { said } from '../pages/said.ts';
import type { Provider } from '../store/providers.ts';
import type { Cause } from './causes.ts';
import type { Lamp, LampName } from './evidence.ts';
import type { Setup } from './setup.ts';
import { type Guide, guidesFor } from './snippets.ts';
import { debugAddress, type TestReferral, testAddress } from './testReferral.ts';

export interface SetupPageParts {
  /** Address of the request. */
  url: string;
  /** ONRAMP_BASE_URL as far as the service knows it; setup.js knows it better. */
  baseUrl: string;
  provider: Provider;
  setup: Setup;
  zone: string;
  now: number;
  /** Where tests begin; undefined where none is known. */
  site: string | undefined;
  /** A site that was entered and is none. */
  wrongSite: string | undefined;
  /** The referral for tests that was made last. */
  test: TestReferral | undefined;
}

const lampWords: Readonly<Record<LampName, { title: string; hint: string }>> = {
  visit: { title: 'A visit', hint: 'Somebody came to your site by a link of the marketplace.' },
  browser: { title: 'A browser purchase', hint: 'Your page has told of a purchase or signup.' },
  server: { title: 'A server copy', hint: 'Your server has told of one, with your secret.' },
  match: { title: 'The two match', hint: 'Both have told of the same one, and it counts once.' },
};

/** Where a provider begins: how far it has come, a test, and the line to paste. */
export function setupContent(parts: SetupPageParts): Html {
  const { url, baseUrl, provider, setup, now } = parts;
  const { partnerKey, name } = provider;
  // What nobody sees would be pasted along, and turn the line around.
  const seenName = name.replace(/[\p{Cc}\p{Bidi_Control}]/gu, '');
  const serviceName = setup.serviceName ?? seenName;
  const guides = guidesFor({ baseUrl, partnerKey, serviceName });
  return html`<h1>Set up</h1>
<p class="lead">Paste one line, follow a test through, and watch what arrives. Your partner key is <code>${partnerKey}</code>.</p>
${
  provider.disabled &&
  notice(
    'bad',
    html`<p>The marketplace has switched you off: nothing that you send is taken at present. Ask the marketplace.</p>`,
  )
}
<section class="card" aria-labelledby="lamps-title">
<h2 id="lamps-title">What has arrived</h2>
<ol class="lamps" id="lamps" data-address="${linkFrom(url, 'provider/setup.json')}">
${setup.lamps.map((lamp) => lampItem(lamp, parts))}</ol>
<p id="lamps-said" class="muted small" role="status"></p>
<noscript><p class="muted small">Load the page again to see what has arrived since.</p></noscript>
${causesSection(url, setup.causes)}
</section>
<section class="card" aria-labelledby="test-title" id="test">
<h2 id="test-title">Try it with a test referral</h2>
${testSection(parts)}
</section>
<section class="card" aria-labelledby="paste-title">
<h2 id="paste-title">The line to paste</h2>
<p>With your own key. The script is small, never breaks your page, and keeps a purchase until the marketplace has proven
that it has it. <strong>Give an order id</strong>: with it, the page’s copy and your server’s count once.
A trial is a signup: <code>onrampTrack({ event: 'signup', customerId: '42' })</code>.</p>
<div id="guides" data-base="${baseUrl}" data-base-path="${linkFrom(url, '')}">
${guides.map(guideSection)}</div>
<p>Your server’s copy is one call of the provider’s kit, or one line of a shell, with your secret:</p>
${copyable(
  'To try your server’s way',
  `curl ${baseUrl}/api/SaasTrackings -H 'authorization: Bearer YOUR_SECRET' \\
  -d '{"partnerKey":"${partnerKey}","serviceName":"${shellText(serviceName)}","customerId":"42","orderId":"A-1001","amount":"49.90","currency":"EUR","purchasedAt":"${formatTime(now).slice(0, 10)}"}'`,
)}
</section>`;
}

/** As it stands within quotation marks of JSON within a shell's. */
function shellText(text: string): string {
  return JSON.stringify(text).slice(1, -1).replaceAll("'", "'\\''");
}

function lampItem({ name, lit }: Lamp, { url, zone }: SetupPageParts): Html {
  const { title, hint } = lampWords[name];
  return html`<li data-lamp="${name}"${lit && html` data-lit`}>
<span class="lamp" aria-hidden="true"></span>
<h3>${title}</h3> ${lit ? badge('good', 'Arrived') : badge('plain', 'Waiting')}
<p class="hint">${hint}</p>
<p class="evidence small">${
    lit &&
    html`<a href="${linkFrom(url, `provider/purchases/${lit.id}`)}">${momentText(Date.parse(lit.at), zone)}</a>${
      lit.of !== undefined && html` · ${said(lit.of)}`
    }${lit.isTest && ' · test'}`
  }</p>
</li>
`;
}

/** Opened by setup.js when something was waited for, for a minute. */
function causesSection(url: string, causes: readonly Cause[]): Html {
  return html`<details id="causes"${causes.length === 0 && html` hidden`}>
<summary>Nothing arrives? The likeliest causes</summary>
<ol id="cause-list">
${causes.map(
  ({ title, advice, link }) => html`<li><strong>${said(title)}</strong><br>${said(advice)}${
    link && html` <a href="${linkFrom(url, `provider/${link.path}`)}">${link.text}</a>`
  }</li>
`,
)}</ol>
</details>`;
}

function testSection({ url, site, wrongSite, test, zone, now }: SetupPageParts): Html {
  return html`${site !== undefined && test && mintedSection(site, test, { zone, now })}
<form method="post" action="${linkFrom(url, 'provider/test-referral')}">
${textField({
  name: 'site',
  label: 'Address of your site',
  type: 'text',
  hint: 'A page that has the line.',
  value: wrongSite ?? site ?? '',
  required: true,
  isCode: true,
  error:
    wrongSite === undefined
      ? undefined
      : 'Enter an address that begins with https://, such as https://acme.example/pricing.',
})}
<p class="row"><button>Make a test referral</button>
${
  site !== undefined &&
  html`<a class="button plain" href="${debugAddress(site)}" target="_blank" rel="noopener">Open your site with the panel</a>`
}</p>
</form>
<p class="hint">The panel, in your own page, says what is wrong with the line, the policy of the page and the blockers in between.</p>`;
}

function mintedSection(
  site: string,
  { referral, endsAt }: TestReferral,
  { zone, now }: Pick<SetupPageParts, 'zone' | 'now'>,
): Html {
  if (now >= endsAt) return notice('wait', html`<p>This test referral has ended. Make another one.</p>`);
  const address = testAddress(site, referral);
  return html`${notice(
    'good',
    html`<p>The test referral counts until ${momentText(endsAt, zone)}, for you alone. Open your site with it, buy something, and watch the
lamps: what comes by it is shown, marked as a test, and never counted.</p>`,
  )}
${copyable('Your site with the test referral', address)}
<p><a class="button" href="${address}" target="_blank" rel="noopener">Open your site</a></p>`;
}

function guideSection({ id, name, hint, snippets }: Guide, index = 0): Html {
  return html`<details class="guide" id="${id}"${index === 0 && html` open`}>
<summary>${name}</summary>
<p class="hint">${hint}</p>
${snippets.map(({ title, code }) => copyable(title, code))}
</details>
`;
}
