import { badge, emptyState } from '../pages/blocks.ts';
import { type Html, html } from '../pages/html.ts';
import { linkFrom } from '../pages/link.ts';
import { momentText } from '../pages/moment.ts';
import { said } from '../pages/said.ts';
import { type Column, table } from '../pages/table.ts';
import { sayCount, sayDuration } from '../pages/words.ts';
import type { Order, OrderStatus } from '../store/orders.ts';
import { adviseOnOrder, statusWords } from './orderWords.ts';

/** What the page lists: those that wait, those that were refused of late. */
export const orderQueues = {
  open: {
    text: 'Waiting',
    statuses: ['needs_attention', 'undecided', 'waiting', 'needs_password', 'under_way'],
  },
  failed: { text: 'Refused in the last 30 days', statuses: ['failed'] },
  made: { text: 'Made in the last 30 days', statuses: ['succeeded'] },
} as const satisfies Record<string, { text: string; statuses: readonly OrderStatus[] }>;
export type OrderQueue = keyof typeof orderQueues;

/** A page of them; more than that at once has one cause, which is seen in the first. */
export const mostOrders = 200;

export interface OrdersPageParts {
  url: string;
  queue: OrderQueue;
  /** Oldest first. */
  orders: readonly Order[];
  now: number;
  zone: string;
}

/** `/console/orders`: who waits for an account, the longest first, and what to do about it. */
export function ordersPage({ url, queue, orders, now, zone }: OrdersPageParts): Html {
  const shown = orders.slice(0, mostOrders);
  const columns: Column<Order>[] = [
    {
      heading: 'Order',
      kind: 'name',
      cell: ({
        id,
        createdAt,
        fields,
      }) => html`<a href="${linkFrom(url, `console/orders/${id}`)}">${buyerOf(fields)}</a>
<div class="muted small">${momentText(createdAt, zone)}</div>`,
    },
    { heading: 'Provider', cell: ({ providerName }) => said(providerName) },
    {
      heading: 'State',
      cell: ({ status }) => badge(statusWords[status].standing, statusWords[status].text),
    },
    {
      heading: 'Since',
      cell: ({ createdAt }) =>
        html`<span class="nowrap">${sayDuration(Math.max(1_000, now - createdAt))}</span>`,
    },
    { heading: 'Attempts', kind: 'number', cell: ({ attempts }) => attempts.length },
    { heading: 'What to do', cell: (order) => whatToDo(order) },
  ];
  return html`<div class="head"><div><h1>Orders</h1>
<p class="muted">Accounts that buyers have ordered at a provider, the oldest first.</p></div>
<div class="live small muted" data-live-state="${linkFrom(url, 'console/live')}"></div></div>
<nav aria-label="Orders"><ul class="tabs">
${Object.entries(orderQueues).map(
  ([name, { text }]) =>
    html`<li><a href="?queue=${name}"${name === queue && html` aria-current="true"`}>${text}</a></li>\n`,
)}</ul></nav>
<section id="live-orders" data-live aria-label="${orderQueues[queue].text}">
${
  shown.length === 0
    ? nothing(queue, url)
    : table({ caption: `Orders: ${orderQueues[queue].text}`, isCaptionUnseen: true, columns, rows: shown })
}
${orders.length > shown.length && html`<p class="muted">The oldest ${sayCount(shown.length, 'order')} are shown; there are more.</p>`}
</section>`;
}

function nothing(queue: OrderQueue, url: string): Html {
  if (queue !== 'open') return emptyState('There is none', html`<p>None of the last 30 days.</p>`);
  return emptyState(
    'No order waits',
    html`<p>Buyers order accounts by the form of a provider. <a href="${linkFrom(url, 'console/providers')}">Open a provider</a> to set its
provision URL and its form.</p>`,
  );
}

/** As the buyer named themselves, if that is still kept. */
export function buyerOf(fields: Order['fields']): Html | string {
  const name = fields?.name ?? fields?.email ?? fields?.username ?? fields?.company;
  return name === undefined ? 'Nameless order' : said(name);
}

function whatToDo(order: Order): Html | string {
  const advice = adviseOnOrder(order);
  if (!advice) return order.coid === undefined ? '–' : html`Customer ${said(order.coid)}`;
  return html`<div>${said(advice.problem)}</div>
<div class="muted small">${advice.steps[0] ?? ''}</div>`;
}
