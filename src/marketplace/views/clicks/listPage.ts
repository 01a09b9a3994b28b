import type { FastifyRequest } from 'fastify';
import { badge } from '../../pages/blocks.ts';
import { choiceField } from '../../pages/fields.ts';
import { type Html, html } from '../../pages/html.ts';
import { linkFrom } from '../../pages/link.ts';
import { secondText } from '../../pages/moment.ts';
import { said } from '../../pages/said.ts';
import { type Column, table } from '../../pages/table.ts';
import type { Provider } from '../../store/providers.ts';
import type { presentClick } from '../../tracking/present.ts';
import { emptyList, listFooter, listHead } from '../listParts.ts';
import { addressOf, type Filters, type ListPage } from '../place.ts';
import { allEvents } from '../words.ts';

/** A row as the API answers it. */
export type ClickItem = ReturnType<typeof presentClick>;

export interface ClickListParts {
  request: FastifyRequest;
  /** Paths of the area's lists. */
  path: string;
  purchases: string;
  zone: string;
  filters: Filters;
  /** Whose clicks an operator may choose from; undefined for a provider, which sees its own. */
  providers: readonly Provider[] | undefined;
  page: ListPage<ClickItem>;
}

/** Each use of a link of the marketplace, and the way to what came of it. */
export function clickListPage(parts: ClickListParts): Html {
  const { request, path, filters, page, providers } = parts;
  const { url } = request;
  const lead = html`Each use of the marketplace’s links, newest first. Its referral id leads to what came of it.`;
  return html`${listHead({ url, path, title: 'Clicks', filters, lead })}
${providers && providerForm(parts, providers)}
${
  page.items.length === 0
    ? emptyList(url, path, filters, {
        title: 'No clicks here',
        ofNone: html`<p>No link of the marketplace has been used yet. Links lead through <code>/go/</code> and the listing’s name.</p>`,
      })
    : html`${table({ caption: 'Clicks', isCaptionUnseen: true, columns: columnsOf(parts), rows: page.items })}
${listFooter({ url, path, filters, next: page.next })}`
}`;
}

function providerForm({ request, path, filters }: ClickListParts, providers: readonly Provider[]): Html {
  const choices = providers.map(({ partnerKey, name }) => ({ value: partnerKey, text: name }));
  return html`<form method="get" action="${linkFrom(request.url, path)}" class="filters" role="search">
${choiceField({
  name: 'partnerKey',
  label: 'Provider',
  choices: [{ value: '', text: 'Any' }, ...choices],
  value: filters.partnerKey,
})}<div class="row"><button>Show</button></div>
</form>`;
}

function columnsOf({ request, purchases, zone, providers }: ClickListParts): Column<ClickItem>[] {
  const columns: (Column<ClickItem> | false)[] = [
    { heading: 'When', kind: 'name', cell: ({ clickedAt }) => secondText(Date.parse(clickedAt), zone) },
    providers !== undefined && { heading: 'Provider', cell: ({ partnerKey }) => said(partnerKey) },
    { heading: 'Listing', cell: (item) => ('listing' in item ? said(item.listing) : badge('plain', 'Test')) },
    { heading: 'Campaign', cell: ({ campaign }) => (campaign === undefined ? undefined : said(campaign)) },
    {
      heading: 'Referral',
      cell: ({ referral, partnerKey }) =>
        html`<a href="${linkFrom(request.url, addressOf(purchases, { referral, partnerKey: providers && partnerKey, event: allEvents }))}"><code class="id">${said(referral)}</code></a>`,
    },
    { heading: 'By', cell: (item) => ('bot' in item ? badge('plain', 'Bot') : 'A person') },
  ];
  return columns.filter((column) => column !== false);
}
