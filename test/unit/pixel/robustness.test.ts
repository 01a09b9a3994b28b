// @vitest-environment happy-dom
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { Purchase } from '../../../src/pixel/index.ts';
import { anyUnits } from '../../support/anyText.ts';
import { openPage, useFreshBrowser } from './support/page.ts';

useFreshBrowser();

const anything = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
});
const value = fc.oneof(anything, anyUnits, fc.double(), fc.date());
const purchase = fc.record(
  {
    event: value,
    serviceName: value,
    customerId: value,
    orderId: value,
    purchasedAt: value,
    amount: value,
    currency: value,
    sig: value,
  },
  { requiredKeys: [], noNullPrototype: false },
);
const notText = (given: unknown) => typeof given !== 'string';

test('whatever a page tracks, it gets a receipt', async () => {
  const { track } = await openPage();
  await fc.assert(
    fc.asyncProperty(fc.oneof(purchase, anything.filter(notText)), async (argument) => {
      const receipt = await track(argument as Purchase);
      expect(['sent', 'duplicate', 'invalid']).toContain(receipt.status);
      if (receipt.status === 'invalid') {
        expect(receipt.reason).toMatch(/^no (event|serviceName|customerId|orderId|purchasedAt)$/);
      }
    }),
    { numRuns: 300 },
  );
});

test('whatever a page tracks, the message is well-formed, short enough and of this provider', async () => {
  const { track, beacons } = await openPage();
  await fc.assert(
    fc.asyncProperty(purchase, async (argument) => {
      beacons.length = 0;
      await track(argument as Purchase);
      for (const { message, fields } of beacons) {
        expect(message.isWellFormed()).toBe(true);
        expect(fields.partnerKey).toBe('pk_acme');
        expect(new URLSearchParams(message).getAll('customerId').length).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 300 },
  );
});

test('whatever text is the argument, it gets an answer, and nothing is sent', async () => {
  const { track, beacons, pictures } = await openPage();
  await fc.assert(
    fc.asyncProperty(
      anyUnits.filter((it) => it !== 'referral' && it !== 'consent'),
      async (argument) => {
        const receipt = { status: 'invalid', reason: 'no command' };
        expect(await track(argument as 'referral')).toEqual(receipt);
      },
    ),
  );
  expect([...beacons, ...pictures]).toEqual([]);
});

const storedName = fc.oneof(
  fc.constant('onramp_pk_acme'),
  fc.constant('onramp_pk_acme.'),
  anyUnits.map((ending) => `onramp_pk_acme.${ending}`),
  fc
    .tuple(fc.oneof(fc.integer(), fc.double()), anyUnits)
    .map(([time, ending]) => `onramp_pk_acme.${time}.${ending}`),
);
const cookieText = fc.oneof(
  fc.string({ unit: 'grapheme-ascii' }),
  anyUnits.map((text) => encodeURIComponent(text.toWellFormed())),
  anyUnits.map((id) => String(new URLSearchParams({ referral: id, landedAt: id }))),
);

test('whatever stands under our names in cookie and localStorage, the page starts and tracks', async () => {
  await fc.assert(
    fc.asyncProperty(fc.dictionary(storedName, anyUnits), cookieText, async (stored, cookie) => {
      localStorage.clear();
      for (const [name, entry] of Object.entries(stored)) localStorage[name] = entry;
      // biome-ignore lint/suspicious/noDocumentCookie: it is what the pixel reads
      document.cookie = `onramp_pk_acme=${cookie.replaceAll(';', '')};path=/;domain=acme.example`;
      const { track, pictures } = await openPage({}, { url: 'https://www.acme.example/' });
      await vi.advanceTimersByTimeAsync(1000);
      for (const picture of pictures) picture.answer('refused');
      const referral = await track('referral');
      if (referral) expect(typeof referral.id).toBe('string');
      const receipt = await track({ serviceName: 'Acme CRM', customerId: '42' });
      expect(receipt.status).toBe('sent');
      dispatchEvent(new Event('pagehide'));
      dispatchEvent(new Event('visibilitychange'));
    }),
    { numRuns: 200 },
  );
}, 30_000);

test('where no referral can be captured, the page still tracks', async () => {
  // A page that wraps URLSearchParams for its own purposes, and forgets what others read with it.
  vi.spyOn(URLSearchParams.prototype, 'get').mockImplementation(() => {
    throw new TypeError('not here');
  });
  const { track, beacons } = await openPage({}, { url: 'https://www.acme.example/?onramp_ref=r' });
  expect(await track({ serviceName: 'Acme CRM', customerId: '42' })).toEqual({ status: 'sent' });
  expect(beacons).toMatchObject([{ fields: { customerId: '42' } }]);
  expect(await track('referral')).toBeNull();
});
