import { type Html, html } from '../../html.ts';
import { type Order, type Plan, plans } from './orders.ts';
import { call, stub } from './snippets.ts';

const header = html`<header class="bar"><a class="brand" href="/">Acme CRM</a><a href="/signup">Sign up</a></header>`;

export function landingPage(): Html {
  return html`${header}
    <main>
      <h1>Every customer, one clear view.</h1>
      <p class="lead">Contacts, deals and follow-ups that keep themselves in order.</p>
      <p><a class="button" href="/signup">Start with Acme CRM</a></p>
      <ul class="features">
        <li><strong>Contacts</strong> that your whole team shares</li>
        <li><strong>Deals</strong> from first call to signature</li>
        <li><strong>Reminders</strong> before a lead goes cold</li>
      </ul>
    </main>`;
}

export function signupPage(problem = ''): Html {
  return html`${header}
    <main>
      <h1>Create your account</h1>
      ${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}
      <form method="post" action="/signup">
        <label>Company <input name="company" required maxlength="100" autocomplete="organization" value="Example Ltd"></label>
        <label>Work email <input name="email" type="email" required maxlength="200" autocomplete="email" value="buyer@example.com"></label>
        <button>Create account</button>
      </form>
      <p class="hint">Filled in for you. What you type stays on this machine, in the demo's memory.</p>
    </main>`;
}

export function checkoutPage(customerId: string, company: string): Html {
  return html`${header}
    <main>
      <h1>Choose your plan</h1>
      <p>Welcome, ${company}. Your customer number is <code>${customerId}</code>.</p>
      <form method="post" action="/checkout">
        <input type="hidden" name="customer" value="${customerId}">
        <fieldset><legend>Plan</legend>${plans.map(planChoice)}</fieldset>
        <button>Continue to payment</button>
      </form>
    </main>`;
}

function planChoice(plan: Plan): Html {
  const checked = plan.id === 'team' ? html` checked` : '';
  return html`
    <label class="plan"><input type="radio" name="plan" value="${plan.id}"${checked}>
      <span><strong>${plan.name}</strong><small>${plan.summary}</small></span><b>${plan.amount} EUR</b></label>`;
}

/** Shows the receipt that onrampTrack gives, and the lines of HTML that did it all. */
export function thanksPage(order: Order, tagLine: Html): Html {
  const { orderId, customerId, plan, currency } = order;
  return html`${header}
    <main>
      <h1>Thank you!</h1>
      <p>The ${plan.name} plan is yours: order <code>${orderId}</code>, customer <code>${customerId}</code>,
        ${plan.amount} ${currency}.</p>
      <section class="receipt" aria-labelledby="receipt-title">
        <h2 id="receipt-title">What the pixel says</h2>
        <p id="receipt" role="status">Working…</p>
      </section>
      <section>
        <h2>All that Acme pasted for it</h2>
        <p>1. On every page, the tag:</p>
        <pre><code>${tagLine.html}</code></pre>
        <p>2. On this page, the call. The first part keeps it when the script hasn't loaded yet:</p>
        <pre><code>${stub.html}
&lt;script&gt;${call(order).html}&lt;/script&gt;</code></pre>
      </section>
      <p><a href="/checkout?customer=${customerId}">Buy again</a></p>
    </main>
    ${stub}
    <script src="/receipt.js"></script>
    <script>${call(order)}.then(showReceipt)</script>`;
}

export function missingPage(what: string): Html {
  return html`${header}
    <main><h1>Not found</h1><p>${what}</p><p><a class="button" href="/">To the start page</a></p></main>`;
}
