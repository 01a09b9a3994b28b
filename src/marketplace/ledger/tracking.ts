import { type Level, levels, type ReferralSource } from '../../wire/fields.ts';

/** How a copy came: in the body of a POST, or in the query of the picture. */
export type Via = 'post' | 'gif';

/** What a copy may say beyond who bought what. Named as on the wire; times in epoch milliseconds. */
export interface Details {
  purchasedAt?: number;
  amount?: string;
  currency?: string;
  referral?: string;
  referralSource?: ReferralSource;
  landedAt?: number;
  page?: string;
}
export type DetailName = keyof Details;

export const detailNames = [
  'purchasedAt',
  'amount',
  'currency',
  'referral',
  'referralSource',
  'landedAt',
  'page',
] as const satisfies readonly DetailName[];

/** One message about a purchase or visit, ready to be merged into its row. */
export interface Copy {
  via: Via;
  /** Epoch milliseconds. */
  receivedAt: number;
  /** Whether a bot sent it, as far as it says so. A label, not a level: it changes nothing else. */
  isBot: boolean;
  /**
   * What it says, by how far each part can be believed. A signed message has two parts: a signature doesn't
   * cover the referral and the page, so these are worth no more than the browser that carried them.
   */
  parts: readonly Part[];
}

export interface Part {
  trust: Level;
  details: Details;
}

/** What the row remembers of its copies: the first of each level and way, and what stands by its word. */
export interface CopyRecord {
  trust: Level;
  via: Via;
  /** Epoch milliseconds. */
  receivedAt: number;
  said: DetailName[];
  /** There where all such copies came from bots. */
  bot?: true;
}

/** The part of a row that its copies make together. */
export interface MergedCopies {
  details: Details;
  /** The highest level of its copies. */
  trust: Level;
  copies: CopyRecord[];
}

/** True when the first level is strictly stronger than the second. */
export function isStronger(level: Level, than: Level): boolean {
  return levels.indexOf(level) > levels.indexOf(than);
}
