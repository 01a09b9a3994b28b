import type { Selectable } from 'kysely';
import type { FigureChanges } from '../ledger/figureChanges.ts';
import { contributionOfClick } from '../ledger/figures.ts';
import { fromBytes, toBytes } from '../ledger/id.ts';
import type { ReferralOrigin, Referrals } from '../ledger/referral.ts';
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
    /** Those of the referral ids that are of clicks on the provider's links. */
    async findClicked(referrals: readonly string[], providerId: number): Promise<string[]> {
      const query = reader
        .selectFrom('clicks')
        .select('referral')
        .where('provider_id', '=', providerId)
        .where('referral', 'in', referrals);
      return (await query.execute()).map(({ referral }) => referral);
    },

    /** The click on a link of the provider that minted the referral. */
    async findClick(referral: string, providerId: number): Promise<ListedClick | undefined> {
      const found = await joinClicks(reader)
        .where('clicks.provider_id', '=', providerId)
        .where('clicks.referral', '=', referral)
        .executeTakeFirst();
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

/** How ids looked that links minted before they proved themselves: 128 random bits in base64url. */
export const looksAsOfOld = /^[\w-]{22}$/;

/**
 * What minted the entries' referrals, as far as it was ours: for whom and when, by the id itself; by which link, by the
 * click, as far as that is there. An id of another provider isn't looked for, nor one of old anywhere but among the
 * provider's own clicks: those of others may be in another part of the ledger.
 */
export async function findMinted(
  tables: Tables,
  referrals: Referrals,
  entries: readonly Pick<TrackingEntry, 'providerId' | 'copy'>[],
): Promise<ReadonlyMap<string, Minted>> {
  const minted = new Map<string, Minted>();
  const sought = { providerIds: new Set<number>(), referrals: new Set<string>() };
  for (const { providerId, copy } of entries) {
    for (const { details } of copy.parts) {
      const { referral, referralSource } = details;
      if (!referral || referralSource === 'referrer') continue;
      const origin = referrals.read(referral);
      if (origin) minted.set(referral, toMintedById(origin));
      if (origin ? origin.providerId === providerId : looksAsOfOld.test(referral)) {
        sought.providerIds.add(providerId);
        sought.referrals.add(referral);
      }
    }
  }
  for (const part of toParts([...sought.referrals])) {
    const rows = await tables
      .selectFrom('clicks')
      .select(['referral', 'provider_id', 'listing', 'campaign', 'clicked_at'])
      .where('provider_id', 'in', [...sought.providerIds])
      .where('referral', 'in', part)
      .execute();
    for (const row of rows) {
      minted.set(row.referral, {
        providerId: row.provider_id,
        listing: row.listing,
        campaign: row.campaign ?? undefined,
        clickedAt: row.clicked_at,
      });
    }
  }
  return minted;
}

function toMintedById({ providerId, clickedAt, isForTests }: ReferralOrigin): Minted {
  return { providerId, clickedAt, listing: isForTests ? '' : undefined, campaign: undefined };
}

/**
 * Writes clicks and counts them, each once by its referral, however often it is sent; to be called inside a transaction.
 */
export async function writeClicks(
  tables: Tables,
  entries: readonly ClickEntry[],
  changes: FigureChanges,
): Promise<Outcome[]> {
  const rows = entries.map(({ id, providerId, listing, campaign, referral, clickedAt, isBot }) => ({
    id: toBytes(id),
    provider_id: providerId,
    listing,
    campaign: campaign ?? null,
    referral,
    clicked_at: clickedAt,
    bot: isBot ? 1 : 0,
  }));
  const created = new Set<string>();
  for (const part of toParts(rows)) {
    const added = await tables
      .insertInto('clicks')
      .values(part)
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .execute();
    for (const { id } of added) created.add(fromBytes(id));
  }
  const isNew = ({ id }: ClickEntry) => created.has(id);
  changes.add(
    entries.filter(isNew).map((click) => contributionOfClick({ ...click, campaign: click.campaign })),
  );
  return entries.map((click) => ({ result: isNew(click) ? 'created' : 'duplicate', id: click.id }));
}
