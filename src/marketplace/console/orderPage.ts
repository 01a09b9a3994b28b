import { badge, notice } from '../pages/blocks.ts';
import { errorSummary, textField } from '../pages/fields.ts';
import { type Html, html } from '../pages/html.ts';
import { linkFrom } from '../pages/link.ts';
import { momentText } from '../pages/moment.ts';
import { said } from '../pages/said.ts';
import { type Column, table } from '../pages/table.ts';
import { retriable, settleable } from '../provisioning/resolve.ts';
import type { Attempt } from '../store/orderAttempts.ts';
import type { Order } from '../store/orders.ts';
import { buyerOf } from './ordersPage.ts';
import { adviseOnOrder, statusWords } from './orderWords.ts';

export interface OrderPageParts {
  url: string;
  order: Order;
  zone: string;
  /** Why it couldn't be done. */
  problem?: string | undefined;
  errors?: Readonly<Record<string, string>> | undefined;
}

/** `/console/orders/<id>`: all that is known of an order, and what a person can decide. */
export function orderPage({ url, order, zone, problem, errors = {} }: OrderPageParts): Html {
  const { id, status, providerName, partnerKey, createdAt, nextAt, coid, token, attempts, fields } = order;
  const { standing, text } = statusWords[status];
  const facts: [string, Html | string | undefined][] = [
    [
      'Provider',
      html`<a href="${linkFrom(url, `console/providers/${partnerKey}`)}">${said(providerName)}</a>`,
    ],
    ['Ordered', momentText(createdAt, zone)],
    ['Next attempt', nextAt === undefined ? undefined : momentText(nextAt, zone)],
    ['Customer', coid === undefined ? undefined : said(coid)],
    ['Order', html`<code class="id">${id}</code>`],
    ['Buyer’s page', html`<a href="${linkFrom(url, `orders/${token}`)}">as the buyer sees it</a>`],
  ];
  return html`<p class="small"><a href="${linkFrom(url, 'console/orders')}">All orders</a></p>
<h1>Order of ${buyerOf(fields)}</h1>
<p>${badge(standing, text)}</p>
${errorSummary(errors, problem)}
${advice(order)}
${decisions(order, url, errors)}
<div class="columns">
<section class="card"><h2>The order</h2><dl class="facts">${facts.map(([name, value]) => value !== undefined && html`<dt>${name}</dt><dd>${value}</dd>\n`).filter((each) => each !== false)}</dl></section>
<section class="card"><h2>What the buyer entered</h2>${entered(fields)}</section>
</div>
${attempts.length === 0 ? html`<p class="muted">The provider wasn’t called yet.</p>` : table({ caption: 'Calls to the provider', columns: attemptColumns(zone), rows: attempts })}`;
}

function advice(order: Order): Html | undefined {
  const known = adviseOnOrder(order);
  if (!known) return undefined;
  const { standing } = statusWords[order.status];
  return html`${notice(standing === 'bad' ? 'wait' : standing, html`<p><b>${said(known.problem)}</b></p>${known.steps.map((step) => html`<p>${step}</p>\n`)}`)}`;
}

/** What can be done about it; nothing where it has ended well or is under way. */
function decisions(
  { id, status, fields, isUnderAttempt }: Order,
  url: string,
  errors: Readonly<Record<string, string>>,
) {
  if (isUnderAttempt || !settleable.includes(status)) return undefined;
  const action = linkFrom(url, `console/orders/${id}`);
  return html`<section class="card"><h2>Decide</h2>
<div class="columns decisions">
${
  retriable.includes(status) &&
  fields &&
  html`<form method="post" action="${action}">
<h3>Send it once more</h3>
<p class="muted">${status === 'undecided' ? 'Only if you are sure that there is no account: else the buyer gets two.' : 'A running service sends it within a second.'}</p>
<button name="decision" value="retry">Send once more</button>
</form>`
}
<form method="post" action="${action}">
<h3>There is an account</h3>
${textField({ name: 'coid', label: 'Customer id at the provider', maxLength: 200, isCode: true, autocomplete: 'off', error: errors.coid })}
<button class="plain" name="decision" value="made">Settle as made</button>
</form>
${
  status !== 'failed' &&
  html`<form method="post" action="${action}">
<h3>There is none, and there shall be none</h3>
<p class="muted">The buyer reads that it came to nothing.</p>
<button class="danger" name="decision" value="failed">Settle as refused</button>
</form>`
}
</div></section>`;
}

/** But for the key by which the provider may know the marketplace. */
function entered(fields: Order['fields']): Html {
  if (!fields) return html`<p class="muted">It was deleted, as what buyers enter is after a while.</p>`;
  const { resellerkey: _key, ...shown } = fields;
  return html`<dl class="facts">${Object.entries(shown).map(([name, value]) => html`<dt>${name}</dt><dd>${said(value)}</dd>\n`)}</dl>`;
}

function attemptColumns(zone: string): Column<Attempt>[] {
  return [
    { heading: 'Attempt', kind: 'name', cell: ({ number }) => number },
    { heading: 'Started', cell: ({ startedAt }) => momentText(startedAt, zone) },
    { heading: 'Ended', cell: ({ endedAt }) => (endedAt === undefined ? '–' : momentText(endedAt, zone)) },
    { heading: 'Outcome', cell: ({ outcome }) => outcome ?? 'under way' },
    { heading: 'Status', kind: 'number', cell: ({ status }) => status ?? '–' },
    { heading: 'Reason', cell: ({ reason }) => (reason === undefined ? '–' : said(reason)) },
  ];
}
