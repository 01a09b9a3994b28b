import { invalidCall } from './error.ts';

export interface MinorUnitOptions {
  processor?: 'stripe' | 'paddle' | undefined;
}

/** The decimal text in major units of an amount in minor units. */
export function fromMinorUnits(
  amount: number | bigint | string,
  currency: string,
  { processor }: MinorUnitOptions = {},
): string {
  if (!/^\d+$/.test(String(amount)) || !/^[A-Z]{3}$/.test(currency)) {
    throw invalidCall([{ pointer: '/amount', code: 'invalid', detail: 'amount or currency is wrong' }]);
  }
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits =
    processor === 'stripe' && ['UGX', 'HUF'].includes(currency)
      ? 2
      : (format.resolvedOptions().maximumFractionDigits ?? 2);
  const padded = String(amount).padStart(digits + 1, '0');
  return digits === 0 ? padded : `${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
}
