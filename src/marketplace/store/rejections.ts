import type { Level } from '../../wire/fields.ts';
import type { FieldError } from '../../wire/problem.ts';
import type { Via } from '../ledger/tracking.ts';
import type { Outcome, TrackingEntry } from './ledger.ts';
import type { PageQuery } from './store.ts';

export interface RejectionEntry {
  kind: 'rejection';
  id: string;
  /** Which share of the bounded space it lives in, and so who may see it. */
  pool: string;
  /** Hash of what makes rejections alike: they share a row with a count. */
  fingerprint: Uint8Array;
  receivedAt: number;
  rejection: Rejection;
}

/** What was refused and why; nothing in it is secret. */
export interface Rejection {
  status: number;
  reason: string;
  detail: string;
  errors: readonly FieldError[];
  /** The level it arrived with. */
  trust: Level;
  via: Via;
  payload: Readonly<Record<string, unknown>>;
}

/** Where refused messages wait for somebody to look at them, and to replay them once their cause is mended. */
export interface RejectionStore {
  /** Ordered by when each was last seen, newest first. */
  listRejections(query: RejectionQuery): Promise<RejectionRow[]>;
  findRejection(id: string): Promise<RejectionRow | undefined>;
  /**
   * In one transaction: a tracking is written, and its rejection deleted unless it conflicts; a rejection takes the
   * place of the old one, with what is newer about it, at the level and with the fields and times that it had.
   *
   * @returns undefined, with nothing written, where the rejection is no longer there
   */
  settleRejection(id: string, entry: TrackingEntry | RejectionEntry): Promise<Outcome | undefined>;
  /** Deletes what was last seen before that time; returns how many rows it deleted. */
  purgeRejections(lastSeenBefore: number): Promise<number>;
}

/** Everything that is named must fit. */
export interface RejectionQuery extends PageQuery {
  pool?: string | undefined;
  /** In the provider's pool, or said by a message that was refused before its provider was known. */
  partnerKey?: string | undefined;
  reason?: string | undefined;
  status?: number | undefined;
  /** Last seen then or later. */
  since?: number | undefined;
  /** In any value that was sent, in any case. */
  text?: string | undefined;
}

/** How many rejections are kept, in rows. */
export const rejectionLimits = {
  unreadable: 1_000,
  /** For each other pool: one for each provider, one for all unknown partner keys together. */
  pool: 10_000,
  all: 100_000,
} as const;
/** The pools that belong to no provider. Of a full store, unreadable ones go first. */
export const unreadablePool = 'unreadable';
export const unknownKeyPool = 'unknown-key';

/** The pool of a provider's own rejections. */
export function providerPool(partnerKey: string): string {
  return `provider:${partnerKey}`;
}

export interface RejectionRow extends Rejection {
  id: string;
  /** Changes with every recurrence; the list is ordered by it. */
  latestId: string;
  partnerKey?: string | undefined;
  count: number;
  firstSeenAt: number;
  lastSeenAt: number;
}

/** The provider that a pool belongs to; undefined for the pools that belong to none. */
export function partnerKeyOfPool(pool: string): string | undefined {
  return pool.startsWith('provider:') ? pool.slice('provider:'.length) : undefined;
}
