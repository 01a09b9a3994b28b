import { type Verdict, verdicts } from '../../../wire/fields.ts';
import { addDays } from '../../figures/calendar.ts';
import type { Figure } from '../../figures/figure.ts';
import { type Html, html } from '../../pages/html.ts';
import { type Column, table } from '../../pages/table.ts';
import { formatNumber } from '../../pages/words.ts';
import { verdictNames } from '../words.ts';
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

const verdictReasons: Readonly<Record<Verdict, string>> = {
  listing: 'for this provider',
  host: 'a host of ours was the referrer',
  server: 'no page told how the customer came',
  none: 'by themselves, or without consent',
  expired: 'landed more than 30 days before, or with a test referral that had ended',
  foreign: 'the id was minted for another',
  unknown: 'an id that we never minted',
};
const verdictOrder = Object.keys(verdictReasons);

/** What is known of how purchases came, each leading to these purchases. */
export function attribution(view: FiguresView, figures: readonly Figure[], purchasesLink: string): Html {
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
        const known = verdicts.find((name) => name === verdict);
        if (!known) return undefined;
        return html`<a href="${purchasesLink}?${purchasesQuery(view, known)}">${verdictNames[known].text}</a> <span
class="muted small">${verdictReasons[known]}</span>`;
      },
    },
    { heading: 'Purchases', kind: 'number', cell: ({ purchases }) => formatNumber(purchases) },
    { heading: 'Share', kind: 'number', cell: ({ purchases }) => `${percentOf([purchases, whole])} %` },
  ];
  return table({ caption: 'Purchases by verdict', isCaptionUnseen: true, columns, rows });
}

/** Of the list of purchases, which has other names for some filters. */
export function purchasesQuery(view: FiguresView, verdict?: string): string {
  const { period, filters, zone, zoneIsChosen } = view;
  const { partnerKey, service, listing, campaign } = filters;
  const parameters = {
    event: 'purchase',
    from: period.first,
    to: addDays(period.last, 1),
    zone: zoneIsChosen ? zone : undefined,
    partnerKey,
    serviceName: service,
    listing,
    campaign,
    verdict,
    test: 'false',
  };
  const given = Object.entries(parameters).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return String(new URLSearchParams(given));
}
