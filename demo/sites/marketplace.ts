import { html } from '../html.ts';
import { listing, type Origins, orderPath } from '../origins.ts';
import { page, publicFile } from '../responses.ts';
import type { Handler } from '../web.ts';
import { layout } from './layout.ts';

/** The marketplace's own page about Acme CRM, with the link that mints a referral. */
export function createMarketplaceSite(origins: Origins): Handler {
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
    return publicFile('marketplace', pathname);
  };
}
