import type { Level } from '../../../wire/fields.ts';
import type { CopyRecord } from '../../ledger/tracking.ts';
import { isForTests } from '../../ledger/verdict.ts';
import type { Standing } from '../../pages/blocks.ts';
import { type Html, html } from '../../pages/html.ts';
import { said } from '../../pages/said.ts';
import type { TrackingRow } from '../../store/trackings.ts';
import { capitalized, eventNames, fieldName, senderOf } from '../words.ts';
import { amountOf, saidBy } from './details.ts';
import type { Story } from './story.ts';

/** Something that happened, or was said to have. */
export interface Moment {
  /** Epoch milliseconds. */
  at: number;
  title: string;
  standing: Standing;
  /** Whose word it is; undefined of what the service saw itself. */
  trust?: Level | undefined;
  details?: Html | undefined;
  /** Of another row than the page's. */
  rowId?: string | undefined;
}

/** Everything that is known of the row, in the order in which it happened. */
export function tellStory(story: Story, isOwn: (partnerKey: string) => boolean): Moment[] {
  const { row, signups, renewals, refunds, ofOrder } = story;
  const moments = [
    ...clickMoment(story, isOwn),
    ...landing(story),
    ...signups.map((other) => eventMoment(other, 'Signed up', 'plain')),
    ...(row.event === 'visit' ? [] : [eventMoment(row, ownTitle(row), 'good', true)]),
    ...row.merged.copies.map((copy) => copyMoment(row, copy)),
    ...ofOrder.map((other) => eventMoment(other, rivalTitle(row, other), row.disputed ? 'bad' : 'plain')),
    ...renewals.map((other) => eventMoment(other, 'Renewed', 'good')),
    ...refunds.map((other) => eventMoment(other, 'Refunded, in total', 'wait')),
  ];
  return moments.sort((one, other) => one.at - other.at);
}

function clickMoment({ click, row }: Story, isOwn: (partnerKey: string) => boolean): Moment[] {
  if (!click) return [];
  const { clickedAt: at, listing, campaign, isBot, partnerKey } = click;
  const isForeign = partnerKey !== row.partnerKey;
  if (!isForeign && isForTests(click)) {
    const details = html`On the provider’s page. For an hour, what comes by it is a test.`;
    return [{ at, title: 'A test referral was made', standing: 'plain', details }];
  }
  const link = html`${said(listing)}${campaign !== undefined && html`, campaign ${said(campaign)}`}`;
  const details = isOwn(partnerKey)
    ? html`${link}${isForeign && html`, of ${said(partnerKey)}`}`
    : html`Which one, its own provider is told alone.`;
  const title = isForeign ? 'A click on another provider’s link' : 'A click on the marketplace’s link';
  return [
    { at, title: isBot ? `${title}, by a bot` : title, standing: isForeign ? 'wait' : 'good', details },
  ];
}

/** The landing, as the visit reports it, or else as the row itself says. */
function landing({ row, visit }: Story): Moment[] {
  if (visit) return visit.merged.copies.map((copy) => ({ ...copyMoment(visit, copy), rowId: visit.id }));
  const { landedAt, referralSource } = row.merged.details;
  if (landedAt === undefined || row.event === 'visit') return [];
  const details = html`No visit was reported of it. By the browser’s clock, as the page’s copy has it.`;
  const title =
    referralSource === 'referrer' ? 'Came from a page of the marketplace' : 'Landed with the referral';
  return [{ at: landedAt, title, standing: 'plain', details }];
}

function eventMoment(row: TrackingRow, title: string, standing: Standing, isOwnRow = false): Moment {
  const { details, trust } = row.merged;
  const { id, customerId, orderId, receivedAt } = row;
  const known = [
    amountOf(row),
    orderId !== undefined && html`order ${said(orderId)}`,
    customerId !== undefined && html`customer ${said(customerId)}`,
  ].filter((part) => part !== false && part !== undefined);
  return {
    at: details.purchasedAt ?? receivedAt,
    title,
    standing,
    trust,
    details: html`${known.map((part, index) => (index === 0 ? part : html`, ${part}`))}`,
    rowId: isOwnRow ? undefined : id,
  };
}

function ownTitle({ event }: TrackingRow): string {
  if (event === 'refund') return 'Refunded, in total';
  return { purchase: 'Purchased', signup: 'Signed up', renewal: 'Renewed', visit: 'Visited' }[event];
}

function rivalTitle(row: TrackingRow, other: TrackingRow): string {
  const name = eventNames[other.event].one;
  return row.event === 'refund' ? `The ${name} that it refunds` : `The same order, of another customer`;
}

function copyMoment(row: TrackingRow, copy: CopyRecord): Moment {
  const { trust, via, receivedAt: at, ignored, bot } = copy;
  const leftOut = Object.entries(ignored ?? {});
  return {
    at,
    title: `${capitalized(eventNames[row.event].one)} reported by ${senderOf(trust, via)}`,
    standing: leftOut.length > 0 ? 'wait' : 'plain',
    trust,
    details: html`${saidBy(row, copy)}${
      leftOut.length > 0 &&
      html`<span class="left-out">Left out: ${leftOut.map(
        ([name, value], index) => html`${index > 0 && '; '}${fieldName(name)} ${said(`“${value}”`)}`,
      )} could not be read.</span>`
    }${bot && html` A bot, by its own word.`}`,
  };
}
