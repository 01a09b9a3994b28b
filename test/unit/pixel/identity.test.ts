// @vitest-environment happy-dom
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Purchase } from '../../../src/pixel/index.ts';
import { purchaseKey, signupKey } from '../../../src/wire/key.ts';
import { isTemplateLeftover, lengthOf } from '../../../src/wire/text.ts';
import { anyText } from '../../support/anyText.ts';
import { forgetAll, openPage, startMs, useFreshBrowser } from './support/page.ts';
import { readAsService } from './support/service.ts';

useFreshBrowser();

// Few, so that equal ones come up, and what an encoding could mix up or a hash could leave out.
const sign = fc.constantFrom(...',&=%+" 1230aé', '🚀', '🚁', '\ud800', '\ude80', '\ufffd', '%2C', 'orderId=');
const filledIn = (text: string) => !isTemplateLeftover(text.trim()) && lengthOf(text) <= 200;
const text = fc
  .oneof(
    { weight: 5, arbitrary: fc.string({ unit: sign, minLength: 1, maxLength: 3 }) },
    { weight: 1, arbitrary: anyText(200) },
  )
  .filter(filledIn);
const isoTime = new Date(startMs).toISOString();
const purchases: fc.Arbitrary<Purchase> = fc.record(
  {
    event: fc.constantFrom<('purchase' | 'signup')[]>('purchase', 'signup'),
    serviceName: text,
    customerId: text,
    orderId: fc.oneof(text, fc.constantFrom(isoTime, `${startMs}`)),
    purchasedAt: fc.constantFrom<(Date | string | number)[]>(
      startMs,
      isoTime,
      new Date(startMs),
      startMs - 1,
    ),
    amount: fc.constantFrom<number[]>(1, 2),
  },
  { requiredKeys: ['serviceName', 'customerId'], noNullPrototype: true },
);
const changed = fc.record(
  {
    event: fc.constantFrom<('purchase' | 'signup')[]>('purchase', 'signup'),
    customerId: text,
    orderId: text,
  },
  { requiredKeys: [], noNullPrototype: true },
);
/** Two that differ in few fields, or in none. */
const alike = fc
  .tuple(purchases, changed)
  .map(([one, change]): [Purchase, Purchase] => [one, { ...one, ...change }]);
/** Two whose texts, one behind the other, read the same. */
const shifted = fc
  .tuple(text, text, text, fc.constantFrom(...',&=%', '', '&orderId='))
  .map(([first, second, third, separator]): [Purchase, Purchase] => [
    { serviceName: 'Acme CRM', customerId: first, orderId: second + separator + third },
    { serviceName: 'Acme CRM', customerId: first + separator + second, orderId: third },
  ])
  .filter((pair) =>
    pair.every(({ customerId, orderId }) => filledIn(`${customerId}`) && filledIn(`${orderId}`)),
  );

const acme = { serviceName: 'Acme CRM' };
const examples: [[Purchase, Purchase]][] = [
  [
    [
      { ...acme, customerId: '1', orderId: '2,3' },
      { ...acme, customerId: '1,2', orderId: '3' },
    ],
  ],
  [
    [
      { ...acme, customerId: '1', orderId: '2&orderId=3' },
      { ...acme, customerId: '1&orderId=2', orderId: '3' },
    ],
  ],
  [
    [
      { ...acme, customerId: '1' },
      { ...acme, customerId: '1', event: 'signup' },
    ],
  ],
  [
    [
      { ...acme, customerId: '1', orderId: isoTime },
      { ...acme, customerId: '1', purchasedAt: isoTime },
    ],
  ],
  [
    [
      { ...acme, customerId: 'x🚀' },
      { ...acme, customerId: 'x🚁' },
    ],
  ],
  [
    [
      { ...acme, customerId: 'x', orderId: '🚀' },
      { ...acme, customerId: 'x', orderId: '🤀' },
    ],
  ],
  [
    [
      { ...acme, customerId: 'ab' },
      { ...acme, customerId: 'ba' },
    ],
  ],
  [
    [
      { ...acme, customerId: 'x'.repeat(200) },
      { ...acme, customerId: `${'x'.repeat(199)}y` },
    ],
  ],
];

test('the browser takes for one purchase only what is one for the service', async () => {
  const page = await openPage();
  const { track, beacons } = page;
  /** The key that the service finds in the message that was sent last. */
  const keyNow = () => {
    const beacon = beacons.at(-1);
    if (!beacon) throw new Error('nothing was sent');
    const { message, errors } = readAsService(beacon);
    expect(errors).toEqual([]);
    const { serviceName = '', customerId = '' } = message;
    if (message.event === 'signup') return signupKey(message.partnerKey, serviceName, customerId);
    // Of a customer's stamped purchases, the service takes all within 24 hours for one.
    const purchasedAtMs = message.stamped ? 0 : (message.sentPurchasedAt ?? Number.NaN);
    return purchaseKey({ ...message, serviceName, customerId, purchasedAtMs });
  };
  await fc.assert(
    fc.asyncProperty(fc.oneof(alike, shifted, fc.tuple(purchases, purchases)), async ([one, other]) => {
      await forgetAll(page);
      expect(await track(other)).toEqual({ status: 'sent' });
      const otherKey = keyNow();
      await forgetAll(page);
      expect(await track(one)).toEqual({ status: 'sent' });
      const key = keyNow();
      const { status } = await track(other);
      if (status === 'duplicate') expect(otherKey).toBe(key);
      else expect(status).toBe('sent');
      expect(await track({ ...one, amount: 3 })).toEqual({ status: 'duplicate' });
    }),
    { numRuns: 400, examples },
  );
});
