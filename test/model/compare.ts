import { expect } from '@playwright/test';
import type { Ledger, Row } from '../support/ledger.ts';
import { keyOf, keyOfRow, rowOf } from './bought.ts';
import type { Certainty, Expected } from './known.ts';

/**
 * Asserts that the ledger holds what has arrived, nothing twice, and nothing that nobody has sent. It fails
 * also while something is still under way.
 */
export async function compareWithModel(ledger: Ledger, expected: Expected, startedAt: number): Promise<void> {
  const [purchases, signups] = [await ledger.purchases(), await ledger.signups()];
  const visits = await ledger.visits();
  comparePurchases([...purchases, ...signups], expected, startedAt);
  compareVisits(visits, expected);
}

const isCertain = ({ certainty }: { certainty: Certainty }) =>
  certainty === 'asked' || certainty === 'arrived';

function comparePurchases(rows: Row[], { copies, byServer }: Expected, startedAt: number): void {
  const found = rows.map(keyOfRow).sort();
  const arrived = copies.filter(isCertain).map(({ bought }) => bought);
  const certain = new Set([...arrived, ...byServer].map(keyOf));
  const sent = new Set([...copies.map(({ bought }) => bought), ...byServer].map(keyOf));
  const possible = found.filter((key) => sent.has(key));
  expect(found, 'purchases in the ledger').toEqual([...new Set([...certain, ...possible])].sort());

  for (const row of rows) {
    const key = keyOfRow(row);
    const own = copies.filter(({ bought }) => keyOf(bought) === key);
    const reported = byServer.find((bought) => keyOf(bought) === key);
    const bought = reported ?? own[0]?.bought;
    if (!bought) throw new Error(`nobody bought ${key}`);
    expect(row, key).toMatchObject({ ...rowOf(bought), trust: reported ? 'server' : 'origin' });
    if (bought.by !== 'time') {
      const madeAt = Date.parse(String(row.purchasedAt));
      // The wire takes a moment.
      expect(madeAt, `${key}: purchasedAt`).toBeGreaterThan(startedAt - 1000);
      expect(madeAt, `${key}: purchasedAt`).toBeLessThan(Date.now() + 1000);
    }
    compareReferral(row, own);
  }
}

/** Of copies that say different things the first to come counts; one that says nothing leaves room. */
function compareReferral({ referral, ...row }: Row, copies: Expected['copies']): void {
  const silent = copies.every((copy) => !isCertain(copy) || copy.referrals.includes(undefined));
  const said = new Set<unknown>(copies.flatMap((copy) => copy.referrals).filter(Boolean));
  if (silent) said.add(undefined);
  expect([...said], `${keyOfRow(row)}: referral`).toContain(referral);
}

function compareVisits(rows: Row[], { visits }: Expected): void {
  for (const id of new Set([...visits, ...rows].map(({ referral }) => referral))) {
    const found = rows.filter(({ referral }) => referral === id).length;
    const own = visits.filter(({ referral }) => referral === id);
    const arrived = own.filter(isCertain).length;
    expect(found, `visits by ${id}`).toBeGreaterThanOrEqual(arrived);
    expect(found, `visits by ${id}`).toBeLessThanOrEqual(own.length);
  }
}
