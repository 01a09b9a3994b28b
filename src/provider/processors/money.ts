import { fromMinorUnits } from '../fromMinorUnits.ts';

/** An amount as the kit sends it. @throws OnrampError that says what is wrong with the amount or the currency */
export function toMoney(
  amount: number | bigint | undefined,
  currency: string | undefined,
  processor: 'stripe' | 'paddle',
): { amount: string; currency: string } {
  const code = currency?.toUpperCase() ?? '';
  return { amount: fromMinorUnits(amount ?? Number.NaN, code, { processor }), currency: code };
}
