import { describe, expect, test } from 'vitest';
import type { Figure } from '../../../src/marketplace/figures/figure.ts';
import { courseApart, courseInAll, courseOf } from '../../../src/marketplace/views/figures/course.ts';
import { type PeriodQuery, readPeriod } from '../../../src/marketplace/views/figures/period.ts';
import { noFigure } from '../../../src/marketplace/views/figures/tiles.ts';

const zone = 'Europe/Berlin';
const now = Date.parse('2026-11-26T12:00:00Z');
const span = (query: PeriodQuery) => courseOf(readPeriod(query, zone, now).period, zone);
const figure = (parts: Partial<Figure>): Figure => ({ ...noFigure, ...parts });
const parts = { measure: { kind: 'count', of: 'purchases' }, nameStep: String, now: '2026-11-26' } as const;

describe('the steps of a course', () => {
  test('are the days of the period, and as many before', () => {
    const { step, steps, stepsBefore } = span({ period: '30d' });
    expect([step, steps.length, stepsBefore.length]).toEqual(['day', 30, 30]);
    expect([steps[0], steps.at(-1), stepsBefore[0], stepsBefore.at(-1)]).toEqual([
      '2026-10-28',
      '2026-11-26',
      '2026-09-28',
      '2026-10-27',
    ]);
  });

  test('are those of a week for a single day', () => {
    expect(span({ from: '2026-11-24', to: '2026-11-24' }).steps).toEqual(
      [18, 19, 20, 21, 22, 23, 24].map((day) => `2026-11-${day}`),
    );
  });

  test('are weeks from Monday on, or months, of longer times', () => {
    const weeks = span({ from: '2026-01-01', to: '2026-11-26' });
    expect([weeks.step, weeks.steps[0], weeks.steps.at(-1)]).toEqual(['week', '2025-12-29', '2026-11-23']);
    const months = span({ from: '2020-01-31', to: '2026-11-26' });
    expect([months.step, months.steps[0], months.steps.at(-1)]).toEqual([
      'month',
      '2020-01-01',
      '2026-11-01',
    ]);
    expect(new Set(months.steps).size).toBe(83);
  });
});

test('a day without figures is nothing, and a day to come is none', () => {
  const { rows } = courseInAll(
    {
      ...parts,
      span: span({ from: '2026-11-21', to: '2026-11-27' }),
      figures: [figure({ day: '2026-11-24', purchases: 3 })],
    },
    [figure({ day: '2026-11-17', purchases: 2 })],
  );
  expect(rows.map(({ values }) => values.map((value) => value?.text))).toEqual([
    ['0', '0'],
    ['0', '0'],
    ['0', '0'],
    ['3', '2'],
    ['0', '0'],
    ['0', '0'],
    [undefined, '0'],
  ]);
});

test('of many groups, those with most have lines', () => {
  const figures = Array.from({ length: 8 }, (_, index) =>
    figure({ day: '2026-11-24', campaign: index === 7 ? null : `c${index}`, purchases: index }),
  );
  const { series, rows } = courseApart(
    { ...parts, span: span({ period: '7d' }), figures },
    'campaign',
    (value) => value ?? 'none',
  );
  expect(series.map(({ name }) => name)).toEqual(['none', 'c6', 'c5', 'c4', 'c3', 'c2']);
  expect(rows.find(({ day }) => day === '2026-11-24')?.values.map((value) => value?.value)).toEqual([
    7, 6, 5, 4, 3, 2,
  ]);
});

test('money is drawn by its value and shown as it is', () => {
  const money = [{ currency: 'EUR', gross: '1200.50', refunded: '0', net: '1200.50', believed: '0' }];
  const { rows } = courseInAll(
    {
      ...parts,
      measure: { kind: 'net', currency: 'EUR' },
      span: span({ from: '2026-11-20', to: '2026-11-26' }),
      figures: [figure({ day: '2026-11-20', money })],
    },
    [],
  );
  expect(rows[0]?.values[0]).toEqual({ value: 1200.5, text: '1,200.50 EUR' });
});
