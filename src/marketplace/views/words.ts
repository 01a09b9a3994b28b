import { events, type Level, type TrackingEvent, type Verdict } from '../../wire/fields.ts';
import type { Via } from '../ledger/tracking.ts';
import type { Standing } from '../pages/blocks.ts';

/** What rows of each event are called. */
export const eventNames: Readonly<Record<TrackingEvent, { one: string; many: string }>> = {
  visit: { one: 'visit', many: 'visits' },
  signup: { one: 'signup', many: 'signups' },
  purchase: { one: 'purchase', many: 'purchases' },
  renewal: { one: 'renewal', many: 'renewals' },
  refund: { one: 'refund', many: 'refunds' },
};

/** What stands for all events in an address. */
export const allEvents = events.join(',');

/** Each verdict in a few words, and how it stands: whether the marketplace can call it its own. */
export const verdictNames: Readonly<Record<Verdict, { text: string; standing: Standing }>> = {
  listing: { text: 'Our link', standing: 'good' },
  host: { text: 'Marketplace page', standing: 'good' },
  foreign: { text: 'Another provider’s link', standing: 'wait' },
  unknown: { text: 'Unknown id', standing: 'wait' },
  expired: { text: 'Too long ago', standing: 'wait' },
  server: { text: 'Server only', standing: 'plain' },
  none: { text: 'No referral', standing: 'plain' },
};

/** How far something can be believed, in a word and in a sentence. */
export const levelNames: Readonly<Record<Level, { text: string; why: string }>> = {
  unsigned: { text: 'unsigned', why: 'Anybody could have sent it.' },
  origin: { text: 'origin', why: 'A browser sent it from a page of the provider’s own.' },
  signed: { text: 'signed', why: 'It has a signature made with the provider’s secret.' },
  server: { text: 'server', why: 'The provider’s server sent it with the secret.' },
};

/** Who sent a copy, as far as its level tells: a server and a browser can both post. */
export function senderOf(trust: Level, via: Via): string {
  if (trust === 'server') return 'the provider’s server';
  if (trust === 'signed') return 'a page, signed by the provider';
  const page = trust === 'origin' ? 'a page of the provider’s' : 'a page, or anybody';
  return via === 'gif' ? `${page}, by its picture` : page;
}

/** The fields of a message, as people call them. */
const fieldNames: Readonly<Record<string, string>> = {
  partnerKey: 'partner key',
  serviceName: 'service',
  customerId: 'customer',
  orderId: 'order',
  purchasedAt: 'time',
  referralSource: 'kind of referral',
  landedAt: 'time of landing',
  sig: 'signature',
};

export function fieldName(field: string): string {
  return fieldNames[field] ?? field;
}

export function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
