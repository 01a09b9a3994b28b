// @vitest-environment happy-dom
import { describe, expect, test, vi } from 'vitest';
import {
  dayMs,
  fillStorage,
  hourMs,
  openPage,
  startMs,
  storedPurchases,
  useFreshBrowser,
} from './support/page.ts';

useFreshBrowser();

const purchase = { serviceName: 'Acme CRM', customerId: '42', orderId: 'o-1' };

describe('without a proof', () => {
  test('the image asks after 1, 4, 16 and 60 seconds, each time at another address', async () => {
    const { track, pictures } = await openPage();
    await track(purchase);
    const counts = [];
    for (const wait of [999, 1, 2999, 1, 11_999, 1, 43_999, 1, dayMs]) {
      await vi.advanceTimersByTimeAsync(wait);
      counts.push(pictures.length);
    }
    expect(counts).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4]);
    expect(new Set(pictures.map(({ message }) => message)).size).toBe(4);
  });

  test.each(['online', 'visibilitychange'])('the image asks at %s', async (type) => {
    const { track, pictures } = await openPage();
    await track(purchase);
    dispatchEvent(new Event(type));
    expect(pictures).toMatchObject([{ fields: purchase }]);
  });

  test('the image asks at the next page with the tag', async () => {
    await (await openPage()).track(purchase);
    const { pictures, beacons } = await openPage();
    expect(pictures).toMatchObject([{ fields: purchase }]);
    expect(beacons).toEqual([]);
  });

  test('a beacon goes once more when the page is left', async () => {
    const { track, beacons } = await openPage();
    await track(purchase);
    dispatchEvent(new Event('pagehide'));
    expect(beacons).toMatchObject([{ fields: purchase }, { fields: purchase }]);
  });

  test('a beacon goes once more when the page is hidden', async () => {
    const { track, beacons } = await openPage();
    await track(purchase);
    vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    expect(beacons).toMatchObject([{ fields: purchase }, { fields: purchase }]);
  });
});

/** A page with a purchase whose first image is on its way. */
async function openAskingPage() {
  const page = await openPage();
  await page.track(purchase);
  await vi.advanceTimersByTimeAsync(1000);
  return page;
}

/** Everything that makes the pixel ask once more. */
async function giveAllChances() {
  await vi.advanceTimersByTimeAsync(60_000);
  for (const type of ['online', 'pagehide', 'visibilitychange']) dispatchEvent(new Event(type));
}

describe('a picture', () => {
  test('of 3x1 proves: a mark is left, and nothing is sent any more', async () => {
    const { beacons, pictures } = await openAskingPage();
    pictures[0]?.answer(3, 1);
    await giveAllChances();
    expect([beacons.length, pictures.length]).toEqual([1, 1]);
    expect(Object.values(storedPurchases())).toEqual([false]);
    expect((await openPage()).pictures).toEqual([]);
  });

  test('of 1x3 refuses: said in the console, nothing is left, and nothing is sent any more', async () => {
    const { beacons, pictures } = await openAskingPage();
    pictures[0]?.answer(1, 3);
    await giveAllChances();
    expect([beacons.length, pictures.length]).toEqual([1, 1]);
    expect(storedPurchases()).toEqual({});
    expect(console.error).toHaveBeenCalledExactlyOnceWith('onramp: purchase refused');
  });

  test.each([
    [0, 0],
    [1, 1],
    [2, 1],
    [1, 2],
    [2, 2],
    [3, 2],
    [3, 3],
    [4, 1],
    [31, 1],
    [300, 150],
  ])("of %ix%i is another one's and proves nothing", async (width, height) => {
    const { pictures } = await openAskingPage();
    pictures[0]?.answer(width, height);
    expect(Object.values(storedPurchases())).toEqual([true]);
    await vi.advanceTimersByTimeAsync(3000);
    expect(pictures.length).toBe(2);
    expect(console.error).not.toHaveBeenCalled();
  });

  test('that fails proves nothing', async () => {
    const { pictures } = await openAskingPage();
    pictures[0]?.fail();
    expect(Object.values(storedPurchases())).toEqual([true]);
    await vi.advanceTimersByTimeAsync(3000);
    expect(pictures.length).toBe(2);
  });

  test('that comes late changes nothing: what was refused stays so', async () => {
    const { pictures } = await openAskingPage();
    await vi.advanceTimersByTimeAsync(3000);
    pictures[0]?.answer(1, 3);
    pictures[1]?.answer(3, 1);
    expect(storedPurchases()).toEqual({});
  });
});

