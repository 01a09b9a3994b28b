import type { FastifyRequest } from 'fastify';
import { events, levels, verdicts } from '../../../wire/fields.ts';
import { badge } from '../../pages/blocks.ts';
import { choiceField, errorSummary, type FieldErrors, textField } from '../../pages/fields.ts';
import { type Html, html } from '../../pages/html.ts';
import { linkFrom } from '../../pages/link.ts';
import { momentText } from '../../pages/moment.ts';
import { said } from '../../pages/said.ts';
import { type Column, table } from '../../pages/table.ts';
import type { Provider } from '../../store/providers.ts';
import type { presentTracking } from '../../tracking/present.ts';
import { emptyList, listFooter, listHead } from '../listParts.ts';
import type { Filters, ListPage } from '../place.ts';
import { allEvents, capitalized, eventNames, levelNames, verdictNames } from '../words.ts';
import { money } from './details.ts';

/** A row as the API answers it. */
export type PurchaseItem = ReturnType<typeof presentTracking>;

export interface PurchaseListParts {
  request: FastifyRequest;
  /** Path of the area's list, `console/purchases`. */
  path: string;
  zone: string;
  filters: Filters;
  /** Whose rows an operator may choose from; undefined for a provider, which sees its own. */
  providers: readonly Provider[] | undefined;
  page: ListPage<PurchaseItem>;
  errors?: FieldErrors | undefined;
}

/** What is shown where nothing else is asked for. */
export const shownEvent = 'purchase';

/** Purchases, or what else has been reported, with the filters that find them. */
export function purchaseListPage(parts: PurchaseListParts): Html {
  const { request, path, filters, page, errors } = parts;
  const { event = shownEvent } = filters;
  const name = nameOf(event);
  return html`${listHead({
    url: request.url,
    path,
    title: capitalized(name),
    filters,
    lead: html`What pages and servers have reported, newest
first. Each says whether it came from the marketplace, and why. What was clicked is among the
<a href="${linkFrom(request.url, path.replace(/[^/]+$/, 'clicks'))}">clicks</a>.`,
  })}
${errorSummary(errors ?? {})}${filterForm(parts)}
${
  page.items.length === 0
    ? emptyList(request.url, path, filters, {
        title: `No ${name} here`,
        ofNone: html`<p>Nothing of the kind has been reported yet. Reports show up here within seconds of being sent; what is refused is
among the <a href="${linkFrom(request.url, path.replace(/[^/]+$/, 'rejections'))}">rejections</a>.</p>`,
      })
    : html`${table({ caption: capitalized(name), isCaptionUnseen: true, columns: columnsOf(parts, event), rows: page.items })}
${listFooter({ url: request.url, path, filters, next: page.next })}`
}`;
}

function nameOf(event: string): string {
  const one = events.find((known) => known === event);
  return one ? eventNames[one].many : 'everything reported';
}

function columnsOf(
  { request, path, zone, providers }: PurchaseListParts,
  event: string,
): Column<PurchaseItem>[] {
  const storyOf = ({ id }: PurchaseItem, text: Html) =>
    html`<a href="${linkFrom(request.url, `${path}/${id}`)}">${text}</a>`;
  // What is asked for most stands first: a phone shows no more without being moved.
  const columns: (Column<PurchaseItem> | false)[] = [
    {
      heading: 'When',
      kind: 'name',
      cell: (item) => storyOf(item, momentText(Date.parse(item.purchasedAt ?? item.receivedAt), zone)),
    },
    event.includes(',') && { heading: 'Event', cell: (item) => item.event },
    event !== 'visit' && {
      heading: 'Amount',
      kind: 'number',
      cell: ({ amount, currency, refunded, refundedCurrency }) =>
        amount === undefined
          ? undefined
          : html`${money(amount, currency)}${refunded !== undefined && html`<br><span class="muted small">−${money(refunded, refundedCurrency ?? currency)} refunded</span>`}`,
    },
    { heading: 'Came by', cell: cameBy },
    event !== 'visit' && {
      heading: 'Order',
      cell: (item) => item.orderId && storyOf(item, said(item.orderId)),
    },
    event !== 'visit' && { heading: 'Customer', cell: ({ customerId }) => shown(customerId) },
    { heading: 'Service', cell: ({ serviceName }) => shown(serviceName) },
    providers !== undefined && {
      heading: 'Provider',
      cell: ({ partnerKey }) => said(nameOfProvider(providers, partnerKey)),
    },
    { heading: 'Believed', cell: ({ trust }) => levelNames[trust].text },
  ];
  return columns.filter((column) => column !== false);
}

function nameOfProvider(providers: readonly Provider[], partnerKey: string): string {
  return providers.find((provider) => provider.partnerKey === partnerKey)?.name ?? partnerKey;
}

function shown(text: string | undefined): Html | undefined {
  return text === undefined ? undefined : said(text);
}

/** The verdict, and what a person should know before counting the row. */
function cameBy({ verdict, listing, campaign, disputed, bot, ...item }: PurchaseItem): Html {
  const name = verdict && verdictNames[verdict];
  const link = [listing, campaign].filter((part) => part !== undefined);
  return html`${name && badge(name.standing, name.text)}${link.length > 0 && html` ${said(link.join(', '))}`}${
    disputed && html` ${badge('bad', 'Disputed')}`
  }${bot && html` ${badge('plain', 'Bot')}`}${'test' in item && html` ${badge('plain', 'Test')}`}${
    'ignored' in item && html` ${badge('wait', 'Fields left out')}`
  }`;
}

/** The filters that many ask for, and the others below. */
function filterForm({ request, path, filters, providers, errors = {} }: PurchaseListParts): Html {
  const text = (name: string, label: string, type: 'text' | 'date' = 'text') =>
    textField({ name, label, type, value: filters[name], error: errors[name], autocomplete: 'off' });
  const choice = (name: string, label: string, choices: readonly { value: string; text: string }[]) =>
    choiceField({ name, label, choices, value: filters[name], error: errors[name] });
  const any = { value: '', text: 'Any' };
  const others = ['trust', 'serviceName', 'referral', 'listing', 'campaign', 'test'];
  const isOpen = others.some((name) => name in filters || name in errors);
  return html`<form method="get" action="${linkFrom(request.url, path)}" class="filters" role="search">
${choice('event', 'Event', [
  ...events.map((event) => ({ value: event, text: capitalized(eventNames[event].many) })).sort(shownFirst),
  { value: allEvents, text: 'All' },
])}${text('from', 'From', 'date')}${text('to', 'Before', 'date')}${choice('verdict', 'Came by', [
  any,
  ...verdicts.map((verdict) => ({ value: verdict, text: verdictNames[verdict].text })),
])}${text('orderId', 'Order')}${text('customerId', 'Customer')}${
  providers &&
  choice('partnerKey', 'Provider', [
    any,
    ...providers.map(({ partnerKey, name }) => ({ value: partnerKey, text: name })),
  ])
}<details class="more"${isOpen && html` open`}><summary>More filters</summary>
<div class="filters">
${choice('trust', 'Believed at least', [any, ...levels.map((level) => ({ value: level, text: levelNames[level].text }))])}${text('serviceName', 'Service')}${text('referral', 'Referral id')}${text('listing', 'Listing')}${text('campaign', 'Campaign')}${choice('test', 'Tests', [any, { value: 'false', text: 'Leave out' }, { value: 'true', text: 'Only tests' }])}</div></details>
<div class="row"><button>Show</button></div>
</form>`;
}

function shownFirst({ value }: { value: string }, other: { value: string }): number {
  return Number(other.value === shownEvent) - Number(value === shownEvent);
}
