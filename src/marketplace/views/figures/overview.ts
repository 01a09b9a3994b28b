import { dateAt } from '../../figures/calendar.ts';
import type { Figure, Figures } from '../../figures/figure.ts';
import { tiles } from '../../pages/blocks.ts';
import { chart, maxSeries } from '../../pages/chart.ts';
import { type Html, html } from '../../pages/html.ts';
import { formatNumber, sayCount } from '../../pages/words.ts';
import { capitalized } from '../words.ts';
import { breakdown, nameGroup } from './breakdown.ts';
import { breakdownWords, type Choices } from './controls.ts';
import { type CourseSpan, courseApart, courseInAll, courseOf, measureOf } from './course.ts';
import { attribution, copies } from './coverage.ts';
import { sayDay, sayDays } from './days.ts';
import { funnel } from './funnel.ts';
import type { Span } from './period.ts';
import { moneyTilesOf, noFigure, type Tile, tilesOf } from './tiles.ts';
import { counted, type FiguresView, figuresQuery, linkTo, type Measure, nameOf } from './view.ts';

/** Asks for figures as /api/figures answers them, for whoever reads. */
export type ReadFigures = (query: Readonly<Record<string, string>>) => Promise<Figures>;

/** All figures that an overview shows. */
export interface Overview {
  now: Figure;
  before: Figure;
  course: readonly Figure[];
  courseBefore: readonly Figure[];
  groups: readonly Figure[];
  verdicts: readonly Figure[];
}

export async function readOverview(read: ReadFigures, view: FiguresView): Promise<Overview> {
  const { period, by, apart, zone } = view;
  const span = courseOf(period, zone);
  const items = async (of: Span, groups: readonly string[] = []) =>
    (await read(figuresQuery(view, of, groups))).items;
  const groupsRead = items(period, [by]);
  const [now, before, course, courseBefore, groups, verdicts] = await Promise.all([
    items(period),
    items(period.before),
    apart ? readApart(read, view, span, await groupsRead) : items(span.now, [span.step]),
    apart ? [] : items(span.before, [span.step]),
    groupsRead,
    items(period, ['verdict']),
  ]);
  return {
    now: now[0] ?? noFigure,
    before: before[0] ?? noFigure,
    course,
    courseBefore,
    groups,
    verdicts,
  };
}

/** Of more groups, only those are read that are drawn: a hundred have thousands of days together. */
const mostReadTogether = 20;

async function readApart(
  read: ReadFigures,
  view: FiguresView,
  { now, step }: CourseSpan,
  groups: readonly Figure[],
): Promise<readonly Figure[]> {
  const { by } = view;
  if (groups.length <= mostReadTogether) return (await read(figuresQuery(view, now, [step, by]))).items;
  const largest = groups
    .map((figure) => ({ name: figure[by], value: measureOf(figure, view.measure).value }))
    // What has none of it can't be asked for by itself.
    .filter((group): group is { name: string; value: number } => group.name != null)
    .sort((one, other) => other.value - one.value)
    .slice(0, maxSeries);
  const ofEach = await Promise.all(
    largest.map(async ({ name }) => {
      const own = { ...view, filters: { ...view.filters, [by]: name } };
      const { items } = await read(figuresQuery(own, now, [step]));
      return items.map((item) => ({ ...item, [by]: name }));
    }),
  );
  return ofEach.flat();
}

export interface OverviewParts {
  view: FiguresView;
  overview: Overview;
  choices: Choices;
  /** The time now, in epoch milliseconds. */
  now: number;
  /** Address of the files of figures, from the page and without an ending. */
  figuresLink: string;
  /** Address of the list of purchases, from the page. */
  purchasesLink: string;
  /** A card beside the last ones. */
  beside?: Html | undefined;
}

/** The parts of a page of figures, in their order. Each is replaced by itself where the page is live. */
export function overviewSections(parts: OverviewParts): Html {
  const { view, overview } = parts;
  return html`<section id="live-tiles" data-live aria-labelledby="tiles-title">
<h2 id="tiles-title" class="unseen">In figures</h2>
${tiles(tilesOf(overview.now, overview.before).map((tile) => ({ label: tile.label, value: tile.value, note: noteOf(tile) })))}
${moneyTiles(overview)}
${leftOut(overview.now)}
</section>
<section class="card" id="live-course" data-live aria-labelledby="course-title">
${courseSection(parts)}
</section>
<section class="card" id="live-groups" data-live aria-labelledby="groups-title">
${groupsSection(parts)}
</section>
<div class="columns wide">
${parts.beside}
<section class="card" id="live-funnel" data-live aria-labelledby="funnel-title">
<h2 id="funnel-title">From click to purchase</h2>
${funnel(overview.now)}
</section>
<section class="card" id="live-copies" data-live aria-labelledby="copies-title">
<h2 id="copies-title">Who reported the purchases</h2>
${copies(overview.now)}
</section>
<section class="card" id="live-verdicts" data-live aria-labelledby="verdicts-title">
<h2 id="verdicts-title">Why they count, or don't</h2>
${attribution(view, overview.verdicts, parts.purchasesLink)}
</section>
</div>`;
}

/** What the period is, and what it is compared with. */
export function periodLine({ period, zone }: FiguresView): Html {
  const { first, last, before } = period;
  return html`${sayDays(first, last)}, against ${sayDays(dateAt(before.from, zone), dateAt(before.to - 1, zone))}`;
}

