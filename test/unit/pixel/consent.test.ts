// @vitest-environment happy-dom
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  asOptions,
  denyStorage,
  giveAllChances,
  openPage,
  storedPurchases,
  useFreshBrowser,
} from './support/page.ts';

useFreshBrowser();
afterEach(() => {
  Reflect.deleteProperty(navigator, 'globalPrivacyControl');
  Reflect.deleteProperty(document, 'prerendering');
});

const purchase = { serviceName: 'Acme CRM', customerId: '42', orderId: 'o-1' };
const landing = { url: 'https://www.acme.example/?onramp_ref=r' };

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
    expect(await track('consent', true)).toBeUndefined();
    await track('consent', true);
    expect(await track('referral')).toMatchObject({ id: 'r', source: 'param' });
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
    await vi.advanceTimersByTimeAsync(1000);
    expect(pictures).toMatchObject([{ fields: purchase }]);
  });

  test('a page that is left before has nothing sent or stored by that', async () => {
    const { track, beacons } = await openPage({ consent: 'required' }, landing);
    await track(purchase);
    dispatchEvent(new Event('pagehide'));
    expect([beacons, stored()]).toEqual([[], []]);
  });

  test('a text that is no command is told at once', async () => {
    const { track } = await openPage({ consent: 'required' });
    expect(await track('buy' as 'referral')).toEqual({ status: 'invalid', reason: 'no command' });
  });

  test('a call that lacks its customer is sent once it is given', async () => {
    const { track, beacons } = await openPage({ consent: 'required' });
    expect(await track({ serviceName: 'Acme CRM' })).toEqual({ status: 'held' });
    await track('consent', true);
    await giveAllChances();
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
    const { track } = await openPage(asOptions({ consent: 'none' }));
    expect(await track(purchase)).toEqual({ status: 'sent' });
  });
});

