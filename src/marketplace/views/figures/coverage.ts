import type { Figure } from '../../figures/figure.ts';
import { type Html, html } from '../../pages/html.ts';
import { type Column, table } from '../../pages/table.ts';
import { formatNumber } from '../../pages/words.ts';
import { percentOf } from './tiles.ts';
import type { FiguresView } from './view.ts';

interface Copy {
  name: string;
  about: string;
  count: number;
}

/** By whom purchases are known, and what that means. */
export function copies({ copies: { both, server, browser } }: Pick<Figure, 'copies'>): Html {
  const whole = both + server + browser;
  if (whole === 0) return html`<p class="muted">There was no purchase in this time.</p>`;
  const rows: Copy[] = [
    { name: 'Page and server', about: 'both have reported it, and they match', count: both },
    {
      name: 'Server only',
      about: 'no page has: what blockers eat, and what was bought elsewhere',
      count: server,
    },
    {
      name: 'Page only',
      about: "the provider's server hasn't: nothing proves it",
      count: browser,
    },
  ];
  const columns: Column<Copy>[] = [
    {
      heading: 'Reported by',
      kind: 'name',
      cell: ({ name, about }) => html`${name} <span class="muted small">${about}</span>`,
    },
    { heading: 'Purchases', kind: 'number', cell: ({ count }) => formatNumber(count) },
    { heading: 'Share', kind: 'number', cell: ({ count }) => `${percentOf([count, whole])} %` },
  ];
  return table({ caption: 'Purchases by who has reported them', isCaptionUnseen: true, columns, rows });
}

const verdictWords: Readonly<Record<string, { name: string; about: string }>> = {
  listing: { name: 'By our link', about: 'for this provider' },
  host: { name: 'From our page', about: 'a marketplace host was the referrer' },
  server: { name: 'Server, without referral', about: 'no page told how the customer came' },
  none: { name: 'Without referral', about: 'the customer came by themselves, or consent was not given' },
  expired: { name: 'Landed too long ago', about: 'more than 30 days before' },
  foreign: { name: "By another provider's link", about: 'the referral was minted for another provider' },
  unknown: { name: 'Unknown referral', about: 'an id that we never minted' },
};
const verdictOrder = Object.keys(verdictWords);

/** What is known of how purchases came, each leading to these purchases. */
export function verdicts(view: FiguresView, figures: readonly Figure[], purchasesLink: string): Html {
  const rows = figures
    .filter(({ verdict, purchases }) => verdict != null && purchases > 0)
    .sort(
      (one, other) => verdictOrder.indexOf(one.verdict ?? '') - verdictOrder.indexOf(other.verdict ?? ''),
    );
  if (rows.length === 0) return html`<p class="muted">There was no purchase in this time.</p>`;
  const whole = rows.reduce((sum, { purchases }) => sum + purchases, 0);
  const columns: Column<Figure>[] = [
    {
      heading: 'Verdict',
      kind: 'name',
      cell: ({ verdict }) => {
        const words = verdictWords[verdict ?? ''];
        return html`<a href="${purchasesLink}?${purchasesQuery(view, verdict ?? '')}">${words?.name ?? verdict ?? ''}</a> <span
class="muted small">${words?.about}</span>`;
      },
    },
    { heading: 'Purchases', kind: 'number', cell: ({ purchases }) => formatNumber(purchases) },
    { heading: 'Share', kind: 'number', cell: ({ purchases }) => `${percentOf([purchases, whole])} %` },
  ];
  return table({ caption: 'Purchases by verdict', isCaptionUnseen: true, columns, rows });
}

/** Of the list of purchases, which has other names for some filters. */
export function purchasesQuery(view: FiguresView, verdict?: string): string {
  const { period, filters } = view;
  const { partnerKey, service, listing, campaign } = filters;
  const parameters = {
    event: 'purchase',
    from: new Date(period.from).toISOString(),
    to: new Date(period.to).toISOString(),
    partnerKey,
    serviceName: service,
    listing,
    campaign,
    verdict,
  };
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return String(new URLSearchParams(given));
}
