import type { FastifyRequest } from 'fastify';
import { choiceField, errorSummary, type FieldErrors, textField } from '../../pages/fields.ts';
import { type Html, html } from '../../pages/html.ts';
import { linkFrom } from '../../pages/link.ts';
import { momentText } from '../../pages/moment.ts';
import { said } from '../../pages/said.ts';
import { type Column, table } from '../../pages/table.ts';
import { formatNumber } from '../../pages/words.ts';
import type { Provider } from '../../store/providers.ts';
import type { RefusedReason } from '../../store/rejections.ts';
import type { presentRejection } from '../../tracking/present.ts';
import { keptReasons } from '../../tracking/refusal.ts';
import { emptyList, listFooter, listHead } from '../listParts.ts';
import { addressOf, type Filters, type ListPage } from '../place.ts';
import { wordsFor } from './reasons.ts';

/** A row as the API answers it, with what was sent. */
export type RejectionItem = ReturnType<typeof presentRejection> & Readonly<Record<string, unknown>>;

export interface RejectionListParts {
  request: FastifyRequest;
  /** Path of the area's list, `console/rejections`. */
  path: string;
  zone: string;
  filters: Filters;
  /** Whose rejections an operator may choose from; undefined for a provider, which sees its own. */
  providers: readonly Provider[] | undefined;
  reasons: readonly RefusedReason[];
  page: ListPage<RejectionItem>;
  errors?: FieldErrors | undefined;
  canReplay: boolean;
}

/** What was refused: by reason with what to change, and one by one. */
export function rejectionListPage(parts: RejectionListParts): Html {
  const { request, path, filters, page, errors, reasons } = parts;
  const { url } = request;
  const lead = html`Messages that were refused in the last 30 days, and what to change. Once the cause is mended, they can be replayed.`;
  return html`${listHead({ url, path, title: 'Rejections', filters, lead })}
${errorSummary(errors ?? {})}${reasons.length > 0 && reasonsTable(parts)}
${(reasons.length > 0 || Object.keys(filters).length > 0) && filterForm(parts)}
${
  errors
    ? undefined
    : page.items.length === 0
      ? emptyList(url, path, filters, {
          title: 'Nothing was refused',
          ofNone: html`<p>Every message of the last 30 days was taken. What is missing all the same never arrived: open the page with
<code>?onramp_debug</code> to see what stops it.</p>`,
        })
      : html`${table({ caption: 'Rejections, newest first', isCaptionUnseen: true, columns: columnsOf(parts), rows: page.items })}
${listFooter({ url, path, filters, next: page.next })}`
}`;
}

function reasonsTable({ request, path, zone, reasons, filters, canReplay }: RejectionListParts): Html {
  const { partnerKey } = filters;
  const columns: Column<RefusedReason>[] = [
    {
      heading: 'Reason, and what to change',
      cell: ({ reason }) =>
        html`<a href="${linkFrom(request.url, addressOf(path, { reason, partnerKey }))}"><strong>${
          wordsFor(reason).title
        }</strong></a><br><span class="muted">${wordsFor(reason).whatToDo}</span>`,
    },
    { heading: 'Messages', kind: 'number', cell: ({ messages }) => formatNumber(messages) },
    { heading: 'Last seen', cell: ({ lastSeenAt }) => momentText(lastSeenAt, zone) },
  ];
  const replay: Column<RefusedReason> = {
    heading: 'Once it is mended',
    cell: ({ reason }) =>
      html`<a href="${linkFrom(request.url, addressOf(`${path}/replay`, { reason, partnerKey }))}">Replay…<span class="unseen">
${wordsFor(reason).title}</span></a>`,
  };
  const rows = { caption: 'By reason', columns: canReplay ? [...columns, replay] : columns, rows: reasons };
  return html`<div class="reasons">${table(rows)}</div>`;
}

function columnsOf({ request, path, zone, providers }: RejectionListParts): Column<RejectionItem>[] {
  const columns: (Column<RejectionItem> | false)[] = [
    {
      heading: 'Last seen',
      kind: 'name',
      cell: ({ id, lastSeenAt }) =>
        html`<a href="${linkFrom(request.url, `${path}/${id}`)}">${momentText(Date.parse(lastSeenAt), zone)}</a>`,
    },
    { heading: 'Times', kind: 'number', cell: ({ count }) => formatNumber(count) },
    {
      heading: 'Why',
      cell: ({ reason, detail }) =>
        html`${wordsFor(reason).title}. <span class="muted">${said(detail)}</span>`,
    },
    providers !== undefined && { heading: 'Partner key', cell: ({ partnerKey }) => shown(partnerKey) },
    { heading: 'Customer', cell: ({ customerId }) => shown(customerId) },
    { heading: 'Order', cell: ({ orderId }) => shown(orderId) },
    { heading: 'Level', cell: ({ trust }) => trust },
  ];
  return columns.filter((column) => column !== false);
}

/** What was sent may be of any kind. */
export function shown(value: unknown): Html | undefined {
  if (value === undefined || value === null) return undefined;
  return said(typeof value === 'string' ? value : JSON.stringify(value));
}

function filterForm({ request, path, filters, providers, errors = {} }: RejectionListParts): Html {
  const text = (name: string, label: string, type: 'text' | 'date' = 'text') =>
    textField({ name, label, type, value: filters[name], error: errors[name], autocomplete: 'off' });
  const choice = (name: string, label: string, choices: readonly { value: string; text: string }[]) =>
    choiceField({
      name,
      label,
      choices: [{ value: '', text: 'Any' }, ...choices],
      value: filters[name],
      error: errors[name],
    });
  return html`<form method="get" action="${linkFrom(request.url, path)}" class="filters" role="search">
${choice(
  'reason',
  'Reason',
  keptReasons.map((reason) => ({ value: reason, text: wordsFor(reason).title })),
)}${text('from', 'From', 'date')}${text('to', 'Before', 'date')}${text('orderId', 'Order, as sent')}${text('customerId', 'Customer, as sent')}${
  providers &&
  choice(
    'partnerKey',
    'Provider',
    providers.map(({ partnerKey, name }) => ({ value: partnerKey, text: name })),
  )
}<div class="row"><button>Show</button></div>
</form>`;
}
