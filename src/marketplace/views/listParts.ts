import { emptyState } from '../pages/blocks.ts';
import { type Html, html } from '../pages/html.ts';
import { linkFrom } from '../pages/link.ts';
import { addressOf, type Filters } from './place.ts';

export interface ListHead {
  url: string;
  /** Path of the list, `console/purchases`. */
  path: string;
  title: string;
  lead: Html;
  filters: Filters;
}

/** What the list is, and the same as files. */
export function listHead({ url, path, title, lead, filters }: ListHead): Html {
  const { cursor: _cursor, ...whole } = filters;
  return html`<div class="head">
<div><h1>${title}</h1><p class="muted">${lead}</p></div>
<p class="row"><a class="button plain" href="${linkFrom(url, addressOf(`${path}.csv`, whole))}" download>CSV</a>
<a class="button plain" href="${linkFrom(url, addressOf(`${path}.json`, filters))}">JSON</a></p>
</div>`;
}

/** The ways to the pages before and after this one. */
export function listFooter({
  url,
  path,
  filters,
  next,
}: Omit<ListHead, 'title' | 'lead'> & { next: string | null }): Html {
  const { cursor, ...first } = filters;
  if (cursor === undefined && next === null) return html``;
  return html`<nav class="pages" aria-label="Pages of the list">
${cursor !== undefined && html`<a class="button plain" href="${linkFrom(url, addressOf(path, first))}">Newest</a>`}
${next !== null && html`<a class="button plain" rel="next" href="${linkFrom(url, addressOf(path, { ...first, cursor: next }))}">Older</a>`}
</nav>`;
}

/** Where there is nothing: by the filters, or at all. */
export function emptyList(
  url: string,
  path: string,
  filters: Filters,
  { title, ofNone }: { title: string; ofNone: Html },
): Html {
  const { zone: _zone, event: _event, ...narrowing } = filters;
  return emptyState(
    title,
    Object.keys(narrowing).length === 0
      ? ofNone
      : html`<p>Nothing fits these filters. <a href="${linkFrom(url, path)}">Clear them</a>, or widen the dates.</p>`,
  );
}
