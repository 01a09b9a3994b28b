import type { Dashboard } from '../dashboard.ts';
import { html } from '../html.ts';
import { listing, type Origins, orderPath } from '../origins.ts';
import { page, publicFile } from '../responses.ts';
import type { Handler } from '../web.ts';
import { layout } from './layout.ts';

/** The marketplace's own page about Acme CRM, with the link that mints a referral. */
export function createMarketplaceSite(origins: Origins, dashboard: Dashboard): Handler {
  const link = `${origins.service}/go/${listing}`;
  const orderForm = `${origins.service}/order/${orderPath}`;
  const content = html`
    <header class="bar"><span class="brand">Cloud Marketplace</span><span>Software for business</span></header>
    <main>
      <p class="crumbs">Sales software</p>
      <div class="listing">
        <div class="logo" aria-hidden="true">A</div>
        <div>
          <h1>Acme CRM</h1>
          <p class="by">By Acme</p>
        </div>
      </div>
      <p class="pitch">Contacts, deals and follow-ups in one place. From 19 EUR a month.</p>
      <div class="ways">
        <section>
          <p><a class="button" href="${link}">Go to Acme CRM</a></p>
          <p class="hint">Buy on Acme's own site. The marketplace's link, <code>${link}</code>, gives this visitor a
            referral id, notes the click, and leads on to Acme.</p>
        </section>
        <section>
          <p><a class="button second" href="${orderForm}" target="_blank" rel="noopener">Order here</a></p>
          <p class="hint">Order an account on the marketplace's form, <code>${orderForm}</code>, and Acme makes it.
            Opens in a tab of its own, since no other page may frame it.</p>
        </section>
      </div>
    </main>`;
  const options = { site: 'marketplace', title: 'Acme CRM on Cloud Marketplace', step: 'listing', origins };
  return (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/') return page(layout(options, content));
    if (pathname === '/dashboard') return openDashboard(dashboard);
    return publicFile('marketplace', pathname);
  };
}

/**
 * Signed in, and on to the service's console. A page and no redirect: browsers send the session's cookie only where one
 * of the marketplace's own pages leads, and this one shares its host.
 */
async function openDashboard({ address, signIn }: Dashboard): Promise<Response> {
  const cookie = await signIn();
  const content = cookie
    ? html`<p><a href="${address}">To the marketplace's console</a></p>`
    : html`<p>The service is paused: its console is not there. Resume it, and load this page again.</p>`;
  const onward = html`<meta http-equiv="refresh" content="0; url=${address}">`;
  const document = html`<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>The marketplace's console</title>
    <link rel="stylesheet" href="/base.css">
    <link rel="stylesheet" href="/marketplace.css">
    ${cookie ? onward : html``}
  </head>
  <body><main>${content}</main></body>
</html>
`;
  return page(document, cookie ? 200 : 503, cookie ? { 'set-cookie': cookie } : {});
}
