// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from 'vitest';
import { openPage, storedPurchases, useFreshBrowser } from './support/page.ts';

useFreshBrowser();
afterEach(() => {
  Reflect.deleteProperty(navigator, 'globalPrivacyControl');
  Reflect.deleteProperty(document, 'prerendering');
});

const purchase = { serviceName: 'Acme CRM', customerId: '42', orderId: 'o-1' };
const landing = { url: 'https://www.acme.example/?onramp_ref=r' };

/** Everything that makes the pixel send what waits. */
async function giveAllChances() {
  await vi.advanceTimersByTimeAsync(60_000);
  for (const type of ['online', 'pagehide', 'visibilitychange']) dispatchEvent(new Event(type));
}

/** All that the pixel has stored: the names of its cookies and of its keys. */
function stored(): string[] {
  const cookies = document.cookie.split('; ').filter((cookie) => cookie.includes('=r'));
  return [...cookies, ...Object.keys(localStorage)];
}

describe('where consent is required', () => {
  test('nothing is stored or sent until it is given', async () => {
    const { track, beacons, pictures } = await openPage({ consent: 'required' }, landing);
    expect(await track(purchase)).toEqual({ status: 'held' });
    expect(await track('referral')).toBeNull();
    await giveAllChances();
    expect([beacons, pictures, stored()]).toEqual([[], [], []]);
  });

  test('the landing and the purchases go when it is given, once', async () => {
    const { track, beacons } = await openPage({ consent: 'required' }, landing);
    await track(purchase);
    await track({ ...purchase, orderId: 'o-2' });
    expect(await track('consent', true)).toMatchObject({ id: 'r', source: 'param' });
    await track('consent', true);
    expect(beacons).toMatchObject([
      { fields: { event: 'visit', referral: 'r' } },
      { fields: { ...purchase, referral: 'r' } },
      { fields: { ...purchase, orderId: 'o-2', referral: 'r' } },
    ]);
    expect(await track(purchase)).toEqual({ status: 'duplicate' });
  });

  test('what an earlier page has kept waits as well', async () => {
    await (await openPage()).track(purchase);
    const { track, beacons, pictures } = await openPage({ consent: 'required' });
    await giveAllChances();
    expect([beacons, pictures]).toEqual([[], []]);
    await track('consent', true);
    expect(pictures).toMatchObject([{ fields: purchase }]);
  });

  test('a call that lacks its customer is sent once it is given', async () => {
    const { track, beacons } = await openPage({ consent: 'required' });
    expect(await track({ serviceName: 'Acme CRM' })).toEqual({ status: 'held' });
    await track('consent', true);
    expect(beacons).toMatchObject([{ fields: { serviceName: 'Acme CRM' } }]);
    expect(console.error).toHaveBeenCalledExactlyOnceWith('onramp: no customerId');
  });

  test('what waits is gone when it is refused', async () => {
    const { track, beacons } = await openPage({ consent: 'required' }, landing);
    await track(purchase);
    await track('consent', false);
    await track('consent', true);
    expect(beacons).toMatchObject([{ fields: { event: 'visit' } }]);
    expect(storedPurchases()).toEqual({});
  });

  test('another value than required asks for nothing', async () => {
    const { track } = await openPage({ consent: 'none' });
    expect(await track(purchase)).toEqual({ status: 'sent' });
  });
});

describe('withdrawn', () => {
  test('all that was stored is gone, and a proof that is under way stores nothing', async () => {
    const { track, beacons, pictures } = await openPage({}, landing);
    await track(purchase);
    await vi.advanceTimersByTimeAsync(1000);
    expect(stored().length).toBe(2);
    expect(await track('consent', false)).toBeNull();
    expect(stored()).toEqual([]);
    pictures[0]?.answer(3, 1);
    await giveAllChances();
    expect([beacons.length, pictures.length, stored()]).toEqual([2, 1, []]);
    expect(await track({ ...purchase, orderId: 'o-2' })).toEqual({ status: 'held' });
  });

  test("another provider's and the page's own are left alone", async () => {
    localStorage.cart = 'full';
    localStorage['onramp_pk_acme2.1.1'] = 'x';
    const { track } = await openPage();
    await track(purchase);
    await track('consent', false);
    expect({ ...localStorage }).toEqual({ cart: 'full', 'onramp_pk_acme2.1.1': 'x' });
  });
});

describe('with Global Privacy Control', () => {
  const openPrivatePage = () => {
    Object.defineProperty(navigator, 'globalPrivacyControl', { configurable: true, value: true });
    return openPage({}, landing);
  };

  test('no referral is captured, no visit sent, and a purchase goes without', async () => {
    const { track, beacons } = await openPrivatePage();
    expect(await track(purchase)).toEqual({ status: 'sent' });
    expect(await track('referral')).toBeNull();
    expect(beacons).toMatchObject([{ fields: purchase }]);
    expect(beacons[0]?.fields).not.toHaveProperty('referral');
    expect(document.cookie).not.toContain('onramp');
  });

  test('a referral of before counts no longer', async () => {
    await openPage({}, landing);
    const { track, beacons } = await openPrivatePage();
    await track(purchase);
    expect(beacons[0]?.fields).not.toHaveProperty('referral');
  });

  test('consent to this page comes first', async () => {
    const { track, beacons } = await openPrivatePage();
    expect(await track('consent', true)).toMatchObject({ id: 'r' });
    await track(purchase);
    expect(beacons).toMatchObject([
      { fields: { event: 'visit' } },
      { fields: { ...purchase, referral: 'r' } },
    ]);
  });
});

describe('prerendered', () => {
  test('nothing is stored or sent until the page is shown', async () => {
    Object.defineProperty(document, 'prerendering', { configurable: true, value: true });
    const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
    const { track, beacons, pictures } = await openPage({}, landing);
    expect(await track(purchase)).toEqual({ status: 'held' });
    await giveAllChances();
    expect([beacons, pictures, stored()]).toEqual([[], [], []]);
    // As Chromium does, the page is still called prerendering at this event.
    hidden.mockReturnValue(false);
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    await vi.advanceTimersByTimeAsync(0);
    expect(beacons).toMatchObject([
      { fields: { event: 'visit' } },
      { fields: { ...purchase, referral: 'r' } },
    ]);
  });
});

test('a page that has broken Image gets no error from a proof', async () => {
  const { track } = await openPage();
  await track(purchase);
  vi.stubGlobal('Image', () => {
    throw new TypeError('no images here');
  });
  await expect(vi.advanceTimersByTimeAsync(60_000)).resolves.not.toThrow();
});
