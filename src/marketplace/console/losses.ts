import { rejectionsPath } from '../../wire/paths.ts';
import { addDays } from '../figures/calendar.ts';
import { type Html, html } from '../pages/html.ts';
import { linkFrom } from '../pages/link.ts';
import { type Column, table } from '../pages/table.ts';
import { formatNumber, sayCount } from '../pages/words.ts';
import type { Lister } from '../reading/lister.ts';
import type { Order, OrderStatus } from '../store/orders.ts';
import type { Store } from '../store/store.ts';
import type { FiguresView } from '../views/figures/view.ts';
import { addressOf, readPage } from '../views/place.ts';
import { wordsFor } from '../views/rejections/reasons.ts';
import { orderQueues } from './ordersPage.ts';
import { statusWords } from './orderWords.ts';

const mostRead = 1_000;
const statuses: readonly OrderStatus[] = [...orderQueues.open.statuses, ...orderQueues.failed.statuses];

/** What of the period may be missing in its figures. */
export interface Losses {
  refused: readonly { reason: string; count: number }[];
  orders: readonly Pick<Order, 'status'>[];
  /** Whether there is more than was read. */
  more: boolean;
}

export interface LossesParts {
  store: Pick<Store, 'listOrderQueue'>;
  lister: Lister;
  view: FiguresView;
  /** Of the provider that the view is about, if it is about one. */
  providerId: number | undefined;
}

/** What was refused within the period, and which of the orders that came within it have no account. */
export async function readLosses({ store, lister, view, providerId }: LossesParts): Promise<Losses> {
  const { from, to } = view.period;
  const { partnerKey } = view.filters;
  const [rejections, orders] = await Promise.all([
    readPage<{ reason: string; count: number }>(
      lister,
      rejectionsPath,
      { provider: undefined },
      {
        from: new Date(from).toISOString(),
        to: new Date(to).toISOString(),
        limit: String(mostRead),
        ...(partnerKey !== undefined && { partnerKey }),
      },
    ),
    store.listOrderQueue({ statuses, providerId, since: from, limit: mostRead }),
  ]);
  return {
    refused: rejections.items,
    orders: orders.filter(({ createdAt }) => createdAt < to),
    more: rejections.next !== null || orders.length === mostRead,
  };
}

interface Loss {
  name: string;
  path: string;
  about: string;
  count: number;
}

/** Whether anything got lost: what was refused, by reason, and what became of orders without an account. */
export function lossesSection({ refused, orders, more }: Losses, view: FiguresView, url: string): Html {
  const losses = [...listRefused(refused, view), ...listOrders(orders)];
  const columns: Column<Loss>[] = [
    {
      heading: 'What',
      kind: 'name',
      cell: ({ name, path, about }) =>
        html`<a href="${linkFrom(url, path)}">${name}</a> <span class="muted small">${about}</span>`,
    },
    { heading: 'Count', kind: 'number', cell: ({ count }) => formatNumber(count) },
  ];
  const filters = Object.keys(view.filters).filter((name) => name !== 'partnerKey');
  return html`<section class="card" id="live-losses" data-live aria-labelledby="losses-title">
<h2 id="losses-title">What got lost</h2>
${
  losses.length === 0
    ? html`<p>Nothing: no message of this time was refused, and no order is without its account.</p>`
    : table({
        caption: 'Refused messages, and orders without an account',
        isCaptionUnseen: true,
        columns,
        rows: losses,
      })
}
${filters.length > 0 && losses.length > 0 && html`<p class="muted small">Of all of them: what was refused has no ${filters.join(' or ')} yet.</p>`}
${more && html`<p class="muted small">There is more than the ${sayCount(mostRead, 'newest one')} that were counted.</p>`}
</section>`;
}

function listRefused(refused: Losses['refused'], { period, filters }: FiguresView): Loss[] {
  const { partnerKey } = filters;
  const days = { from: period.first, to: addDays(period.last, 1), partnerKey };
  return [...Map.groupBy(refused, ({ reason }) => reason)]
    .map(([reason, alike]) => ({
      name: wordsFor(reason).title,
      path: addressOf('console/rejections', { reason, ...days }),
      about: 'refused: it can be replayed once that is mended',
      count: alike.reduce((sum, { count }) => sum + count, 0),
    }))
    .sort((one, other) => other.count - one.count);
}

function listOrders(orders: Losses['orders']): Loss[] {
  return [...Map.groupBy(orders, ({ status }) => status)].map(([status, alike]) => ({
    name: statusWords[status].text,
    path: addressOf('console/orders', { queue: status === 'failed' ? 'failed' : undefined }),
    about: 'orders of accounts',
    count: alike.length,
  }));
}
