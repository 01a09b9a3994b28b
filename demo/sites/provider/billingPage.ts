import { type Html, html } from '../../html.ts';
import { type Subscription, skuOf } from './billing.ts';

interface BillingPageParts {
  subscriptions: Subscription[];
  /** YYYY-MM. */
  period: string;
  /** Where customers can be won. */
  consoleOrigin: string;
}

/** Acme's own back office, behind its login at a real provider. */
export function billingPage({ subscriptions, period, consoleOrigin }: BillingPageParts): Html {
  return html`<header class="bar"><a class="brand" href="/billing">Acme, billing</a><span>Back office · ${monthWords(period)}</span></header>
    <main>
      <h1>What did each customer use?</h1>
      <p class="lead">Acme tells the marketplace, and the marketplace bills it.</p>
      ${subscriptions.length > 0 ? subscriptions.map((subscription) => card(subscription, period)) : nobody(consoleOrigin)}
    </main>`;
}

function nobody(consoleOrigin: string): Html {
  return html`
      <section class="customer">
        <h2>No customers yet</h2>
        <p>Be the first one, and come back:</p>
        <ul>
          <li><a href="${consoleOrigin}/order" target="_top">order an account on the marketplace's form</a>, or</li>
          <li><a href="${consoleOrigin}/" target="_top">buy on Acme's own site</a>.</li>
        </ul>
      </section>`;
}

function card({ subscriber, usage, endedOn, outcome }: Subscription, period: string): Html {
  const { customerId, company, plan, cameBy } = subscriber;
  const isReported = usage !== undefined;
  return html`
      <section class="customer" id="${customerId}" aria-labelledby="${customerId}-name">
        <h2 id="${customerId}-name">${company}</h2>
        <p class="hint"><code>${customerId}</code> · <code>${skuOf(plan)}</code> · came by ${cameBy === 'order form' ? "the marketplace's order form" : "Acme's own site"}</p>
        ${endedOn ? html`<p class="ended">Cancelled on ${endedOn}. Its usage can still be corrected.</p>` : ''}
        <form method="post" action="/billing">
          <input type="hidden" name="customer" value="${customerId}">
          <label>Messages sent in ${monthWords(usage?.period ?? period)}
            <input name="count" type="number" inputmode="numeric" min="0" max="999999999" step="1" required value="${usage?.count ?? 120}"></label>
          <p class="buttons">
            <button name="do" value="report">${isReported ? 'Correct the usage' : 'Report the usage'}</button>
            ${isReported ? html`<button class="quiet" name="do" value="again" formnovalidate>Run the job again</button>` : ''}
            ${endedOn ? '' : html`<button class="quiet" name="do" value="cancel" formnovalidate>Cancel the subscription</button>`}
          </p>
        </form>
        ${outcome ? html`<p class="outcome" role="${outcome.isGood ? 'status' : 'alert'}">${outcome.text}</p>` : ''}
      </section>`;
}

function monthWords(period: string): string {
  return new Date(period).toLocaleDateString('en', { month: 'long', year: 'numeric', timeZone: 'UTC' });
}
