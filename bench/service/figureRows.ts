/*
 * What filled purchases come to in the service's tables of figures, as SQL. There is much to tell apart, so that most
 * quarters of hours have no two purchases in the same place: of each provider 3 services, 3 listings with a campaign each,
 * 4 verdicts and 2 currencies.
 */

/** What differs between the two SQLs. */
export interface FigureWords {
  /** 16 bytes made of two numbers. */
  bytes(first: string, second: string): string;
  /** The start of the month that a time in epoch milliseconds is in. */
  monthOf(time: string): string;
}

/** Of a purchase with the number n, by column of its row. */
export const variety: Readonly<Record<string, string>> = {
  service_name: "'Service ' || (n % 3)",
  currency: "case when n / 36 % 2 = 0 then 'EUR' else 'USD' end",
  listing: "'listing-' || (n / 3 % 3)",
  campaign: "'campaign-' || (n / 3 % 3)",
  verdict: "case n / 9 % 4 when 0 then 'listing' when 1 then 'none' when 2 then 'server' else 'host' end",
  trust: "case n / 9 % 4 when 2 then 'server' else 'origin' end",
};
const combinations = 72;
const sums = ['count', 'billions', 'units', 'billionths'];
const added = sums.map((name) => `sum(figures.${name})`);
const orAdd = `on conflict (provider_id, span, start, group_id, part)
  do update set ${sums.map((name) => `${name} = figures.${name} + excluded.${name}`)}`;
const columns = `provider_id, span, start, group_id, part, ${sums}`;
const groupColumns = `provider_id, id, event, counted_as, service_name, listing, campaign, verdict, level, reported_by,
  currency, proven`;

/** @param numbers a table of n from 0 to 71 */
export function insertGroups({ bytes }: FigureWords, numbers: string): string {
  return `insert into figure_groups (${groupColumns})
    select providers.id, ${bytes('providers.id', 'n')}, 'purchase', 'normal', ${variety.service_name}, ${variety.listing},
      ${variety.campaign}, ${variety.verdict}, ${variety.trust}, 'browser', ${variety.currency}, 0
    from providers, ${numbers}`;
}

/**
 * @param numbers a table of each purchase's n and at
 * @param provider the id of its provider
 */
export function insertQuarters({ bytes }: FigureWords, numbers: string, provider: string): string {
  return `insert into figures (${columns})
    select ${provider}, 0, at - at % 900000, ${bytes(provider, `n % ${combinations}`)}, 0, count(*), 0, 49 * count(*),
      900000000 * count(*)
    from ${numbers} group by 1, 2, 3, 4 order by 1, 2, 3, 4 ${orAdd}`;
}

/** What follows from the quarters of hours, once all are there: days, months, and all providers together. */
export function insertSums({ bytes, monthOf }: FigureWords): string[] {
  const ofSpan = (span: number, start: string) => `insert into figures (${columns})
    select provider_id, ${span}, ${start}, group_id, 0, ${added} from figures where span = ${span - 1}
    group by 1, 2, 3, 4`;
  return [
    // But for the one that was there before, whose days and months are there as well.
    'delete from figures where span > 0 or provider_id = 0',
    ofSpan(1, 'start - start % 86400000'),
    ofSpan(2, monthOf('start')),
    'delete from figure_groups where provider_id = 0',
    `insert into figure_groups (${groupColumns})
      select 0, ${bytes('0', 'min(n)')}, 'purchase', 'normal', null, null, null, verdict, level, reported_by, currency, proven
      from (select *, row_number() over (order by provider_id, id) as n from figure_groups) as own
      group by verdict, level, reported_by, currency, proven`,
    `insert into figures (${columns})
      select 0, figures.span, figures.start, together.id, 0, ${added}
      from figures
      join figure_groups as own on own.provider_id = figures.provider_id and own.id = figures.group_id
      join figure_groups as together on together.provider_id = 0 and together.verdict = own.verdict
        and together.level = own.level and together.reported_by = own.reported_by
        and together.currency = own.currency and together.proven = own.proven
      group by 2, 3, 4`,
  ];
}
