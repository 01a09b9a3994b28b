import { areSameAmounts } from '../../../wire/money.ts';
import type { CopyRecord, DetailName } from '../../ledger/tracking.ts';
import { type Html, html } from '../../pages/html.ts';
import { said } from '../../pages/said.ts';
import { formatDecimal } from '../../pages/words.ts';
import type { TrackingRow } from '../../store/trackings.ts';
import { fieldName } from '../words.ts';

/** Money with its currency: 1,234.50 EUR. */
export function money(amount: string, currency: string | undefined): Html {
  return html`<span class="money">${formatDecimal(amount)}${currency !== undefined && ` ${currency}`}</span>`;
}

export function amountOf({ merged }: TrackingRow): Html | undefined {
  const { amount, currency } = merged.details;
  return amount === undefined ? undefined : money(amount, currency);
}

/** What of the row stands by the copy's word. */
export function saidBy({ merged }: TrackingRow, copy: CopyRecord): Html {
  const values = copy.said.flatMap((name) => shownValue(merged.details[name], name) ?? []);
  if (values.length === 0) return html`It said nothing that was not known. `;
  return html`It said: ${values.map((value, index) => (index === 0 ? value : html`, ${value}`))}. `;
}

function shownValue(value: string | number | undefined, name: DetailName): Html | undefined {
  // Times have places of their own in a timeline.
  if (value === undefined || typeof value === 'number' || name === 'referralSource') return undefined;
  if (name === 'referral') return html`${fieldName(name)} <span class="id">${said(value)}</span>`;
  return html`${fieldName(name)} ${said(name === 'amount' ? formatDecimal(value) : value)}`;
}

/** Whether all that was paid was given back. */
export function isWhole(amount: string | undefined, refunded: string): boolean {
  return amount !== undefined && areSameAmounts(amount, refunded);
}
