// @vitest-environment happy-dom
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { purchaseKey } from '../../../src/wire/key.ts';
import { anyText } from '../../support/anyText.ts';
import { openPage, startMs, useFreshBrowser } from './support/page.ts';
import { readAsService } from './support/service.ts';

useFreshBrowser();

// A few, so that equal ones come up, and some that an encoding could mix up.
const few = fc.constantFrom('a', 'b', 'a&', 'a&orderId=b', '1', '\ud800', '\ufffd', '%00', '0');
const text = fc.oneof({ weight: 5, arbitrary: few }, { weight: 1, arbitrary: anyText(200) });
const isoTime = new Date(startMs).toISOString();
const purchases = fc.record(
  {
    serviceName: text,
    customerId: text,
    orderId: text,
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

test('the browser takes for one purchase only what is one for the service', async () => {
  const { track, beacons } = await openPage();
  await fc.assert(
    fc.asyncProperty(purchases, purchases, async (one, other) => {
      const keyNow = () => {
        const [beacon] = beacons;
        if (!beacon) throw new Error('nothing was sent');
        const { message } = readAsService(beacon);
        // Of a customer's stamped purchases, the service takes all within 24 hours for one.
        const purchasedAtMs = message.stamped ? 0 : (message.sentPurchasedAt ?? Number.NaN);
        const { serviceName = '', customerId = '' } = message;
        return purchaseKey({ ...message, serviceName, customerId, purchasedAtMs });
      };
      const send = async (purchase: typeof one) => {
        beacons.length = 0;
        return (await track(purchase)).status;
      };
      localStorage.clear();
      await send(one);
      const key = keyNow();
      const status = await send(other);
      // Asked by itself, with nothing remembered: whose key has it?
      localStorage.clear();
      await send(other);
      if (status === 'duplicate') expect(keyNow()).toBe(key);
      else expect(status).toBe('sent');

      localStorage.clear();
      await send(one);
      expect(await send({ ...one, amount: 3 })).toBe('duplicate');
    }),
    { numRuns: 400 },
  );
});
