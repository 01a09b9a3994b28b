import { html } from '../html.ts';
import type { Origins } from '../origins.ts';
import { page, plain, publicFile, seeOther } from '../responses.ts';
import type { Handler } from '../web.ts';
import { layout } from './layout.ts';

/**
 * A payment page as many providers rent it: on somebody else's origin, without the tag. The buyer comes back
 * to the provider with this page as referrer, which must not take the marketplace's attribution.
 */
export function createPaymentSite(origins: Origins): Handler {
  const options = { site: 'payment', title: 'Pay', step: 'payment', origins };
  return async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== '/pay') return publicFile('payment', pathname);
    if (request.method === 'POST') {
      const order = new URLSearchParams(await request.text()).get('order') ?? '';
      return seeOther(`${origins.provider}/thank-you?order=${encodeURIComponent(order)}`);
    }
    const order = searchParams.get('order');
    const amount = searchParams.get('amount');
    const currency = searchParams.get('currency');
    if (!order || !amount || !currency)
      return plain(400, 'This payment page needs an order, an amount and a currency.');
    const content = html`
      <main>
        <p class="brand">Example Payments</p>
        <h1>Pay <span class="amount">${amount} ${currency}</span></h1>
        <dl>
          <dt>To</dt><dd>Acme CRM</dd>
          <dt>Order</dt><dd>${order}</dd>
        </dl>
        <form method="post" action="/pay">
          <input type="hidden" name="order" value="${order}">
          <button>Pay ${amount} ${currency}</button>
        </form>
        <p class="hint">A demo: no card is asked for, nothing is charged. This page belongs to a third party and
          knows nothing of the pixel.</p>
      </main>`;
    return page(layout(options, content));
  };
}
