import fc from 'fast-check';
import { expect } from 'vitest';
import { maxNameLength, maxReferralLength } from '../../src/wire/fields.ts';
import { isTemplateLeftover, toStoredText } from '../../src/wire/text.ts';
import { anyText } from '../support/anyText.ts';
import { purchase } from './support/purchase.ts';
import { test } from './support/test.ts';

/** Not what is refused as an id: nothing but blanks, or what a template left unfilled. */
const name = anyText(maxNameLength).filter((text) => text.trim() !== '' && !isTemplateLeftover(text.trim()));
const texts = fc.record({
  serviceName: name,
  customerId: name,
  orderId: name,
  referral: anyText(maxReferralLength),
});
const form = 'application/x-www-form-urlencoded';

test('whatever texts a purchase has, JSON, form and picture are the same one, and it is read back so', async ({
  acme,
}) => {
  let count = 0;
  await fc.assert(
    fc.asyncProperty(texts, async (given) => {
      const fields = { ...purchase, ...given };
      const before = count;
      const encoded = String(new URLSearchParams(fields));
      const [first, second] = [await acme.post(fields), await acme.postRaw(encoded, form)];
      // By chance it may be one that came before.
      if (first.status === 201) count++;
      expect([first.status, second.status]).toEqual([count > before ? 201 : 200, 200]);
      expect(second.body.id).toBe(first.body.id);
      const { status, picture, headers } = await acme.picture(fields);
      expect([status, picture, headers.get('x-tracking-result')]).toEqual([200, '3x1', 'duplicate']);
      const [row] = await acme.rows('?limit=1');
      if (count > before)
        expect(row).toMatchObject(
          Object.fromEntries(
            Object.entries(given).flatMap(([field, text]) =>
              text.trim() ? [[field, toStoredText(text.trim())]] : [],
            ),
          ),
        );
    }),
    { numRuns: 100 },
  );
  expect((await acme.rows('?limit=1000')).length).toBe(count);
});
