import { expect } from '@playwright/test';
import type { Ledger, Row } from './ledger.ts';

/** All that the provider's ledger has to hold; what isn't named has to be empty. */
export interface ExpectedLedger {
  clicks?: number;
  visits?: number | 'some or none';
  /** Each with the fields that matter, in any order; those that it may not have are undefined. */
  purchases?: Row[];
  signups?: Row[];
  rejections?: number | 'some';
}

/** Resolves to the purchases that were found. */
export async function compareLedger(ledger: Ledger, expected: ExpectedLedger): Promise<Row[]> {
  const { clicks = 0, visits = 0, purchases = [], signups = [], rejections = 0 } = expected;
  const [rows, clicked, refused] = await Promise.all([ledger.rows(), ledger.clicks(), ledger.rejections()]);
  const of = (event: string) => rows.filter((row) => row.event === event);
  const found = { purchases: of('purchase'), signups: of('signup') };
  expect({
    clicks: clicked.length,
    visits: visits === 'some or none' ? visits : of('visit').length,
    purchases: found.purchases.length,
    signups: found.signups.length,
    rejections: rejections === 'some' && refused.length ? 'some' : refused.length,
  }).toEqual({ clicks, visits, purchases: purchases.length, signups: signups.length, rejections });
  for (const purchase of purchases) expectRow(found.purchases, purchase);
  for (const signup of signups) expectRow(found.signups, signup);
  return found.purchases;
}

function expectRow(rows: Row[], expected: Row): void {
  const fields = Object.keys(expected);
  const found = rows.map((row) => Object.fromEntries(fields.map((field) => [field, row[field]])));
  expect(found).toContainEqual(expected);
}
