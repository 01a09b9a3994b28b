import type { Bought, PageSpec } from './actions.ts';

/**
 * What is known of a message. Some possible ones arrive and some don't: a beacon that was dropped from a page
 * without storage, say. `due`: the browser keeps it, so it arrives once a page with the tag finds the network in
 * order. `asked`: an image that the service will see is under way, unless its page is left. `arrived`: a beacon
 * that the service will see was handed over, which no leaving takes back.
 */
export type Certainty = 'possible' | 'due' | 'asked' | 'arrived';

/** A message about a purchase, with the referral that counted when it was written; and what came of it. */
export interface Copy {
  bought: Bought;
  referral: string | undefined;
  certainty: Certainty;
}

export interface Visit {
  referral: string;
  certainty: Certainty;
}

/** What keeps purchases: the browser's localStorage, or the memory of one page. */
export type Outbox = Copy[];
/** What keeps the referral: the browser's cookie or localStorage, or the memory of one page. */
export interface Jar {
  referral?: string | undefined;
}

/** A page that has the tag, from its load until it is gone. */
export interface ModelPage extends PageSpec {
  outbox: Outbox;
  jar: Jar;
  visit?: Visit;
  allowed: 'nothing' | 'purchases' | 'everything';
  /** Wait for consent. */
  held: Bought[];
  landing?: PageSpec['referral'];
}

/** The ledger's part of the model: what the test reads when it compares. */
export interface Expected {
  copies: readonly Copy[];
  visits: readonly Visit[];
  /** What the provider's server has reported. */
  byServer: readonly Bought[];
}
