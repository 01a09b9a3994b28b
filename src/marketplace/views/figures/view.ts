import { type Period, type PeriodQuery, readPeriod, type Span } from './period.ts';

/** What figures are broken down by, in the words of /api/figures. */
export const breakdowns = ['partnerKey', 'service', 'listing', 'campaign'] as const;
export type Breakdown = (typeof breakdowns)[number];

/** What a course can be of, beside the net of a currency. */
export const counted = ['clicks', 'visits', 'signups', 'purchases'] as const;
export type Counted = (typeof counted)[number];
export type Measure = { kind: 'count'; of: Counted } | { kind: 'net'; currency: string };

export type Filters = Partial<Record<Breakdown, string>>;

/** What a page of figures shows: all of it stands in its address, so that any view can be sent to somebody. */
export interface FiguresView {
  period: Period;
  /** What was wrong with the address. */
  problem: string | undefined;
  zone: string;
  /** Where the address names it, not the reader's browser. */
  zoneIsChosen: boolean;
  by: Breakdown;
  measure: Measure;
  /** Whether each group has a line of its own. */
  apart: boolean;
  filters: Filters;
}

/** Parameters as a form or a link sends them; whatever is sent twice or isn't text is left out. */
export type ViewQuery = Readonly<Record<string, string | undefined>>;

/** Of a request's query. */
export function toViewQuery(query: unknown): ViewQuery {
  const entries = Object.entries(typeof query === 'object' && query !== null ? query : {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== ''),
  );
}

export interface ViewSettings {
  zone: string;
  now: number;
  /** What the reader can break figures down by, the usual one first. */
  by: readonly Breakdown[];
}

/** Understands any query: what it doesn't know is as if it were left out. */
export function readView(query: ViewQuery, { zone, now, by }: ViewSettings): FiguresView {
  const { period, problem } = readPeriod(query satisfies PeriodQuery, zone, now);
  const filters = breakdowns.flatMap((name) => {
    const value = by.includes(name) ? query[name] : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  const hasZone = query.zone === undefined || query.zone === zone;
  return {
    period,
    problem: hasZone ? problem : `There is no time zone called ${query.zone}: these are days of ${zone}.`,
    zone,
    zoneIsChosen: query.zone !== undefined && hasZone,
    by: by.find((known) => known === query.by) ?? by[0] ?? 'service',
    measure: readMeasure(query.measure),
    apart: query.lines === 'apart',
    filters: Object.fromEntries(filters),
  };
}

function readMeasure(name = ''): Measure {
  const [, currency] = /^net\.([A-Z]{3})$/.exec(name) ?? [];
  if (currency) return { kind: 'net', currency };
  return { kind: 'count', of: counted.find((known) => known === name) ?? 'purchases' };
}

export function nameOf(measure: Measure): string {
  return measure.kind === 'net' ? `net.${measure.currency}` : measure.of;
}

/** Changes of a view; what is undefined goes. */
export interface ViewChange {
  period?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  by?: Breakdown;
  measure?: Measure;
  apart?: boolean;
  filters?: Partial<Record<Breakdown, string | undefined>>;
}

/** The parameters of the view, changed, without those that say what goes without saying. */
export function parametersOf(view: FiguresView, change: ViewChange = {}): [string, string][] {
  const { period, zone, zoneIsChosen } = view;
  const days =
    'period' in change || 'from' in change
      ? { period: change.period, from: change.from, to: change.to }
      : daysOf(period);
  const measure = nameOf(change.measure ?? view.measure);
  const parameters: Record<string, string | undefined> = {
    ...days,
    zone: zoneIsChosen ? zone : undefined,
    ...view.filters,
    ...change.filters,
    by: change.by ?? view.by,
    measure: measure === 'purchases' ? undefined : measure,
    lines: (change.apart ?? view.apart) ? 'apart' : undefined,
  };
  return Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
}

function daysOf({ name, first, last }: Period) {
  return name === undefined ? { from: first, to: last } : { period: name };
}

/** A link to the view, changed, on its own page. */
export function linkTo(view: FiguresView, change: ViewChange = {}): string {
  return `?${new URLSearchParams(parametersOf(view, change))}`;
}

/** The query of /api/figures that has the figures of the view. */
export function figuresQuery(
  view: FiguresView,
  span: Span,
  by: readonly string[] = [],
): Record<string, string> {
  return {
    from: new Date(span.from).toISOString(),
    to: new Date(span.to).toISOString(),
    zone: view.zone,
    ...(by.length > 0 && { by: by.join(',') }),
    ...view.filters,
  };
}
