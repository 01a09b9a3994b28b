import { visitKey } from '../../../wire/key.ts';
import { digest } from '../../ledger/hash.ts';
import { isPayment } from '../../ledger/tracking.ts';
import type { ListedClick } from '../../store/clicks.ts';
import type { Store } from '../../store/store.ts';
import type { TrackingRow } from '../../store/trackings.ts';

/** A row and what is known around it. */
export interface Story {
  row: TrackingRow;
  providerName: string;
  /** That minted the row's referral, for whichever provider. */
  click: ListedClick | undefined;
  /** Reported of the same landing. */
  visit: TrackingRow | undefined;
  /** Of the customer: signups, and what it paid for. */
  signups: readonly TrackingRow[];
  renewals: readonly TrackingRow[];
  /** Each word on the refunds of the order. */
  refunds: readonly TrackingRow[];
  /** Other payments of that order: of a refund what is refunded, of a disputed one the rivals. */
  ofOrder: readonly TrackingRow[];
}

/** More than this of a kind are not shown: a customer called "test" may have thousands. */
export const mostShown = 20;

type StoryStore = Pick<
  Store,
  'findTracking' | 'findProvider' | 'readReferral' | 'findClick' | 'findVisit' | 'listTrackings'
>;

/** The row's story; undefined where there is none of that id. Everything is found by indexes. */
export async function readStory(store: StoryStore, id: string): Promise<Story | undefined> {
  const row = await store.findTracking(id);
  const provider = row && (await store.findProvider(row.partnerKey));
  if (!row || !provider) return undefined;
  const { event, customerId, orderId, serviceName } = row;
  const { referral, landedAt } = row.merged.details;
  const own = { providerId: provider.id, limit: mostShown };
  const ofService = (rows: readonly TrackingRow[]) =>
    rows.filter((other) => other.id !== id && other.serviceName === serviceName);
  const [click, visit, ofCustomer, ofOrder] = await Promise.all([
    referral === undefined
      ? undefined
      : store.findClick(referral, store.readReferral(referral)?.providerId ?? provider.id),
    referral === undefined || landedAt === undefined || event === 'visit'
      ? undefined
      : store.findVisit(provider.id, digest(visitKey(provider.partnerKey, referral, landedAt))),
    customerId === undefined
      ? []
      : store.listTrackings({ ...own, customerId, events: ['signup', 'renewal'] }),
    orderId === undefined || event === 'signup'
      ? []
      : store.listTrackings({ ...own, orderId, events: ['purchase', 'renewal', 'refund'] }),
  ]);
  return {
    row,
    providerName: provider.name,
    click,
    visit,
    signups: ofService(ofCustomer.filter((other) => other.event === 'signup')),
    renewals: ofService(ofCustomer.filter((other) => other.event === 'renewal')),
    refunds: ofService(ofOrder.filter((other) => other.event === 'refund')),
    ofOrder: ofService(ofOrder.filter((other) => isPayment(other.event))),
  };
}