describe('withdrawn', () => {
  test('all that was stored is gone, and a proof that is under way is stopped and stores nothing', async () => {
    const { track, beacons, pictures } = await openPage({}, landing);
    await track(purchase);
    await track({ ...purchase, orderId: 'o-2' });
    await vi.advanceTimersByTimeAsync(1000);
    expect(stored().length).toBe(3);
    const asked = pictures.length;
    expect(await track('consent', false)).toBeUndefined();
    expect(await track('referral')).toBeNull();
    expect(stored()).toEqual([]);
    expect(pictures.at(-1)?.isStopped).toBe(true);
    // One that the browser had answered already, and tells of only now.
    pictures[0]?.answer('stored');
    pictures[1]?.answer('refused');
    expect(console.error).not.toHaveBeenCalled();
    await giveAllChances();
    expect([beacons.length, pictures.length, stored()]).toEqual([3, asked, []]);
    expect(await track({ ...purchase, orderId: 'o-3' })).toEqual({ status: 'held' });
  });

  test('what an earlier page has stored is gone, before this one has looked', async () => {
    await (await openPage()).track(purchase);
    const { track, pictures } = await openPage();
    await track('consent', false);
    expect(stored()).toEqual([]);
    await giveAllChances();
    expect([pictures, stored()]).toEqual([[], []]);
  });

  test('what another tab stores afterwards is left to that tab', async () => {
    const { track, beacons, pictures } = await openPage();
    await track('consent', false);
    localStorage[`onramp_pk_acme.${Date.now()}.1`] = 'customerId=41&sent=';
    await giveAllChances();
    expect([beacons, pictures]).toEqual([[], []]);
  });

  test('and given again: what was called since goes, and nothing of before is remembered', async () => {
    const { track, beacons, pictures } = await openPage({}, landing);
    await track(purchase);
    await vi.advanceTimersByTimeAsync(1000);
    await track('consent', false);
    beacons.length = pictures.length = 0;
    expect(await track({ ...purchase, orderId: 'o-2' })).toEqual({ status: 'held' });
    await track('consent', true);
    expect(await track('referral')).toBeNull();
    expect(beacons.map(({ fields }) => fields)).toMatchObject([{ ...purchase, orderId: 'o-2' }]);
    expect(beacons[0]?.fields).not.toHaveProperty('referral');
    await vi.advanceTimersByTimeAsync(60_000);
    for (const { fields } of pictures) expect(fields).toMatchObject({ orderId: 'o-2' });
    expect(await track(purchase)).toEqual({ status: 'sent' });
  });

  test('and withdrawn again: what was called since is gone', async () => {
    const { track, beacons } = await openPage();
    for (const given of [false, false, true]) await track('consent', given);
    await track(purchase);
    await track('consent', false);
    await track({ ...purchase, orderId: 'o-2' });
    await track('consent', false);
    await track('consent', true);
    expect(beacons).toMatchObject([{ fields: purchase }]);
    expect(storedPurchases()).toEqual({});
  });

  test('the cookie is gone on each domain that it can have been set for', async () => {
    const { track } = await openPage();
    const set = vi.spyOn(document, 'cookie', 'set');
    vi.spyOn(document, 'cookie', 'get').mockReturnValue('');
    await track('consent', false);
    expect(set.mock.calls.map(([text]) => text)).toEqual(
      [';domain=example', ';domain=acme.example', ';domain=www.acme.example', ''].map(
        (domain) => `onramp_pk_acme=;path=/;samesite=lax;max-age=0${domain};secure`,
      ),
    );
  });

  test('a purchase that waits for its image is not sent', async () => {
    denyStorage();
    const { track, pictures } = await openPage({}, { beacons: false });
    const receipt = track(purchase);
    await vi.advanceTimersByTimeAsync(0);
    await track('consent', false);
    await vi.advanceTimersByTimeAsync(2000);
    expect(await receipt).toEqual({ status: 'held' });
    expect(pictures.map(({ isStopped }) => isStopped)).toEqual([true]);
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
  const openPrivatePage = (options = {}) => {
    Object.defineProperty(navigator, 'globalPrivacyControl', { configurable: true, value: true });
    return openPage(options, landing);
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
    await track('consent', true);
    expect(await track('referral')).toMatchObject({ id: 'r' });
    await track(purchase);
    expect(beacons).toMatchObject([
      { fields: { event: 'visit' } },
      { fields: { ...purchase, referral: 'r' } },
    ]);
  });

  test('what an earlier page has kept is asked for all the same', async () => {
    await (await openPage()).track(purchase);
    const { pictures } = await openPrivatePage();
    await vi.advanceTimersByTimeAsync(1000);
    expect(pictures).toMatchObject([{ fields: purchase }]);
  });

  test('consent that is required comes before it, and consent that is withdrawn', async () => {
    const asked = await openPrivatePage({ consent: 'required' });
    expect(await asked.track(purchase)).toEqual({ status: 'held' });
    await asked.track('consent', true);
    expect(await asked.track('referral')).toMatchObject({ id: 'r' });
    const { track, beacons } = await openPrivatePage();
    await track('consent', false);
    expect(await track({ ...purchase, orderId: 'o-2' })).toEqual({ status: 'held' });
    expect(beacons).toEqual([]);
  });

  test('that is off forbids nothing', async () => {
    Object.defineProperty(navigator, 'globalPrivacyControl', { configurable: true, value: false });
    expect(await (await openPage({}, landing)).track('referral')).toMatchObject({ id: 'r' });
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

  test.each([
    ['a page that is shown', true, false],
    ['a page in the background', false, true],
    ["a page whose own image is called 'prerendering'", document.createElement('img'), true],
    ["a page whose own image is called 'hidden'", true, document.createElement('img')],
  ])('%s is none', async (_name, prerendering, hidden) => {
    Object.defineProperty(document, 'prerendering', { configurable: true, value: prerendering });
    vi.spyOn(document, 'hidden', 'get').mockReturnValue(hidden as boolean);
    const { track } = await openPage();
    expect(await track(purchase)).toEqual({ status: 'sent' });
  });
});