/** The same figures as files, for programs and spreadsheets. */
export function downloads(view: FiguresView, figuresLink: string): Html {
  const query = String(new URLSearchParams(figuresQuery(view, view.period, ['day', view.by])));
  return html`<p class="row small"><a href="${figuresLink}.csv?${query}" download>CSV</a> <a href="${figuresLink}.json?${query}">JSON</a></p>`;
}

function noteOf({ before, change }: Tile): Html | undefined {
  if (before === undefined) return undefined;
  if (!change) return html`<span class="nowrap">${before} before</span>`;
  const { direction, text } = change;
  if (direction === 'same') return html`${text}`;
  return html`<span class="change"><span aria-hidden="true">${direction === 'up' ? '↑' : '↓'} </span>${text}</span>, <span
class="nowrap">${before} before</span>`;
}

/** A currency a row: their sums are never one. */
function moneyTiles({ now, before }: Overview): Html | undefined {
  const rows = moneyTilesOf(now, before).map(({ currency, parts }) =>
    tiles(
      parts.map((tile) => ({
        label: `${tile.label}, ${currency}`,
        value: tile.value,
        note: noteOf(tile),
      })),
    ),
  );
  return rows.length === 0 ? undefined : html`<div class="money">${rows}</div>`;
}

function leftOut({ bots, tests }: Figure): Html | undefined {
  const parts = [
    bots > 0 && `${sayCount(bots, 'message')} of bots`,
    tests > 0 && `${formatNumber(tests)} of test referrals`,
  ].filter((part) => part !== false);
  if (parts.length === 0) return undefined;
  return html`<p class="muted small">Left out: ${parts.join(' and ')}.</p>`;
}

function courseSection({ view, overview, choices, now }: OverviewParts): Html {
  const { period, zone, measure, by, apart } = view;
  const span = courseOf(period, zone);
  const parts = {
    span,
    measure,
    figures: overview.course,
    nameStep: (day: string) =>
      html`<a href="${linkTo(view, stepPeriod(span, day))}">${sayStep(span, day)}</a>`,
    now: dateAt(now, zone),
  };
  const drawn = apart
    ? courseApart(parts, by, (value) => nameGroup(by, value, choices))
    : courseInAll(parts, overview.courseBefore);
  const left = apart ? overview.groups.length - drawn.series.length : 0;
  const of = measure.kind === 'net' ? `Net in ${measure.currency}` : capitalized(measure.of);
  const caption = `${of} by ${span.step}${apart ? ` and ${breakdownWords[by]}` : ''}, ${sayDays(span.steps[0] ?? '', period.last)}`;
  return html`<div class="head"><h2 id="course-title">The course</h2>
<nav aria-label="What the chart shows"><ul class="tabs">
${measuresOf(overview).map(
  (other) =>
    html`<li><a href="${linkTo(view, { measure: other })}#live-course"${nameOf(other) === nameOf(measure) && html` aria-current="true"`}>${measureWord(other)}</a></li>\n`,
)}</ul></nav>
<nav aria-label="Lines of the chart"><ul class="tabs">
<li><a href="${linkTo(view, { apart: false })}#live-course"${!apart && html` aria-current="true"`}>In all</a></li>
<li><a href="${linkTo(view, { apart: true })}#live-course"${apart && html` aria-current="true"`}>By ${breakdownWords[by]}</a></li>
</ul></nav></div>
${drawn.series.length === 0 ? html`<p class="muted">Nothing came in this time.</p>` : chart({ id: 'course', caption, timeHeading: capitalized(span.step), ...drawn })}
${left > 0 && html`<p class="muted small">${sayCount(left, 'group')} with less have no line; the table below has them.</p>`}`;
}

/** The counts, and the net of every currency that there was. */
function measuresOf({ now, before }: Overview): Measure[] {
  return [
    ...counted.map((of): Measure => ({ kind: 'count', of })),
    ...moneyTilesOf(now, before).map(({ currency }): Measure => ({ kind: 'net', currency })),
  ];
}

function measureWord(measure: Measure): string {
  return measure.kind === 'net' ? `Net ${measure.currency}` : capitalized(measure.of);
}

function sayStep({ step }: CourseSpan, day: string): string {
  if (step === 'month') return sayDay(day).replace(/^\S+ /, '');
  return step === 'week' ? `Week of ${sayDay(day)}` : sayDay(day, 'weekday');
}

/** The view of that step alone. */
function stepPeriod({ step, steps }: CourseSpan, day: string): { from: string; to: string } {
  if (step === 'day') return { from: day, to: day };
  const next = steps[steps.indexOf(day) + 1];
  const last = next === undefined ? day : new Date(Date.parse(next) - 86_400_000).toISOString().slice(0, 10);
  return { from: day, to: last };
}

function groupsSection({ view, overview, choices, figuresLink }: OverviewParts): Html {
  return html`<div class="head"><h2 id="groups-title">Where it came from</h2>
<nav aria-label="Broken down by"><ul class="tabs">
${choices.by.map(
  (by) =>
    html`<li><a href="${linkTo(view, { by })}#live-groups"${by === view.by && html` aria-current="true"`}>By ${breakdownWords[by]}</a></li>\n`,
)}</ul></nav>
${downloads(view, figuresLink)}</div>
${overview.groups.length === 0 ? nothingYet(view) : breakdown(view, overview.groups, choices)}`;
}

function nothingYet(view: FiguresView): Html {
  const isFiltered = Object.keys(view.filters).length > 0;
  return html`<p>Nothing came in this time${isFiltered && ' by this filter'}.</p>
<p><a href="${linkTo(view, { period: '90d' })}">Look at the last 90 days</a>${
    isFiltered && html` or <a href="${linkTo({ ...view, filters: {} })}">without the filter</a>`
  }.</p>`;
}
