// @vitest-environment happy-dom
import { describe, expect, test, vi } from 'vitest';
import type { Purchase } from '../../../src/pixel/index.ts';
import {
  denyStorage,
  fillStorage,
  giveAllChances,
  openPage,
  storedPurchases,
  useFreshBrowser,
} from './support/page.ts';

useFreshBrowser();

const purchase = { serviceName: 'Acme CRM', customerId: '42', orderId: 'o-1' };
const signup = { serviceName: 'Acme CRM', customerId: '42', event: 'signup' } as const;

test('sent: the beacon queue took it, and the outbox keeps it', async () => {
  const { track, beacons, pictures } = await openPage();
  expect(await track(purchase)).toEqual({ status: 'sent' });
  expect(beacons).toMatchObject([
    {
      address: 'https://market.example/api/SaasTrackings',
      kind: '[object URLSearchParams]',
      fields: purchase,
    },
  ]);
  expect(pictures).toEqual([]);
  expect(Object.values(storedPurchases())).toEqual([true]);
});

test('sent: the outbox keeps it where the beacon queue takes nothing, and the image goes at once', async () => {
  const { track, pictures } = await openPage({}, { beacons: false });
  const receipt = track(purchase);
  await vi.advanceTimersByTimeAsync(0);
  expect(await receipt).toEqual({ status: 'sent' });
  expect(pictures).toMatchObject([
    { address: 'https://market.example/api/SaasTrackings.gif', fields: purchase, referrerPolicy: 'origin' },
  ]);
});

describe.each([
  ['denied', denyStorage],
  ['full', fillStorage],
])('where storage is %s', (_name, breakStorage) => {
  test('sent: the beacon queue took it', async () => {
    breakStorage();
    const { track } = await openPage();
    expect(await track(purchase)).toEqual({ status: 'sent' });
  });

  test('sent: the image proves it', async () => {
    breakStorage();
    const { track, pictures } = await openPage({}, { beacons: false });
    const receipt = track(purchase);
    let isSettled = false;
    void receipt.then(() => {
      isSettled = true;
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(pictures.length).toBe(1);
    pictures[0]?.answer('stored');
    // The two seconds are over first, whenever the proof comes.
    await vi.advanceTimersByTimeAsync(1999);
    expect(isSettled).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await receipt).toEqual({ status: 'sent' });
  });

  test('sent: the image fails at first, and proves it within 2 seconds', async () => {
    breakStorage();
    const { track, pictures } = await openPage({}, { beacons: false });
    const receipt = track(purchase);
    await vi.advanceTimersByTimeAsync(0);
    for (const picture of pictures) picture.fail();
    await vi.advanceTimersByTimeAsync(1000);
    pictures.at(-1)?.answer('stored');
    await vi.advanceTimersByTimeAsync(1000);
    expect(await receipt).toEqual({ status: 'sent' });
  });

  test('held: nothing took it within 2 seconds; this page goes on trying until there is a proof', async () => {
    breakStorage();
    const { track, pictures } = await openPage({}, { beacons: false });
    let receipt: unknown;
    void track(purchase).then((settled) => {
      receipt = settled;
    });
    await vi.advanceTimersByTimeAsync(1999);
    expect(receipt).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(receipt).toEqual({ status: 'held' });
    await vi.advanceTimersByTimeAsync(2000);
    const asked = pictures.length;
    expect(new Set(pictures.map(({ message }) => message)).size).toBe(3);
    pictures.at(-1)?.answer('stored');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pictures.length).toBe(asked);
  });

  test('duplicate: this page remembers', async () => {
    breakStorage();
    const { track, beacons } = await openPage();
    await track(purchase);
    expect(await track(purchase)).toEqual({ status: 'duplicate' });
    expect(beacons.length).toBe(1);
  });
});

