// @vitest-environment happy-dom
import { describe, expect, test, vi } from 'vitest';
import {
  dayMs,
  fillStorage,
  forgetAll,
  giveAllChances,
  openPage,
  type Setting,
  startMs,
  storedPurchases,
  useFreshBrowser,
} from './support/page.ts';

useFreshBrowser();

const purchase = { serviceName: 'Acme CRM', customerId: '42', orderId: 'o-1' };

/** A page that has looked at what others have stored, as it does a second after its start. */
async function openSettledPage(options = {}, setting: Setting = {}) {
  const page = await openPage(options, setting);
  await vi.advanceTimersByTimeAsync(1000);
  return page;
}

/** A page with a purchase whose first image is on its way. */
async function openAskingPage() {
  const page = await openSettledPage();
  await page.track(purchase);
  await vi.advanceTimersByTimeAsync(1000);
  return page;
}

describe('without a proof', () => {
  test('the image asks after 1, 4, 16 and 60 seconds, each time at another address', async () => {
    const { track, pictures } = await openSettledPage();
    await track(purchase);
    const counts = [];
    for (const wait of [999, 1, 2999, 1, 11_999, 1, 43_999, 1, dayMs]) {
      await vi.advanceTimersByTimeAsync(wait);
      counts.push(pictures.length);
    }
    expect(counts).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4]);
    expect(new Set(pictures.map(({ message }) => message)).size).toBe(4);
  });

  test.each(['online', 'visibilitychange'])('the image asks at once at %s', async (type) => {
    const { track, beacons, pictures } = await openSettledPage();
    await track(purchase);
    await vi.advanceTimersByTimeAsync(60_000);
    dispatchEvent(new Event(type));
    expect(pictures.slice(4)).toMatchObject([{ fields: purchase }]);
    await vi.advanceTimersByTimeAsync(dayMs);
    expect([beacons.length, pictures.length]).toEqual([1, 5]);
  });

  test('the image asks a second after the start of the next page with the tag', async () => {
    const partnerKey = 'PK-Acme_1';
    await (await openPage({ partnerKey })).track(purchase);
    const { pictures, beacons } = await openPage({ partnerKey });
    await vi.advanceTimersByTimeAsync(999);
    expect(pictures).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(pictures).toMatchObject([{ fields: purchase }]);
    await vi.advanceTimersByTimeAsync(dayMs);
    expect([beacons.length, pictures.length]).toEqual([0, 1]);
    pictures[0]?.answer('stored');
    expect(Object.values(storedPurchases(partnerKey))).toEqual([false]);
  });

  test('the image asks at the next page also where that page wraps getItem for its own purposes', async () => {
    await (await openPage()).track(purchase);
    vi.spyOn(Storage.prototype, 'getItem').mockReturnValue('of another kind');
    expect((await openSettledPage()).pictures).toMatchObject([{ fields: purchase }]);
  });

  test("the image asks also in a page whose own image is called 'hidden'", async () => {
    vi.spyOn(document, 'hidden', 'get').mockReturnValue(document.createElement('img') as unknown as boolean);
    const { track, beacons, pictures } = await openPage();
    await track(purchase);
    dispatchEvent(new Event('visibilitychange'));
    expect([beacons.length, pictures.length]).toEqual([1, 1]);
  });

  test('a beacon goes once more at once when the page is left', async () => {
    const { track, beacons, pictures } = await openPage();
    await track(purchase);
    dispatchEvent(new Event('pagehide'));
    expect(beacons).toMatchObject([{ fields: purchase }, { fields: purchase }]);
    expect(pictures).toEqual([]);
  });

  test('a beacon goes once more at once when the page is hidden', async () => {
    const { track, beacons, pictures } = await openPage();
    await track(purchase);
    vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    expect(beacons).toMatchObject([{ fields: purchase }, { fields: purchase }]);
    expect(pictures).toEqual([]);
  });
});

