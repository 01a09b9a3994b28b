import { addDays, type CalendarDate, countDays, startOfDate } from '../../figures/calendar.ts';
import type { Figure, TimeGroup } from '../../figures/figure.ts';
import { type ChartParts, type ChartRow, type ChartValue, maxSeries } from '../../pages/chart.ts';
import type { Html } from '../../pages/html.ts';
import { formatAmount, formatNumber } from '../../pages/words.ts';
import type { Period, Span } from './period.ts';
import type { Breakdown, Measure } from './view.ts';

/** A single day has no course, so its week is shown. */
const leastDays = 7;
/** So many points can still be told apart. */
const mostPoints = 124;

/** The time that a chart shows, in what steps, and as many before it. */
export interface CourseSpan {
  step: TimeGroup;
  /** The first day of each step; the first and last step may be cut by the span. */
  steps: CalendarDate[];
  stepsBefore: CalendarDate[];
  now: Span;
  before: Span;
}

/** What of the time around the period is drawn. */
export function courseOf(period: Period, zone: string): CourseSpan {
  const days = Math.max(period.days, leastDays);
  const first = addDays(period.last, 1 - days);
  const firstBefore = addDays(first, -days);
  const step = stepFor(days);
  return {
    step,
    steps: listSteps(first, period.last, step),
    stepsBefore: listSteps(firstBefore, addDays(first, -1), step),
    now: { from: startOfDate(first, zone), to: period.to },
    before: { from: startOfDate(firstBefore, zone), to: startOfDate(first, zone) },
  };
}

function stepFor(days: number): TimeGroup {
  if (days <= mostPoints) return 'day';
  return days <= mostPoints * 7 ? 'week' : 'month';
}

function listSteps(first: CalendarDate, last: CalendarDate, step: TimeGroup): CalendarDate[] {
  const steps: CalendarDate[] = [];
  for (let day = startOfStep(first, step); day <= last; day = nextStep(day, step)) steps.push(day);
  return steps;
}

/** Weeks begin on Mondays. */
function startOfStep(day: CalendarDate, step: TimeGroup): CalendarDate {
  if (step === 'month') return `${day.slice(0, 8)}01`;
  if (step === 'day') return day;
  // The first of January 1970 was a Thursday.
  return addDays(day, -((countDays('1970-01-01', day) + 3) % 7));
}

function nextStep(day: CalendarDate, step: TimeGroup): CalendarDate {
  if (step === 'month') return startOfStep(addDays(day, 31), 'month');
  return addDays(day, step === 'week' ? 7 : 1);
}

/** As /api/figures names the step: a month without its first day. */
function labelOf(day: CalendarDate, step: TimeGroup): string {
  return step === 'month' ? day.slice(0, 7) : day;
}

/** Of a figure, what is drawn and how it is shown. */
export function measureOf(figure: Figure | undefined, measure: Measure): ChartValue {
  if (measure.kind === 'count') {
    const value = figure?.[measure.of] ?? 0;
    return { value, text: formatNumber(value) };
  }
  const net = figure?.money.find(({ currency }) => currency === measure.currency)?.net ?? '0';
  return { value: Number(net), text: `${formatAmount(net, measure.currency)} ${measure.currency}` };
}

export interface CourseParts {
  span: CourseSpan;
  measure: Measure;
  figures: readonly Figure[];
  nameStep: (day: CalendarDate) => Html | string;
  now: CalendarDate;
}

/** This period as a line, and the one before it as a dashed one. */
export function courseInAll(
  { span, measure, figures, nameStep, now }: CourseParts,
  figuresBefore: readonly Figure[],
): Pick<ChartParts, 'series' | 'rows'> {
  const byStep = Map.groupBy(figures, (figure) => figure[span.step]);
  const byStepBefore = Map.groupBy(figuresBefore, (figure) => figure[span.step]);
  const rows = span.steps.map((day, index): ChartRow => {
    const dayBefore = span.stepsBefore[index];
    return {
      day,
      name: nameStep(day),
      values: [
        day > now ? undefined : measureOf(byStep.get(labelOf(day, span.step))?.[0], measure),
        dayBefore === undefined
          ? undefined
          : measureOf(byStepBefore.get(labelOf(dayBefore, span.step))?.[0], measure),
      ],
    };
  });
  return { series: [{ name: 'This period' }, { name: 'The period before', isDashed: true }], rows };
}

/** A line for each group, of those that have most. */
export function courseApart(
  { span, measure, figures, nameStep, now }: CourseParts,
  by: Breakdown,
  nameGroup: (value: string | null | undefined) => Html | string,
): Pick<ChartParts, 'series' | 'rows'> {
  const groups = [...Map.groupBy(figures, (figure) => figure[by])]
    .map(([value, ofGroup]) => ({
      value,
      total: ofGroup.reduce((sum, figure) => sum + measureOf(figure, measure).value, 0),
      byStep: new Map(ofGroup.map((figure) => [figure[span.step], figure])),
    }))
    .sort((one, other) => other.total - one.total);
  const shown = groups.slice(0, maxSeries);
  const rows = span.steps.map((day) => ({
    day,
    name: nameStep(day),
    values: shown.map(({ byStep }) =>
      day > now ? undefined : measureOf(byStep.get(labelOf(day, span.step)), measure),
    ),
  }));
  return { series: shown.map(({ value }) => ({ name: nameGroup(value) })), rows };
}
