import { type Expression, sql } from 'kysely';
import type { TrackingEvent } from '../../wire/fields.ts';
import type { Database } from './database.ts';

/** What only a living page or backend of the provider's sends, often. */
export const watchedEvents = ['visit', 'signup', 'purchase'] as const satisfies readonly TrackingEvent[];
export type WatchedEvent = (typeof watchedEvents)[number];

/** When rows of that event arrived at a provider's, the newest first, and each at least an hour after the next. */
export interface Arrivals {
  partnerKey: string;
  providerName: string;
  event: WatchedEvent;
  times: number[];
}

export interface ArrivalsQuery {
  /** Of all providers that aren't disabled where it is left out. */
  providerId?: number | undefined;
}

/** Apart enough that a busy hour is one, so that the few that are read reach over nights and weekends. */
const apartMs = 3_600_000;
/** A week of business hours, and more. */
const maxTimes = 64;

export type ArrivalStore = ReturnType<typeof createArrivalStore>;

/** When providers were last heard of. */
export function createArrivalStore({ reader, words, isSpread }: Database) {
  async function listProviderIds(): Promise<number[]> {
    const enabled = reader.selectFrom('providers').select('id').where('disabled', '=', 0);
    return (await enabled.orderBy('partner_key').execute()).map(({ id }) => id);
  }

  return {
    /** Of all providers, where the tables are spread, one by one: Citus walks in one place only. */
    async listArrivals({ providerId }: ArrivalsQuery): Promise<Arrivals[]> {
      if (providerId !== undefined || !isSpread) return await walkBack(providerId);
      const arrivals: Arrivals[] = [];
      for (const id of await listProviderIds()) arrivals.push(...(await walkBack(id)));
      return arrivals;
    },
  };

  /**
   * Walks back from row to row by the index of each provider and event: one step for each time, however many rows lie
   * between.
   */
  async function walkBack(providerId: number | undefined): Promise<Arrivals[]> {
    const watched = sql.join(
      watchedEvents.map((event) => sql`select ${sql.lit(event)} as event`),
      sql` union all `,
    );
    const { rows } = await sql<{
      partner_key: string;
      name: string;
      event: WatchedEvent;
      received_at: number;
    }>`
        with recursive walk (provider_id, event, received_at, step) as (
          select providers.id, watched.event, ${newestOf(providerId, sql`providers.id`, sql`watched.event`)}, 1
          from providers cross join (${watched}) as watched
          where providers.disabled = 0 ${providerId === undefined ? sql`` : sql`and providers.id = ${providerId}`}
          union all
          select provider_id, event,
            ${newestOf(providerId, sql`walk.provider_id`, sql`walk.event`, words.idAt(sql`(walk.received_at - ${sql.lit(apartMs)})`))},
            step + 1
          from walk where received_at is not null and step < ${sql.lit(maxTimes)}
        )
        select partner_key, name, event, received_at
        from walk inner join providers on providers.id = walk.provider_id
        where received_at is not null
        order by partner_key, event, step`.execute(reader);
    const alike = Map.groupBy(rows, (row) => `${row.partner_key} ${row.event}`);
    return [...alike.values()].flatMap((ofOne) => {
      const [first] = ofOne;
      if (!first) return [];
      const { partner_key: partnerKey, name: providerName, event } = first;
      return { partnerKey, providerName, event, times: ofOne.map((row) => Number(row.received_at)) };
    });
  }
}

/** When the newest row arrived, or the newest of those with smaller ids. */
function newestOf(
  providerId: number | undefined,
  anyProviderId: Expression<unknown>,
  event: Expression<unknown>,
  below?: Expression<unknown>,
) {
  return sql`(
    select trackings.received_at from trackings
    where trackings.provider_id = ${providerId ?? anyProviderId} and trackings.event = ${event}
      ${below ? sql`and trackings.id < ${below}` : sql``}
    order by trackings.id desc limit 1
  )`;
}