describe('duplicate', () => {
  const { orderId, ...customer } = purchase;
  const at = { ...customer, purchasedAt: '2017-03-01' };
  const trial = { ...purchase, event: 'signup' } as const;

  test.each<[string, Purchase, Purchase, 'sent' | 'duplicate']>([
    ['the same order', purchase, { ...purchase }, 'duplicate'],
    ['the same order at another time', purchase, { ...purchase, purchasedAt: '2017-03-01' }, 'duplicate'],
    ['the same order with another amount', purchase, { ...purchase, amount: 5 }, 'duplicate'],
    ['another order', purchase, { ...purchase, orderId: 'o-2' }, 'sent'],
    ['another customer', purchase, { ...purchase, customerId: '43' }, 'sent'],
    ['another service', purchase, { ...purchase, serviceName: 'Acme ERP' }, 'sent'],
    ['without order id, the same time', at, { ...at }, 'duplicate'],
    ['without order id, another time', at, { ...at, purchasedAt: '2017-03-02' }, 'sent'],
    ['without both', customer, { ...customer }, 'duplicate'],
    ['without both, another customer', customer, { ...customer, customerId: '43' }, 'sent'],
    ['another event', purchase, { ...purchase, event: 'signup' }, 'sent'],
    ['without both, another event', customer, { ...customer, event: 'signup' }, 'sent'],
    ['a signup with another order', trial, { ...trial, orderId: 'o-2' }, 'duplicate'],
    ['a signup with another time', trial, { ...trial, purchasedAt: '2017-03-01' }, 'duplicate'],
    ['a signup of another customer', trial, { ...trial, customerId: '43' }, 'sent'],
    ['a signup for another service', trial, { ...trial, serviceName: 'Acme ERP' }, 'sent'],
    ['an order id like the time of another', at, { ...customer, orderId: '2017-03-01' }, 'sent'],
    ['texts with blanks around them', purchase, { ...purchase, customerId: ' 42\n' }, 'duplicate'],
    [
      'fields that only run together alike',
      { serviceName: 'a', customerId: 'bc' },
      { serviceName: 'ab', customerId: 'c' },
      'sent',
    ],
  ])('%s', async (_name, first, second, status) => {
    const { track, beacons } = await openPage();
    expect(await track(first)).toEqual({ status: 'sent' });
    expect(await track(second)).toEqual({ status });
    expect(beacons.length).toBe(status === 'sent' ? 2 : 1);
  });

  test('on the next page, proven or not', async () => {
    const first = await openPage();
    await first.track(purchase);
    expect(await (await openPage()).track(purchase)).toEqual({ status: 'duplicate' });
    const third = await openPage();
    await vi.advanceTimersByTimeAsync(1000);
    third.pictures[0]?.answer('stored');
    expect(await third.track(purchase)).toEqual({ status: 'duplicate' });
  });

  test('in a page that has its referral from the cookie, and has not looked at the storage yet', async () => {
    await (await openPage({}, { url: 'https://www.acme.example/?onramp_ref=r' })).track(purchase);
    expect(await (await openPage()).track(purchase)).toEqual({ status: 'duplicate' });
  });

  test('not for another provider', async () => {
    await (await openPage()).track(purchase);
    expect(await (await openPage({ partnerKey: 'pk_other' })).track(purchase)).toEqual({ status: 'sent' });
  });
});

describe('invalid', () => {
  test.each<[string, Purchase | undefined, string]>([
    ['nothing given', undefined, 'no serviceName'],
    ['no service', { customerId: 1 }, 'no serviceName'],
    ['no customer', { serviceName: 'Acme CRM' }, 'no customerId'],
    ...[
      'undefined',
      'null',
      ' NaN ',
      '[object Object]',
      '{{ user.id }}',
      'c-{{id}}',
      '<%= id %>',
      '#{id}',
    ].flatMap((leftover): [string, Purchase, string][] => [
      [`customer ${leftover}`, { ...purchase, customerId: leftover }, 'no customerId'],
      [`service ${leftover}`, { ...purchase, serviceName: leftover }, 'no serviceName'],
      [`order ${leftover}`, { ...purchase, orderId: leftover }, 'no orderId'],
    ]),
    [
      'a time that was not filled in',
      { ...signup, event: 'purchase', purchasedAt: 'null' },
      'no purchasedAt',
    ],
    ['a signup without customer', { event: 'signup', serviceName: 'Acme CRM' }, 'no customerId'],
  ])('%s: said with its reason, and sent once all the same', async (_name, argument, reason) => {
    const { track, beacons, pictures } = await openPage();
    expect(await track(argument)).toEqual({ status: 'invalid', reason });
    expect(console.error).toHaveBeenCalledExactlyOnceWith(`onramp: ${reason}`);
    expect(beacons).toMatchObject([{ fields: { event: argument?.event ?? 'purchase' } }]);
    await giveAllChances();
    expect([beacons.length, pictures.length]).toEqual([1, 0]);
    expect(storedPurchases()).toEqual({});
  });

  test('by image where the beacon queue takes nothing', async () => {
    const { track, pictures } = await openPage({}, { beacons: false });
    expect(await track({ customerId: 1 })).toEqual({ status: 'invalid', reason: 'no serviceName' });
    expect(pictures).toMatchObject([{ fields: { customerId: '1' } }]);
    pictures[0]?.answer('refused');
    expect(console.error).toHaveBeenCalledExactlyOnceWith('onramp: no serviceName');
  });

  test('a signup asks nothing of the order', async () => {
    const { track } = await openPage();
    expect(await track({ ...signup, orderId: 'null' })).toEqual({ status: 'sent' });
  });

  test.each(['purchase', 'Referral', 'consent ', ''])('the text %j is no command', async (text) => {
    const { track, beacons, pictures } = await openPage();
    expect(await track(text as 'referral')).toEqual({ status: 'invalid', reason: 'no command' });
    expect(console.error).toHaveBeenCalledExactlyOnceWith('onramp: no command');
    await giveAllChances();
    expect([beacons, pictures]).toEqual([[], []]);
  });
});

test('a receipt is there before the first proof could be', async () => {
  const { track } = await openPage();
  await track(purchase);
  // The look at what is stored, and the four questions.
  expect(vi.getTimerCount()).toBe(5);
});