describe('a picture', () => {
  test('so long and 1 high proves: a mark is left, and nothing is sent any more', async () => {
    const { beacons, pictures } = await openAskingPage();
    pictures[0]?.answer('stored');
    await giveAllChances();
    expect([beacons.length, pictures.length]).toEqual([1, 1]);
    expect(Object.values(storedPurchases())).toEqual([false]);
    const next = await openPage();
    await giveAllChances();
    expect([next.beacons, next.pictures]).toEqual([[], []]);
    expect(console.error).not.toHaveBeenCalled();
  });

  test('1 wide and so long refuses: said in the console, nothing is left or sent any more', async () => {
    const { track, beacons, pictures } = await openAskingPage();
    pictures[0]?.answer('refused');
    await giveAllChances();
    expect([beacons.length, pictures.length]).toEqual([1, 1]);
    expect(storedPurchases()).toEqual({});
    expect(console.error).toHaveBeenCalledExactlyOnceWith('onramp: purchase refused');
    // What was wrong may have been mended.
    expect(await track(purchase)).toEqual({ status: 'sent' });
  });

  // The message was sent 123 ms after a full second, so its proof is 126 long.
  test.each([
    [0, 0],
    [1, 1],
    [3, 1],
    [1, 3],
    [125, 1],
    [127, 1],
    [1, 125],
    [1, 127],
    [1126, 1],
    [126, 0],
    [0, 126],
    [126, 2],
    [2, 126],
    [126, 126],
    [63, 2],
    [2, 63],
    [42, 3],
    [9, 14],
    [300, 150],
  ])("of %ix%i is another one's and proves nothing", async (width, height) => {
    const { pictures } = await openAskingPage();
    pictures[0]?.answer(width, height);
    expect(Object.values(storedPurchases())).toEqual([true]);
    await vi.advanceTimersByTimeAsync(3000);
    expect(pictures.length).toBe(2);
    expect(console.error).not.toHaveBeenCalled();
  });

  test('of 3x1 and of 1x3 proves where the time ends in a full second', async () => {
    vi.setSystemTime(startMs - 123);
    const { track, pictures } = await openSettledPage();
    await track(purchase);
    await track({ ...purchase, orderId: 'o-2' });
    await vi.advanceTimersByTimeAsync(1000);
    pictures[0]?.answer(3, 1);
    pictures[1]?.answer(1, 3);
    expect(Object.values(storedPurchases())).toEqual([false]);
  });

  test('of 2x2 proves nothing where the proof is 4 long', async () => {
    vi.setSystemTime(startMs - 122);
    const { pictures } = await openAskingPage();
    pictures[0]?.answer(2, 2);
    expect(Object.values(storedPurchases())).toEqual([true]);
    pictures[0]?.answer(4, 1);
    expect(Object.values(storedPurchases())).toEqual([false]);
  });

  test('proves by the time that its message ends with, though the clock goes on meanwhile', async () => {
    const { track, pictures } = await openSettledPage();
    await track(purchase);
    let now = startMs;
    vi.spyOn(Date, 'now').mockImplementation(() => ++now);
    await vi.advanceTimersByTimeAsync(1000);
    pictures[0]?.answer('stored');
    expect(Object.values(storedPurchases())).toEqual([false]);
  });

  test('that fails proves nothing', async () => {
    const { pictures } = await openAskingPage();
    pictures[0]?.fail();
    expect(Object.values(storedPurchases())).toEqual([true]);
    await vi.advanceTimersByTimeAsync(3000);
    expect(pictures.length).toBe(2);
  });

  test.each([
    ['refused', 'stored', []],
    ['stored', 'refused', [false]],
  ] as const)('that comes late changes nothing: what was %s stays so', async (first, second, left) => {
    const { pictures } = await openAskingPage();
    await vi.advanceTimersByTimeAsync(3000);
    pictures[0]?.answer(first);
    pictures[1]?.answer(second);
    expect(Object.values(storedPurchases())).toEqual(left);
  });
});

