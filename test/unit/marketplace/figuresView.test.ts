import { describe, expect, test } from 'vitest';
import type { Figure } from '../../../src/marketplace/figures/figure.ts';
import { moneyTilesOf, noFigure, percentOf, tilesOf } from '../../../src/marketplace/views/figures/tiles.ts';
import {
  figuresQuery,
  linkTo,
  readView,
  toViewQuery,
  type ViewQuery,
} from '../../../src/marketplace/views/figures/view.ts';

const settings = {
  zone: 'Europe/Berlin',
  now: Date.parse('2026-11-26T12:00:00Z'),
  by: ['campaign', 'partnerKey', 'service', 'listing'],
} as const;
const view = (query: ViewQuery) => readView(query, settings);
const figure = (parts: Partial<Figure>): Figure => ({ ...noFigure, ...parts });

describe('a view', () => {
  test('comes back from its own link', () => {
    const query = {
      from: '2026-11-24',
      to: '2026-11-24',
      by: 'listing',
      measure: 'net.EUR',
      lines: 'apart',
      partnerKey: 'pk_acme',
      campaign: 'a&b=ü "tuesday"',
    };
    const read = view(query);
    expect(view(Object.fromEntries(new URLSearchParams(linkTo(read).slice(1))))).toEqual(read);
  });

  test('is what it is where the query is nonsense', () => {
    const read = view(
      toViewQuery({ by: 'x', measure: 'net.<b>', lines: ['apart'], period: '', campaign: {} }),
    );
    expect(read).toMatchObject({ by: 'campaign', measure: { of: 'purchases' }, apart: false, filters: {} });
    expect(read.problem).toBeUndefined();
  });

  test('says that a zone is none, and in which its days are', () => {
    const read = view({ zone: 'Mars/Olympus' });
    expect(read).toMatchObject({ zone: 'Europe/Berlin', zoneIsChosen: false });
    expect(read.problem).toBe('There is no time zone called Mars/Olympus: these are days of Europe/Berlin.');
  });

  test('of a provider takes no filter by another provider', () => {
    expect(readView({ partnerKey: 'pk_other' }, { ...settings, by: ['service'] }).filters).toEqual({});
  });

  test('changes one thing at a time', () => {
    const read = view({ period: '7d', campaign: 'tuesday', partnerKey: 'pk_acme' });
    expect(linkTo(read, { filters: { campaign: undefined } })).toBe(
      '?period=7d&partnerKey=pk_acme&by=campaign',
    );
    expect(linkTo(read, { from: '2026-11-24', to: '2026-11-24' })).toMatch(
      /^\?from=2026-11-24&to=2026-11-24&/,
    );
  });

  test('asks for its figures in its zone', () => {
    const read = view({ from: '2026-11-24', to: '2026-11-24', campaign: 'tuesday' });
    expect(figuresQuery(read, read.period, ['day'])).toEqual({
      from: '2026-11-23T23:00:00.000Z',
      to: '2026-11-24T23:00:00.000Z',
      zone: 'Europe/Berlin',
      by: 'day',
      campaign: 'tuesday',
    });
  });
});

describe('tiles', () => {
  const find = (label: string, now: Partial<Figure>, before: Partial<Figure>) =>
    tilesOf(figure(now), figure(before)).find((tile) => tile.label === label);

  test.each([
    [150, 100, '50 % more'],
    [50, 100, '50 % less'],
    [100, 100, 'as before'],
    [0, 0, 'as before'],
    [1_001, 1_000, 'under 1 % more'],
    [5_000, 1, '499,900 % more'],
    [5, 0, undefined],
  ])('%d after %d: %s', (now, before, text) => {
    expect(find('Clicks', { clicks: now }, { clicks: before })?.change?.text).toBe(text);
  });

  test('shares differ by points, and there are none of nothing', () => {
    const half = { purchases: 10, attributed: 5 };
    expect(find('Attributed', half, { purchases: 4, attributed: 1 })).toMatchObject({
      value: '50 %',
      before: '25 %',
      change: { text: '25 points more', direction: 'up' },
    });
    expect(find('Attributed', { purchases: 0 }, half)).toMatchObject({ value: '–', change: undefined });
    expect([percentOf([999, 1_000]), percentOf([1, 1_000]), percentOf([0, 9])]).toEqual([99, 1, 0]);
  });

  test('money stays exact, and each currency by itself', () => {
    const money = (currency: string, net: string) => ({
      currency,
      gross: net,
      refunded: '0',
      net,
      believed: net,
    });
    const tiles = moneyTilesOf(
      figure({ money: [money('EUR', '12345678901234567.89'), money('JPY', '-1500')] }),
      figure({ money: [money('CHF', '10')] }),
    );
    expect(tiles.map(({ currency, parts: [net] }) => [currency, net?.value, net?.before])).toEqual([
      ['CHF', '0.00', '10.00'],
      ['EUR', '12,345,678,901,234,567.89', '0.00'],
      ['JPY', '−1,500', '0'],
    ]);
  });
});
