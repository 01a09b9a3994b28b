import { describe, expect, test } from 'vitest';
import { createFigureChanges, createFigureGroups } from '../../../src/marketplace/ledger/figureChanges.ts';
import type { Contribution, FigureGroup } from '../../../src/marketplace/ledger/figures.ts';
import { toHex } from '../../../src/marketplace/ledger/hash.ts';

const at = Date.UTC(2017, 2, 15, 10, 7);
const starts = {
  quarter: Date.UTC(2017, 2, 15, 10, 0),
  day: Date.UTC(2017, 2, 15),
  month: Date.UTC(2017, 2, 1),
};
const group: FigureGroup = {
  providerId: 2,
  event: 'purchase',
  countedAs: 'normal',
  service: 'Acme CRM',
  listing: 'acme',
  campaign: 'tuesday',
  verdict: 'listing',
  level: 'server',
  reportedBy: 'both',
  currency: 'EUR',
  isProven: true,
};
const money = { billions: 1, units: 20, billionths: 300 };
const contribution: Contribution = { group, at, count: 1, ...money };
const together = { ...group, providerId: 0, service: null, listing: null, campaign: null };

/** What has changed once so much was added and so much taken off. */
function changed({ added = [], subtracted = [] }: { added?: Contribution[]; subtracted?: Contribution[] }) {
  const changes = createFigureChanges();
  changes.add(added);
  changes.subtract(subtracted);
  const { groups, cells } = changes.list();
  return { groups, cells: cells.map(({ groupId, ...cell }) => ({ ...cell, groupId: toHex(groupId) })) };
}

describe('what is added', () => {
  test('counts for the group and for all providers together, in each span', () => {
    const { groups, cells } = changed({ added: [contribution] });
    expect(groups).toMatchObject([together, group]);
    const ids = groups.map(({ id }) => toHex(id));
    expect(cells).toEqual(
      [0, 2].flatMap((providerId, index) =>
        (['quarter', 'day', 'month'] as const).map((span) => ({
          providerId,
          span,
          start: starts[span],
          groupId: ids[index],
          count: 1,
          ...money,
        })),
      ),
    );
  });

  test('adds up in the same span, and is apart in another', () => {
    const { cells } = changed({ added: [contribution, contribution, { ...contribution, at: at + 900_000 }] });
    const own = cells.filter(({ providerId }) => providerId === 2);
    expect(own.map(({ span, start, count, units }) => [span, start, count, units])).toEqual([
      ['quarter', starts.quarter, 2, 40],
      ['quarter', starts.quarter + 900_000, 1, 20],
      ['day', starts.day, 3, 60],
      ['month', starts.month, 3, 60],
    ]);
  });

  test('of two providers adds up for all together', () => {
    const other = { ...contribution, group: { ...group, providerId: 3, service: 'Other', listing: 'other' } };
    const { groups, cells } = changed({ added: [other, contribution] });
    expect(groups.map(({ providerId }) => providerId)).toEqual([0, 2, 3]);
    expect(cells.map(({ providerId, count }) => [providerId, count])).toEqual([
      ...Array(3).fill([0, 2]),
      ...Array(3).fill([2, 1]),
      ...Array(3).fill([3, 1]),
    ]);
  });
});

describe('what is taken off', () => {
  test('is below zero', () => {
    const [cell] = changed({ subtracted: [contribution] }).cells;
    expect(cell).toMatchObject({ count: -1, billions: -1, units: -20, billionths: -300 });
  });

  test('and added again is no change', () => {
    expect(changed({ added: [contribution], subtracted: [contribution] })).toEqual({ groups: [], cells: [] });
  });

  test.each(['count', 'billions', 'units', 'billionths'] as const)('and differs in %s is one', (name) => {
    const { cells } = changed({
      added: [{ ...contribution, [name]: contribution[name] + 1 }],
      subtracted: [contribution],
    });
    const unchanged = { count: 0, billions: 0, units: 0, billionths: 0 };
    expect(cells).toHaveLength(6);
    for (const cell of cells) expect(cell).toMatchObject({ ...unchanged, [name]: 1 });
  });
});

test('groups and cells come in one order, whichever was first', () => {
  const added = ['a', 'b', 'c', 'd', 'e'].flatMap((service, index) =>
    [0, 1, 2].map((later) => ({
      ...contribution,
      group: { ...group, service, providerId: 2 + (index % 2) },
      at: at - later * 900_000,
    })),
  );
  const { groups, cells } = changed({ added });
  expect(changed({ added: added.toReversed() })).toEqual({ groups, cells });
  const ids = groups.map(({ providerId, id }) => `${providerId} ${toHex(id)}`);
  expect(ids).toEqual(ids.toSorted());
  const order = ({ providerId, span, start, groupId }: (typeof cells)[number]) =>
    `${providerId} ${['quarter', 'day', 'month'].indexOf(span)} ${start} ${groupId}`;
  expect(cells.map(order)).toEqual(cells.map(order).toSorted());
});

describe('groups', () => {
  test('are one where all is the same', () => {
    const groups = createFigureGroups();
    expect(groups.numbersOf({ ...group })).toEqual(groups.numbersOf(group));
    expect(groups.rows).toHaveLength(2);
  });

  test.each<[string, Partial<FigureGroup>]>([
    ['providerId', { providerId: 3 }],
    ['event', { event: 'renewal' }],
    ['countedAs', { countedAs: 'bot' }],
    ['service', { service: null }],
    ['service, though it reads alike', { service: 'null' }],
    ['listing', { listing: 'other' }],
    ['campaign', { campaign: null }],
    ['border between texts', { listing: 'acme","tuesday', campaign: '' }],
    ['verdict', { verdict: null }],
    ['level', { level: 'signed' }],
    ['reportedBy', { reportedBy: 'server' }],
    ['currency', { currency: 'USD' }],
    ['isProven', { isProven: false }],
  ])('are two by %s', (_name, difference) => {
    const groups = createFigureGroups();
    const [own] = groups.numbersOf(group);
    const [other] = groups.numbersOf({ ...group, ...difference });
    expect(own).not.toBe(other);
    expect(groups.rows[own]?.id).not.toEqual(groups.rows[other]?.id);
    expect(groups.rows[other]).toMatchObject({ ...group, ...difference });
  });

  // They are kept by it, and would be counted anew by another one.
  test('have the id that they always had', () => {
    const groups = createFigureGroups();
    const [own, all] = groups.numbersOf(group);
    const idOf = (number: number) => toHex(groups.rows[number]?.id ?? new Uint8Array());
    expect([idOf(own), idOf(all)]).toEqual([
      'f42f8e7c7de63e32e3ebbf7d577276e1',
      '143422ba128ef568c72abe915aeaa5a5',
    ]);
  });
});
