import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstCopy, mergeCopy } from '../../../src/marketplace/ledger/merge.ts';
import { levels, referralSources } from '../../../src/wire/fields.ts';

const anyPart = fc.record({
  trust: fc.constantFrom(...levels),
  details: fc.record(
    {
      purchasedAt: fc.nat(9),
      amount: fc.constantFrom('1', '2'),
      currency: fc.constantFrom('EUR', 'USD'),
      referral: fc.constantFrom('', 'one', 'other'),
      referralSource: fc.constantFrom(...referralSources),
      landedAt: fc.nat(9),
      page: fc.constantFrom('', 'https://acme.example/'),
    },
    { requiredKeys: [] },
  ),
});
const anyCopy = fc.record({
  via: fc.constantFrom('post' as const, 'gif' as const),
  receivedAt: fc.nat(),
  isBot: fc.boolean(),
  parts: fc.array(anyPart, { maxLength: 3 }),
});

test('the first copy makes what merging it into nothing would', () => {
  fc.assert(
    fc.property(anyCopy, (copy) => {
      const { row: merged } = mergeCopy({ details: {}, trust: 'unsigned', copies: [] }, copy);
      expect(firstCopy(copy)).toEqual(merged);
    }),
    { numRuns: 2_000 },
  );
});