describe('a page that clears localStorage', () => {
  test('loses nothing: what it sent is stored again, and the image asks', async () => {
    const { track, pictures } = await openSettledPage();
    await track(purchase);
    const stored = { ...localStorage };
    localStorage.clear();
    await vi.advanceTimersByTimeAsync(1000);
    expect(pictures).toMatchObject([{ fields: purchase }]);
    expect({ ...localStorage }).toEqual(stored);
  });

  test('and is left has its beacon once more, and the next page asks', async () => {
    const { track, beacons } = await openPage();
    await track(purchase);
    localStorage.clear();
    dispatchEvent(new Event('pagehide'));
    expect(beacons).toMatchObject([{ fields: purchase }, { fields: purchase }]);
    expect((await openSettledPage()).pictures).toMatchObject([{ fields: purchase }]);
  });

  test('remembers what it sent, proven or not', async () => {
    const { track, beacons, pictures } = await openAskingPage();
    localStorage.clear();
    expect(await track(purchase)).toEqual({ status: 'duplicate' });
    pictures[0]?.answer('stored');
    localStorage.clear();
    expect(await track(purchase)).toEqual({ status: 'duplicate' });
    await giveAllChances();
    expect([beacons.length, pictures.length]).toEqual([1, 1]);
  });
});

describe('two pages at the same time', () => {
  test('know of what the other one has sent, and of its proof', async () => {
    const { track, beacons, pictures } = await openSettledPage();
    const name = `onramp_pk_acme.${startMs}.1`;
    localStorage[name] = 'customerId=41&sent=';
    dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(1000);
    expect(pictures).toMatchObject([{ fields: { customerId: '41' } }]);
    localStorage[name] = '';
    await giveAllChances();
    expect([beacons.length, pictures.length]).toEqual([0, 1]);
    await track(purchase);
    expect(Object.values(storedPurchases()).sort()).toEqual([false, true]);
  });
});

describe('at most 20 wait in storage', () => {
  test('of 25 purchases all are sent, and this page asks for the proof of each', async () => {
    const { track, beacons, pictures } = await openSettledPage();
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
      for (const picture of pictures) picture.answer('stored');
    }
    expect(Object.values(storedPurchases())).toEqual(Array(25).fill(false));
  });

  test('what other pages have stored counts', async () => {
    for (let order = 0; order < 19; order++) {
      localStorage[`onramp_pk_acme.${startMs}.${order}`] = `orderId=${order}&sent=`;
    }
    const { track } = await openPage({}, { beacons: false });
    expect(await track(purchase)).toEqual({ status: 'sent' });
    const receipt = track({ ...purchase, orderId: 'o-2' });
    await vi.advanceTimersByTimeAsync(2000);
    expect(await receipt).toEqual({ status: 'held' });
    expect(Object.keys(storedPurchases()).length).toBe(20);
  });
});

