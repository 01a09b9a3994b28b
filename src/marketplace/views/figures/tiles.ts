import type { Figure, Money } from '../../figures/figure.ts';
import { createTally } from '../../figures/tally.ts';
import { formatAmount, formatNumber } from '../../pages/words.ts';

/** A figure beside what it was before. */
export interface Tile {
  label: string;
  value: string;
  /** What it was; undefined where there was nothing to measure. */
  before: string | undefined;
  change: Change | undefined;
}

/** In words, so that it needs neither colour nor arrow. */
export interface Change {
  text: string;
  direction: 'up' | 'down' | 'same';
}

/** A currency's money: of several, each by itself. */
export interface MoneyTile {
  currency: string;
  parts: Tile[];
}

/** Of nothing at all. */
export const noFigure: Figure = createTally({}).result();

/** Counts and shares, as against the period before. */
export function tilesOf(now: Figure, before: Figure): Tile[] {
  return [
    countTile('Clicks', now.clicks, before.clicks),
    countTile('Visits', now.visits, before.visits),
    countTile('Signups', now.signups, before.signups),
    countTile('Purchases', now.purchases, before.purchases),
    shareTile('Attributed', [now.attributed, now.purchases], [before.attributed, before.purchases]),
    shareTile('Believed', [now.believed, now.purchases], [before.believed, before.purchases]),
  ];
}

/** Every currency that has been there in either of them, in the order of their codes. */
export function moneyTilesOf(now: Figure, before: Figure): MoneyTile[] {
  const currencies = new Set([...now.money, ...before.money].map(({ currency }) => currency));
  return [...currencies].sort().map((currency) => {
    const [present, past] = [now, before].map(({ money }) => findMoney(money, currency));
    const part = (label: string, of: 'gross' | 'refunded' | 'net'): Tile => ({
      label,
      value: formatAmount(present?.[of] ?? '0', currency),
      before: formatAmount(past?.[of] ?? '0', currency),
      change: compare(Number(present?.[of] ?? 0), Number(past?.[of] ?? 0)),
    });
    return { currency, parts: [part('Net', 'net'), part('Gross', 'gross'), part('Refunded', 'refunded')] };
  });
}

function findMoney(money: readonly Money[], currency: string): Money | undefined {
  return money.find((known) => known.currency === currency);
}

function countTile(label: string, now: number, before: number): Tile {
  return { label, value: formatNumber(now), before: formatNumber(before), change: compare(now, before) };
}

type Share = readonly [part: number, whole: number];

function shareTile(label: string, now: Share, before: Share): Tile {
  const [present, past] = [percentOf(now), percentOf(before)];
  const points = present === undefined || past === undefined ? undefined : present - past;
  return {
    label,
    value: present === undefined ? '–' : `${present} %`,
    before: past === undefined ? undefined : `${past} %`,
    change: points === undefined ? undefined : changeOf(points, `${Math.abs(points)} points`),
  };
}

/** Whole percent, but never all or nothing where it isn't. */
export function percentOf([part, whole]: Share): number | undefined {
  if (whole === 0) return undefined;
  const percent = Math.round((part / whole) * 100);
  if (percent === 100 && part < whole) return 99;
  return percent === 0 && part > 0 ? 1 : percent;
}

function compare(now: number, before: number): Change | undefined {
  if (before === 0) return now === 0 ? { text: 'as before', direction: 'same' } : undefined;
  const percent = Math.round((Math.abs(now - before) / Math.abs(before)) * 100);
  return changeOf(now - before, percent === 0 && now !== before ? 'under 1 %' : `${formatNumber(percent)} %`);
}

function changeOf(difference: number, size: string): Change {
  if (difference === 0) return { text: 'as before', direction: 'same' };
  return difference > 0
    ? { text: `${size} more`, direction: 'up' }
    : { text: `${size} less`, direction: 'down' };
}
