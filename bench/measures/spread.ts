import type { Spread } from '../results.ts';
import { median } from './median.ts';

/** The median and the middle half: what one sample in a bad moment says is left out, above and below. */
export function spreadOf(values: number[]): Spread {
  return { median: median(values), low: quantile(values, 0.25), high: quantile(values, 0.75) };
}

/** A figure that is the same whenever it is looked at, as a file's size. */
export function exactly(value: number): Spread {
  return { median: value, low: value, high: value };
}

export function shift({ median, low, high }: Spread, by: number): Spread {
  return { median: median + by, low: low + by, high: high + by };
}

/** Whether the one is smaller beyond doubt: where the spreads overlap, it is a tie, whatever the medians say. */
export function isBelow(one: Spread, other: Spread): boolean {
  return one.high < other.low;
}

export function isTie(one: Spread, other: Spread): boolean {
  return !isBelow(one, other) && !isBelow(other, one);
}

/** The value that this share of them is below; between two of them, as far as the share lies between their places. */
export function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const place = (sorted.length - 1) * share;
  const [below = Number.NaN, above = below] = sorted.slice(Math.floor(place), Math.floor(place) + 2);
  return below + (above - below) * (place % 1);
}