describe('age', () => {
  // Counted when the page looks, a second after its start.
  test.each([
    ['an entry of nearly 7 days asks, and stays', 7 * dayMs - 1, true],
    ['an entry of 7 days asks a last time', 7 * dayMs, false],
    ['an entry of a clock that was nearly 7 days ahead asks, and stays', 1 - 7 * dayMs, true],
    ['an entry of a clock that was a year ahead asks a last time', -365 * dayMs, false],
  ])('%s', async (_name, ageMs, stays) => {
    await (await openPage()).track(purchase);
    vi.setSystemTime(startMs + ageMs - 1000);
    const { pictures } = await openSettledPage();
    expect(pictures).toMatchObject([{ fields: purchase }]);
    expect(Object.values(storedPurchases())).toEqual(stays ? [true] : []);
    if (stays) return;
    // Gone from memory as well.
    await giveAllChances();
    expect(storedPurchases()).toEqual({});
  });

  test.each([
    ['nearly a day stays', dayMs - 1, true],
    ['a day goes', dayMs, false],
    ['a clock that was a year ahead goes', -365 * dayMs, false],
  ])('a sent mark of %s', async (_name, ageMs, stays) => {
    const { track, pictures } = await openSettledPage();
    await track(purchase);
    await vi.advanceTimersByTimeAsync(1000);
    pictures[0]?.answer('stored');
    vi.setSystemTime(startMs + 1000 + ageMs - 1000);
    expect((await openSettledPage()).pictures).toEqual([]);
    expect(Object.values(storedPurchases())).toEqual(stays ? [false] : []);
  });

  test.each([
    ['nearly a day', dayMs - 1, 'duplicate'],
    ['a day', dayMs, 'sent'],
    ['a year, by a clock that was set back,', -365 * dayMs, 'sent'],
  ])('the same purchase %s later in the same page is %s', async (_name, laterMs, status) => {
    const { track } = await openPage();
    await track(purchase);
    vi.setSystemTime(startMs + laterMs);
    expect(await track(purchase)).toEqual({ status });
  });

  test('what has no time in its key has one chance, and goes', async () => {
    const waiting = `onramp_pk_acme.${startMs}.1`;
    localStorage[waiting] = 'customerId=41&clock=';
    localStorage['onramp_pk_acme.'] = 'x';
    localStorage['onramp_pk_acme.soon.3'] = 'customerId=43&sent=';
    await openSettledPage();
    expect(Object.keys(localStorage)).toEqual([waiting]);
  });
});

test.each<[string, (order: number) => string | number]>([
  ['in sequence', (order) => 100_000 + order],
  ['as shops scatter them', (order) => `ord_${((order * 2_654_435_761) % 2 ** 32).toString(36)}`],
])('10,000 orders %s have 10,000 different keys', async (_name, orderIdOf) => {
  const page = await openPage();
  const hashes = new Set<string | undefined>();
  for (let order = 0; order < 10_000; order++) {
    await page.track({ ...purchase, orderId: orderIdOf(order) });
    if (order % 20 < 19) continue;
    for (const key of Object.keys(storedPurchases())) hashes.add(key.split('.')[2]);
    // So many would make it slow.
    await forgetAll(page);
  }
  expect(hashes.size).toBe(10_000);
});

describe("another provider's purchases, and what the page itself stores,", () => {
  /** As ours would have to be called and to read, to be sent again and to be too old. */
  const others = Object.fromEntries(
    [
      `onramp_pk_a_b.${startMs - 30 * dayMs}.1`,
      `onramp_pk_ab.${startMs}.1`,
      `my_onramp_pk_a.${startMs}.2`,
      `xonramp_pk_a.${startMs}.3`,
      `onramp_.${startMs}.onramp_pk_a`,
      `cart.onramp_pk_a.${startMs}`,
      'onramp_pk_',
      'xonramp_pk_a',
    ].map((key) => [key, 'customerId=1&sent=']),
  );

  test('are neither sent nor changed nor deleted', async () => {
    Object.assign(localStorage, others);
    const { track, beacons, pictures } = await openPage({ partnerKey: 'pk_a' });
    await track(purchase);
    await giveAllChances();
    for (const { fields } of [...beacons, ...pictures]) expect(fields).toMatchObject(purchase);
    expect({ ...localStorage }).toMatchObject(others);
    await track('consent', false);
    expect({ ...localStorage }).toEqual(others);
  });

  test('are left alone where storage is full', async () => {
    Object.assign(localStorage, others);
    fillStorage();
    const { track, pictures } = await openPage({ partnerKey: 'pk_a' });
    await track(purchase);
    await vi.advanceTimersByTimeAsync(1000);
    pictures[0]?.answer('stored');
    expect({ ...localStorage }).toEqual(others);
  });
});
