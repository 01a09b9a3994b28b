import { fromBillionths } from '../ledger/figures.ts';
import type { FigureSum } from '../store/figures.ts';
import type { Figure } from './figure.ts';

/** Makes a figure of what was added up of its group. */
export interface Tally {
  add(sum: FigureSum): void;
  result(): Figure;
}

const countOf = {
  click: 'clicks',
  visit: 'visits',
  signup: 'signups',
  purchase: 'purchases',
  renewal: 'renewals',
} as const;

/** Amounts in billionths, by currency. */
interface Purse {
  gross: bigint;
  refunded: bigint;
  believed: bigint;
}

/** @param groups what the figure is of */
export function createTally(groups: Readonly<Record<string, string | null>>): Tally {
  const purses = new Map<string, Purse>();
  const figure: Figure = {
    ...groups,
    clicks: 0,
    visits: 0,
    signups: 0,
    purchases: 0,
    attributed: 0,
    believed: 0,
    renewals: 0,
    money: [],
    copies: { both: 0, server: 0, browser: 0 },
    bots: 0,
    tests: 0,
  };

  function addMoney({ event, currency, money, isProven }: FigureSum): void {
    if (currency === null) return;
    const purse = purses.get(currency) ?? { gross: 0n, refunded: 0n, believed: 0n };
    purses.set(currency, purse);
    if (event === 'refund') purse.refunded += money;
    else purse.gross += money;
    if (event !== 'refund' && isProven) purse.believed += money;
  }

  return {
    add(sum) {
      const { event, countedAs, count, isAttributed, isBelieved, reportedBy } = sum;
      if (countedAs !== 'normal') {
        figure[countedAs === 'bot' ? 'bots' : 'tests'] += count;
        return;
      }
      addMoney(sum);
      if (event === 'refund') return;
      figure[countOf[event]] += count;
      if (event !== 'purchase') return;
      if (isAttributed) figure.attributed += count;
      if (isBelieved) figure.believed += count;
      if (reportedBy) figure.copies[reportedBy] += count;
    },
    result() {
      const money = [...purses].sort(([one], [other]) => (one < other ? -1 : 1));
      return {
        ...figure,
        money: money.map(([currency, { gross, refunded, believed }]) => ({
          currency,
          gross: fromBillionths(gross),
          refunded: fromBillionths(refunded),
          net: fromBillionths(gross - refunded),
          believed: fromBillionths(believed),
        })),
      };
    },
  };
}
