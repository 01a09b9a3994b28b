import type { Figure } from '../../figures/figure.ts';
import { type Html, html } from '../../pages/html.ts';
import { said } from '../../pages/said.ts';
import { type Column, table } from '../../pages/table.ts';
import { formatAmount, formatNumber } from '../../pages/words.ts';
import { capitalized } from '../words.ts';
import { breakdownWords, type Choices } from './controls.ts';
import { percentOf } from './tiles.ts';
import { type Breakdown, type FiguresView, linkTo } from './view.ts';

/** A page of them; the CSV has all. */
const mostRows = 100;

const without: Readonly<Record<Breakdown, string>> = {
  partnerKey: 'No provider',
  service: 'No service named',
  listing: 'Not by a listing of ours',
  campaign: 'Without a campaign',
};

/** A group as people know it. */
export function nameGroup(
  by: Breakdown,
  value: string | null | undefined,
  { providers }: Choices,
): Html | string {
  if (value == null || value === '') return without[by];
  const provider = by === 'partnerKey' && providers.find(({ partnerKey }) => partnerKey === value);
  return said(provider ? provider.name : value);
}

/** The figures of each group, those that sell most first; each leads to its own view. */
export function breakdown(view: FiguresView, figures: readonly Figure[], choices: Choices): Html {
  const { by } = view;
  const word = breakdownWords[by];
  const sorted = [...figures].sort(
    (one, other) =>
      other.purchases - one.purchases ||
      other.signups - one.signups ||
      other.visits - one.visits ||
      other.clicks - one.clicks,
  );
  const columns: Column<Figure>[] = [
    { heading: capitalized(word), kind: 'name', cell: (figure) => linkToGroup(view, figure[by], choices) },
    ...(['clicks', 'visits', 'signups', 'purchases'] as const).map(
      (name): Column<Figure> => ({
        heading: capitalized(name),
        kind: 'number',
        cell: (figure) => formatNumber(figure[name]),
      }),
    ),
    {
      heading: 'Attributed',
      kind: 'number',
      cell: ({ attributed, purchases }) => share(attributed, purchases),
    },
    { heading: 'Believed', kind: 'number', cell: ({ believed, purchases }) => share(believed, purchases) },
    {
      heading: 'Net',
      kind: 'number',
      cell: ({ money }) => amounts(money.map(({ net, currency }) => [net, currency])),
    },
    {
      heading: 'Refunded',
      kind: 'number',
      cell: ({ money }) =>
        amounts(
          money
            .filter(({ refunded }) => Number(refunded) !== 0)
            .map((part) => [part.refunded, part.currency]),
        ),
    },
  ];
  const left = sorted.length - mostRows;
  return html`${table({ caption: `Figures by ${word}`, isCaptionUnseen: true, columns, rows: sorted.slice(0, mostRows) })}
${left > 0 && html`<p class="muted small">${formatNumber(left)} more with fewer purchases are in the CSV.</p>`}`;
}

function linkToGroup(view: FiguresView, value: string | null | undefined, choices: Choices): Html | string {
  const name = nameGroup(view.by, value, choices);
  if (value == null || value === '') return name;
  return html`<a href="${linkTo(view, { filters: { [view.by]: value } })}">${name}</a>`;
}

function share(part: number, whole: number): string {
  const percent = percentOf([part, whole]);
  return percent === undefined ? '–' : `${percent} %`;
}

/** A line each: they are never added up. */
function amounts(parts: readonly (readonly [amount: string, currency: string])[]): Html | string {
  if (parts.length === 0) return '–';
  return html`${parts.map(([amount, currency]) => html`<div>${formatAmount(amount, currency)} ${currency}</div>`)}`;
}
