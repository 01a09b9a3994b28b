// @vitest-environment happy-dom
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { Purchase } from '../../../src/pixel/index.ts';
import { earliestPurchaseMs, maxNameLength } from '../../../src/wire/fields.ts';
import { parseAmount, parseCurrency } from '../../../src/wire/money.ts';
import { isTemplateLeftover, toStoredText } from '../../../src/wire/text.ts';
import { anyText } from '../../support/anyText.ts';
import { forgetAll, openPage, startMs, useFreshBrowser } from './support/page.ts';
import { readAsService } from './support/service.ts';

useFreshBrowser();

const name = anyText(maxNameLength).filter((text) => !isTemplateLeftover(text.trim()));
const id = fc.oneof(name, fc.integer(), fc.double({ noNaN: true }));
const timeMs = fc.integer({ min: earliestPurchaseMs, max: startMs });
const purchasedAt = fc.oneof(
  timeMs.map((given) => ({ given, isMs: given })),
  timeMs.map((isMs) => ({ given: String(isMs), isMs })),
  timeMs.map((isMs) => ({ given: new Date(isMs), isMs })),
  timeMs.map((isMs) => ({ given: new Date(isMs).toISOString(), isMs })),
);
const money = fc.oneof(
  anyText(30),
  fc.double({ min: 0, max: 1e9, noNaN: true }),
  fc.constantFrom('49.90', '0', 'usd'),
);
const purchases = fc.record(
  {
    serviceName: name,
    customerId: id,
    orderId: id,
    purchasedAt,
    amount: money,
    currency: money,
  },
  { requiredKeys: ['serviceName', 'customerId'], noNullPrototype: true },
);

const asStored = (given: string | number | undefined) =>
  given === undefined ? undefined : toStoredText(String(given).trim());

test('whatever is bought, the service reads just that, from the beacon and from the image', async () => {
  const page = await openPage();
  const { track, beacons, pictures } = page;
  await fc.assert(
    fc.asyncProperty(purchases, async ({ purchasedAt: time, ...texts }) => {
      await forgetAll(page);
      const calledAt = Date.now();
      const receipt = await track({ ...texts, ...(time && { purchasedAt: time.given }) } as Purchase);
      expect(receipt).toEqual({ status: 'sent' });
      await vi.advanceTimersByTimeAsync(1000);

      const [beacon, picture] = [beacons[0], pictures[0]];
      if (!beacon || !picture || beacons.length + pictures.length > 2) throw new Error('not one of each');
      // Each says in its last field when it was sent.
      const [sent, asked] = [beacon, picture].map(({ fields }) => ({ ...fields, clock: '', sent: '' }));
      expect(asked).toEqual(sent);
      // The service takes addresses of at most 8,000 bytes.
      expect(`${picture.address}?${picture.message}`.length).toBeLessThan(8000);

      const [read, readFromPicture] = [readAsService(beacon), readAsService(picture)];
      expect(readFromPicture.errors).toEqual([]);
      expect({ ...readFromPicture.message, details: {} }).toEqual({ ...read.message, details: {} });
      const { message, errors } = read;
      expect(errors).toEqual([]);
      expect(message).toMatchObject({
        partnerKey: 'pk_acme',
        event: 'purchase',
        serviceName: asStored(texts.serviceName),
        customerId: asStored(texts.customerId),
        sentPurchasedAt: time ? time.isMs : calledAt,
        stamped: !time,
      });
      expect(message.orderId).toBe(asStored(texts.orderId));
      const amount = String(texts.amount ?? '').trim();
      expect(message.details.amount).toBe(parseAmount(amount) === undefined ? undefined : amount);
      expect(message.details.currency).toBe(
        texts.currency === undefined ? undefined : parseCurrency(String(texts.currency)),
      );
    }),
    { numRuns: 300 },
  );
});
