import { badge, emptyState } from '../pages/blocks.ts';
import { type Html, html } from '../pages/html.ts';
import { linkFrom } from '../pages/link.ts';
import { momentText } from '../pages/moment.ts';
import { said } from '../pages/said.ts';
import { type Column, table } from '../pages/table.ts';
import { formatDecimal } from '../pages/words.ts';

/** As /api/subscriptions has them. */
export interface Subscription {
  partnerKey: string;
  coid: string;
  sku: string;
  status: 'active' | 'terminated';
  usage: { period: string; count?: string; reports: number; receivedAt: string }[];
}

export interface SubscriptionsPageParts {
  url: string;
  zone: string;
  /** The filters, as the query has them. */
  query: Readonly<Record<string, string>>;
  /** The month that a report is due for. */
  monthDue: string;
  subscriptions: readonly Subscription[];
  /** Cursor of the next page. */
  next: string | null;
  providers: readonly { partnerKey: string; name: string }[];
}

/** `/console/subscriptions`: what providers report to bill by, and what they haven't reported. */
export function subscriptionsPage(parts: SubscriptionsPageParts): Html {
  const { url, zone, query, monthDue, subscriptions, next, providers } = parts;
  const { cursor: _cursor, ...filters } = query;
  const link = (change: Readonly<Record<string, string>>) => `?${new URLSearchParams(change)}`;
  const { missing, ...others } = filters;
  const asked = new URLSearchParams(filters);
  const nameOf = (key: string) => providers.find(({ partnerKey }) => partnerKey === key)?.name ?? key;
  const columns: Column<Subscription>[] = [
    { heading: 'Customer', kind: 'name', cell: ({ coid }) => said(coid) },
    { heading: 'Product', cell: ({ sku }) => said(sku) },
    { heading: 'Provider', cell: ({ partnerKey }) => said(nameOf(partnerKey)) },
    {
      heading: 'State',
      cell: ({ status }) => (status === 'active' ? badge('good', 'Active') : badge('plain', 'Ended')),
    },
    { heading: 'Last month reported', cell: ({ usage: [last] }) => last?.period ?? '–' },
    {
      heading: 'Count',
      kind: 'number',
      cell: ({ usage: [last] }) => (last?.count === undefined ? '–' : formatDecimal(last.count)),
    },
    {
      heading: 'Reported',
      cell: ({ usage: [last] }) => (last ? momentText(Date.parse(last.receivedAt), zone) : '–'),
    },
  ];
  const files = linkFrom(url, 'console/subscriptions');
  return html`<div class="head"><div><h1>Subscriptions</h1>
<p class="muted">${missing === undefined ? 'What providers report of each customer’s use, to bill by.' : `Customers who haven’t left, of whom nothing was reported for ${missing}.`}</p></div>
<p class="row small"><a href="${files}.csv?${String(asked)}" download>CSV</a> <a href="${files}.json?${String(asked)}">JSON</a></p></div>
<nav aria-label="Subscriptions"><ul class="tabs">
<li><a href="${link(others)}"${missing === undefined && html` aria-current="true"`}>All</a></li>
<li><a href="${link({ ...others, missing: monthDue })}"${missing === monthDue && html` aria-current="true"`}>Without a report for ${monthDue}</a></li>
</ul></nav>
${
  subscriptions.length === 0
    ? nothing(missing)
    : table({ caption: 'Subscriptions', isCaptionUnseen: true, columns, rows: subscriptions })
}
${next !== null && html`<p class="pages"><a class="button plain" href="${link({ ...filters, cursor: next })}">Older ones</a></p>`}`;
}

function nothing(missing: string | undefined): Html {
  return missing === undefined
    ? emptyState(
        'Nothing was reported yet',
        html`<p>Providers report by POST /update-subscription/; docs/api.md says how, and their page has it ready to copy.</p>`,
      )
    : emptyState(
        'Every report is there',
        html`<p>All customers who haven’t left have one for ${missing}.</p>`,
      );
}
