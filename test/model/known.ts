import type { Bought, PageSpec } from './actions.ts';

/**
 * What is known of a message. Some possible ones arrive and some don't: a beacon that was dropped from a page
 * without storage, say. `due`: the browser keeps it, so it arrives once a page with the tag finds the network in
 * order. `asked`: an image that the service will see is under way, unless its page is left. `arrived`: a beacon
 * that the service will see was handed over, which no leaving takes back.
 */
export type Certainty = 'possible' | 'due' | 'asked' | 'arrived';

/** A message about a purchase or a signup; and what came of it. */
export interface Copy {
  bought: Bought;
  /** The referral that counted when it was written; several where that is a matter of milliseconds. */
  referrals: (string | undefined)[];
  certainty: Certainty;
}

export interface Visit {
  referral: string;
  certainty: Certainty;
}

/** A page that has the tag, from its load until it is gone. */
export interface ModelPage extends PageSpec {
  /** What it has sent itself, which it remembers whatever becomes of the storage. */
  own: Copy[];
  /** The referral that it remembers beside the cookie: its own, or the one that it has found in localStorage. */
  remembers?: string | undefined;
  /** A referral that it may have found there before another page withdrew consent. */
  mayRemember?: string | undefined;
  visit?: Visit;
  allowed: 'nothing' | 'purchases' | 'everything';
  /** Wait for consent. */
  held: Bought[];
  /** Not captured yet. */
  landing?: PageSpec['referral'];
}

/** What the browser keeps for all pages that reach it. */
export interface Browser {
  /** localStorage. */
  outbox: Copy[];
  /** The cookie's referral, where cookies work; else the one in localStorage. */
  referral?: string | undefined;
}

/** The ledger's part of the model: what the test reads when it compares. */
export interface Expected {
  copies: readonly Copy[];
  visits: readonly Visit[];
  /** What the provider's server has reported. */
  byServer: readonly Bought[];
}
