import type { Selectable } from 'kysely';
import type { FigureChanges } from '../ledger/figureChanges.ts';
import { contributionOfClick } from '../ledger/figures.ts';
import { fromBytes, toBytes } from '../ledger/id.ts';
import type { Minted } from '../ledger/verdict.ts';
import { type Database, type Outcome, type PageQuery, type Tables, toParts } from './database.ts';
import type { Schema } from './schema.ts';
import type { TrackingEntry } from './trackingStatements.ts';

export interface ClickRow {
  id: string;
  listing: string;
  /** What the link called the campaign that it belongs to. */
  campaign?: string | undefined;
  referral: string;
  clickedAt: number;
  isBot: boolean;
}

export interface ListedClick extends ClickRow {
  partnerKey: string;
}

export interface ClickQuery extends PageQuery {
  /** Of all providers where it is left out. */
  providerId?: number | undefined;
}

export interface ClickEntry extends ClickRow {
  kind: 'click';
  providerId: number;
}

export type ClickStore = ReturnType<typeof createClickStore>;

/** The clicks on the marketplace's links. */
export function createClickStore({ reader }: Database) {
  return {
    /** Those of the referral ids that links of ours have minted, for whichever provider. */
    async findMintedReferrals(referrals: readonly string[]): Promise<string[]> {
      const query = reader.selectFrom('clicks').select('referral').where('referral', 'in', referrals);
      return (await query.execute()).map(({ referral }) => referral);
    },

    /** The click that minted the referral, for whichever provider. */
    async findClick(referral: string): Promise<ListedClick | undefined> {
      const found = await joinClicks(reader).where('clicks.referral', '=', referral).executeTakeFirst();
      return found && toListedClick(found);
    },

    async listClicks({ providerId, before, limit }: ClickQuery): Promise<ListedClick[]> {
      let query = joinClicks(reader);
      if (providerId !== undefined) query = query.where('clicks.provider_id', '=', providerId);
      if (before) query = query.where('clicks.id', '<', toBytes(before));
      return (await query.orderBy('clicks.id', 'desc').limit(limit).execute()).map(toListedClick);
    },
  };
}

function joinClicks(tables: Tables) {
  return tables
    .selectFrom('clicks')
    .innerJoin('providers', 'providers.id', 'clicks.provider_id')
    .selectAll('clicks')
    .select('providers.partner_key');
}

function toListedClick(row: Selectable<Schema['clicks']> & { partner_key: string }): ListedClick {
  return {
    id: fromBytes(row.id),
    partnerKey: row.partner_key,
    listing: row.listing,
    campaign: row.campaign ?? undefined,
    referral: row.referral,
    clickedAt: row.clicked_at,
    isBot: row.bot === 1,
  };
}

/** How a referral id of ours looks: 128 random bits in base64url. */
const looksMinted = /^[\w-]{22}$/;

/**
 * What minted the entries' referrals, as far as it was ours. A click is committed before its visitor is let go, so it is
 * there before anything that comes of it.
 */
export async function findMinted(
  tables: Tables,
  entries: readonly Pick<TrackingEntry, 'copy'>[],
): Promise<ReadonlyMap<string, Minted>> {
  const referrals = new Set<string>();
  for (const { copy } of entries) {
    for (const { details } of copy.parts) {
      const { referral, referralSource } = details;
      if (referral && referralSource !== 'referrer' && looksMinted.test(referral)) referrals.add(referral);
    }
  }
  const found = new Map<string, Minted>();
  for (const part of toParts([...referrals])) {
    const rows = await tables
      .selectFrom('clicks')
      .select(['referral', 'provider_id', 'listing', 'campaign', 'clicked_at'])
      .where('referral', 'in', part)
      .execute();
    for (const row of rows) {
      found.set(row.referral, {
        providerId: row.provider_id,
        listing: row.listing,
        campaign: row.campaign ?? undefined,
        clickedAt: row.clicked_at,
      });
    }
  }
  return found;
}

/** Writes clicks and counts them; to be called inside a transaction. */
export async function writeClicks(
  tables: Tables,
  entries: readonly ClickEntry[],
  changes: FigureChanges,
): Promise<Outcome[]> {
  changes.add(entries.map((click) => contributionOfClick({ ...click, campaign: click.campaign })));
  const rows = entries.map(({ id, providerId, listing, campaign, referral, clickedAt, isBot }) => ({
    id: toBytes(id),
    provider_id: providerId,
    listing,
    campaign: campaign ?? null,
    referral,
    clicked_at: clickedAt,
    bot: isBot ? 1 : 0,
  }));
  for (const part of toParts(rows)) await tables.insertInto('clicks').values(part).execute();
  return entries.map(({ id }) => ({ result: 'created', id }));
}
