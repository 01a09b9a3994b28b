import { expect } from '@playwright/test';
import type { Ledger, Row } from './ledger.ts';

/** All that the provider's ledger has to hold; what isn't named has to be empty. */
export interface ExpectedLedger {
  clicks?: number;
  visits?: number | 'some or none';
  /** Each with the fields that matter, in any order; those that it may not have are undefined. */
  purchases?: Row[];
  rejections?: number | 'some';
}

export async function compareLedger(ledger: Ledger, expected: ExpectedLedger): Promise<void> {
  const { clicks = 0, visits = 0, purchases = [], rejections = 0 } = expected;
  const found = await ledger.purchases();
  const refused = await ledger.rejections();
  expect({
    clicks: (await ledger.clicks()).length,
    visits: visits === 'some or none' ? visits : (await ledger.visits()).length,
    purchases: found.length,
    rejections: rejections === 'some' && refused.length ? 'some' : refused.length,
  }).toEqual({ clicks, visits, purchases: purchases.length, rejections });
  for (const purchase of purchases) {
    const fields = Object.keys(purchase);
    const rows = found.map((row) => Object.fromEntries(fields.map((field) => [field, row[field]])));
    expect(rows).toContainEqual(purchase);
  }
}