describe('at most 20 wait in storage', () => {
  test('of 25 purchases all are sent, and this page asks for the proof of each', async () => {
    const { track, beacons, pictures } = await openPage();
    for (let order = 0; order < 25; order++) {
      expect(await track({ ...purchase, orderId: order })).toEqual({ status: 'sent' });
    }
    expect(Object.values(storedPurchases())).toEqual(Array(20).fill(true));
    expect(beacons.length).toBe(25);
    await vi.advanceTimersByTimeAsync(1000);
    expect(new Set(pictures.map(({ fields }) => fields.orderId)).size).toBe(25);
  });

  test('what is proven waits no longer', async () => {
    const { track, pictures } = await openPage();
    for (let order = 0; order < 25; order++) {
      await track({ ...purchase, orderId: order });
      await vi.advanceTimersByTimeAsync(1000);
      for (const picture of pictures) picture.answer(3, 1);
    }
    expect(Object.values(storedPurchases())).toEqual(Array(25).fill(false));
  });
});

describe('age', () => {
  test.each([
    ['an entry of 6 days asks, and stays', 6 * dayMs, { asks: true, stays: true }],
    ['an entry of 7 days and an hour asks a last time', 7 * dayMs + hourMs, { asks: true, stays: false }],
    [
      'an entry from a clock that was a year ahead asks a last time',
      -365 * dayMs,
      { asks: true, stays: false },
    ],
  ])('%s', async (_name, laterMs, { asks, stays }) => {
    await (await openPage()).track(purchase);
    vi.setSystemTime(startMs + laterMs);
    const { pictures } = await openPage();
    expect(pictures.length > 0).toBe(asks);
    expect(Object.values(storedPurchases())).toEqual(stays ? [true] : []);
  });

  test.each([
    ['23 hours stays', 23 * hourMs, true],
    ['25 hours goes', 25 * hourMs, false],
    ['a clock that was a year ahead goes', -365 * dayMs, false],
  ])('a sent mark of %s', async (_name, laterMs, stays) => {
    const { pictures } = await openAskingPage();
    pictures[0]?.answer(3, 1);
    vi.setSystemTime(startMs + laterMs);
    expect((await openPage()).pictures).toEqual([]);
    expect(Object.values(storedPurchases())).toEqual(stays ? [false] : []);
  });

  test.each([
    ['23 hours', 23 * hourMs, 'duplicate'],
    ['25 hours', 25 * hourMs, 'sent'],
    ['a year, by a clock that was set back,', -365 * dayMs, 'sent'],
  ])('the same purchase %s later in the same page is %s', async (_name, laterMs, status) => {
    const { track } = await openPage();
    await track(purchase);
    vi.setSystemTime(startMs + laterMs);
    expect(await track(purchase)).toEqual({ status });
  });
});

test('10,000 orders in sequence have 10,000 different keys', async () => {
  const { track } = await openPage();
  const keys = new Set<string>();
  for (let order = 0; order < 10_000; order++) {
    await track({ ...purchase, orderId: 100_000 + order });
    for (const key of Object.keys(storedPurchases())) keys.add(key);
    localStorage.clear();
    vi.clearAllTimers();
  }
  expect(keys.size).toBe(10_000);
}, 30_000);

describe("another provider's purchases", () => {
  const theirs = `onramp_pk_a_b.${startMs - 30 * dayMs}.1`;

  test('are left alone, whose key ours is the beginning of', async () => {
    localStorage[theirs] = 'customerId=1&sent=';
    const { track, beacons, pictures } = await openPage({ partnerKey: 'pk_a' });
    await track(purchase);
    await giveAllChances();
    for (const { fields } of [...beacons, ...pictures]) expect(fields).toMatchObject(purchase);
    expect(localStorage[theirs]).toBe('customerId=1&sent=');
  });

  test('and what the page stores itself are left alone where storage is full', async () => {
    localStorage.cart = 'full';
    localStorage[theirs] = 'customerId=1&sent=';
    fillStorage();
    const { track, pictures } = await openPage({ partnerKey: 'pk_a' });
    await track(purchase);
    await vi.advanceTimersByTimeAsync(1000);
    pictures[0]?.answer(3, 1);
    expect({ ...localStorage }).toEqual({ cart: 'full', [theirs]: 'customerId=1&sent=' });
  });
});
