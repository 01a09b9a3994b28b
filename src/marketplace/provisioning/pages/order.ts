import { type Html, html } from '../../pages/html.ts';
import { type Brand, page, pagePolicy } from '../../pages/page.ts';
import type { OrderForm } from '../../store/orderForms.ts';
import type { Order, OrderStatus } from '../../store/orders.ts';
import type { Values } from '../entries.ts';
import { errorSummary, fieldMarkup, formMarkup } from './form.ts';
import { watchedNote, watchedOrder, watchScript } from './watch.ts';

/** How often a page of an order that goes on looks anew. */
const soonSeconds = 2;
const laterSeconds = 30;

export interface OrderPageParts {
  order: Order;
  /** As the buyer should see it: needs_password also while another process may have it. */
  status: OrderStatus;
  brand: Brand;
  /** The page's own address, for its links and forms. */
  ownAddress: string;
  /** What is wrong with the password that was sent. */
  passwordError?: string | undefined;
  /** To correct a refused order: the form, where it is sent, and a token for the new order. */
  again?: { form: OrderForm; action: string; token: string } | undefined;
}

/** What an order has come to, and what the buyer can do; with the policy of the page. */
export function orderPage(parts: OrderPageParts): { markup: string; policy: string } {
  const { brand, status } = parts;
  const { title, content, lookAgainSeconds } = views[status](parts);
  return {
    markup: page({ title, provider: brand, content: watchedOrder(content, lookAgainSeconds) }),
    policy: lookAgainSeconds === undefined ? pagePolicy : watchScript.policy,
  };
}

interface View {
  title: string;
  content: Html;
  /** Of an order that goes on by itself. */
  lookAgainSeconds?: number;
}

const views: Readonly<Record<OrderStatus, (parts: OrderPageParts) => View>> = {
  under_way: ({ brand, ownAddress }) => ({
    title: 'Your account is being created',
    lookAgainSeconds: soonSeconds,
    content: html`<p class="state">Under way</p>
<h1 tabindex="-1">Your account is being created</h1>
<p>We have your order and are asking ${brand.name} for the account. ${watchedNote}</p>
<p><a href="${ownAddress}">Look again now</a></p>
<p class="muted">You need not order again.</p>`,
  }),

  waiting: ({ brand, ownAddress }) => ({
    title: 'Your order is waiting',
    lookAgainSeconds: laterSeconds,
    content: html`<p class="state">Waiting</p>
<h1 tabindex="-1">${brand.name} can’t be reached at the moment</h1>
<p>We have your order and keep trying by ourselves. You can close this page and come back to its address later.
${watchedNote}</p>
<p><a href="${ownAddress}">Look again now</a></p>
<p class="muted">You need not order again.</p>`,
  }),

  needs_password: ({ brand, ownAddress, passwordError }) => {
    const field = { name: 'password', required: true } as const;
    const errors: Values = passwordError === undefined ? {} : { password: passwordError };
    const title = 'Please enter the password again';
    return {
      title: passwordError === undefined ? title : `Error: ${title}`,
      content: html`<p class="state">Waiting for you</p>
<h1 tabindex="-1">${title}</h1>
<p>${brand.name} could not be reached until now. We never store passwords, so we need yours once more to create your
account.</p>
${errorSummary({ errors }, [field])}
<form method="post" action="${ownAddress}">
${fieldMarkup(field, {}, errors)}
<button>Create my account</button>
</form>`,
    };
  },

  needs_attention: ({ brand }) => ({
    title: 'We are taking care of your order',
    content: html`<p class="state">Being taken care of</p>
<h1 tabindex="-1">We are taking care of your order</h1>
<p>We have your order, but it has not come through to ${brand.name} yet. That is for us to put right, and nothing that
you entered is wrong. The result will stand on this page: please keep its address.</p>
<p class="muted">You need not order again.</p>`,
  }),

  undecided: ({ brand }) => ({
    title: 'We are looking into your order',
    content: html`<p class="state">Being checked</p>
<h1 tabindex="-1">We are looking into your order</h1>
<p>${brand.name} gave no clear answer, so we can’t tell yet whether your account was created. One of us is going to
find out. The result will stand on this page: please keep its address.</p>
<p class="muted">Please don’t order again: you might get two accounts.</p>`,
  }),

  succeeded: ({ brand, order }) => ({
    title: 'Your account is ready',
    content: html`<p class="state good">Done</p>
<h1 tabindex="-1">Your account is ready</h1>
<p>${brand.name} has created your account. Keep this ID: it names you there.</p>
<dl><dt>Your customer ID at ${brand.name}</dt><dd>${order.coid}</dd></dl>`,
  }),

  failed: ({ brand, order, again }) => {
    const { detail, errors = {} } = order.failure ?? {};
    const title = 'Your account was not created';
    return {
      title,
      content: html`<p class="state bad">Not done</p>
<h1 tabindex="-1">${title}</h1>
<p>${order.failure ? reasonOf(brand) : html`${brand.name} did not create it. Nothing was ordered.`}</p>
${again ? correction(again, order, { text: detail, errors }) : detail !== undefined && html`<p>${detail}</p>`}`,
    };
  },
};

function reasonOf({ name }: Brand): Html {
  return html`${name} has refused the order, and nothing was ordered. You can correct it and send it again.`;
}

function correction(
  { form, action, token }: NonNullable<OrderPageParts['again']>,
  order: Order,
  { text, errors }: { text: string | undefined; errors: Values },
): Html {
  const asked = new Set<string>(form.fields.map(({ name }) => name));
  const shown = Object.entries(errors).filter(([name]) => asked.has(name));
  // An error of a field that the form doesn't ask has no field to be shown at.
  const others = Object.entries(errors).flatMap(([name, error]) => (asked.has(name) ? [] : [error]));
  return formMarkup({
    form,
    action,
    token,
    values: order.fields ?? {},
    problem: {
      text: [text, ...others].filter(Boolean).join(' ') || undefined,
      errors: Object.fromEntries(shown),
    },
  });
}
