// @vitest-environment happy-dom
import { describe, expect, test, vi } from 'vitest';
import { createTag, type TagAttributes } from '../../support/tag.ts';
import {
  giveAllChances,
  loseListeners,
  openWindow,
  storedPurchases,
  useFreshBrowser,
} from './support/page.ts';
import { addTag, openTag, pageTrack, putPlainStub, putStub, trackedCalls } from './support/tag.ts';

useFreshBrowser();

const purchase = { serviceName: 'Acme CRM', customerId: '42', orderId: 'o-1' };
const tag = (attributes: TagAttributes = {}) =>
  createTag('https://market.example', { partnerKey: 'pk_acme', ...attributes });
const thankYou = (attributes: TagAttributes = {}) => tag({ ...purchase, track: 'purchase', ...attributes });

describe('calls before the script has loaded', () => {
  test('get the receipts that calls after it get', async () => {
    const receipts: Promise<unknown>[] = [];
    const { beacons } = await openTag(tag(), {
      url: 'https://www.acme.example/?onramp_ref=r',
      before: () => {
        putStub();
        const early = pageTrack();
        receipts.push(early(purchase), early(purchase), early('referral'), early('consent', true), early());
      },
    });
    expect(await Promise.all(receipts)).toMatchObject([
      { status: 'sent' },
      { status: 'duplicate' },
      { id: 'r', source: 'param' },
      undefined,
      { status: 'invalid', reason: 'no serviceName' },
    ]);
    expect(beacons).toMatchObject([
      { fields: { event: 'visit' } },
      { fields: { ...purchase, referral: 'r' } },
      { fields: { event: 'purchase' } },
    ]);
  });

  test('of a stub whose script never comes are answered after two seconds', async () => {
    openWindow();
    putStub();
    const receipt = pageTrack()(purchase);
    await vi.advanceTimersByTimeAsync(2000);
    expect(await receipt).toEqual({ status: 'held', reason: 'script not loaded' });
  });

  test('of plain stubs are heard, consent among them', async () => {
    const { beacons } = await openTag(tag({ consent: 'required' }), {
      before: () => {
        putPlainStub();
        void pageTrack()(purchase);
        void pageTrack()('consent', true);
      },
    });
    await vi.advanceTimersByTimeAsync(0);
    expect(beacons).toMatchObject([{ fields: purchase }]);
  });

  test('that withdraw consent come before all that is stored or sent', async () => {
    localStorage[`onramp_pk_acme.${Date.now()}.1`] = 'customerId=41&sent=';
    const { beacons, pictures } = await openTag(thankYou(), {
      url: 'https://www.acme.example/?onramp_ref=r',
      before: () => {
        putStub();
        void pageTrack()('consent', false);
      },
    });
    await giveAllChances();
    expect([beacons, pictures, { ...localStorage }]).toEqual([[], [], {}]);
    expect(document.cookie).not.toContain('onramp');
    expect(await pageTrack()(purchase)).toEqual({ status: 'held' });
  });

  test('and after it, by a page that has kept the stub in a variable, are answered', async () => {
    let kept = pageTrack;
    await openTag(tag(), {
      before: () => {
        putStub();
        const stub = pageTrack();
        void stub({ ...purchase, orderId: 'o-0' });
        kept = () => stub;
      },
    });
    expect(kept()).not.toBe(pageTrack());
    expect(await kept()(purchase)).toEqual({ status: 'sent' });
    expect(await kept()('referral')).toBeNull();
  });
});

describe('a later tag of the same window', () => {
  test('with the same key lends its attributes, and its data-track tracks, once', async () => {
    const { beacons } = await openTag(tag({ serviceName: 'Acme CRM', customerId: '41' }));
    const track = pageTrack();
    await addTag(thankYou({ endpoint: 'https://eu.market.example' }));
    expect(pageTrack()).toBe(track);
    expect(beacons).toMatchObject([
      { address: 'https://eu.market.example/api/SaasTrackings', fields: { ...purchase, event: 'purchase' } },
    ]);
    expect(await track({ orderId: 'o-2' })).toEqual({ status: 'sent' });
    expect(beacons.at(-1)?.fields).toMatchObject({ customerId: '42', orderId: 'o-2' });
    expect(console.error).not.toHaveBeenCalled();
  });

  test.each([' pk_acme', 'pk_acme\n'])('with %j has the same key', async (partnerKey) => {
    const { beacons } = await openTag(tag({ partnerKey }));
    await addTag(thankYou({ partnerKey }));
    expect(beacons).toMatchObject([{ fields: { ...purchase, partnerKey: 'pk_acme' } }]);
    expect(console.error).not.toHaveBeenCalled();
  });

  test('looks for a referral in the address of that time', async () => {
    const { beacons } = await openTag(tag(), { url: 'https://www.acme.example/' });
    history.replaceState(null, '', '/pricing?onramp_ref=r-2');
    await addTag(tag());
    expect(beacons).toMatchObject([{ fields: { event: 'visit', referral: 'r-2' } }]);
  });

  test('with another key does nothing but say so', async () => {
    const { beacons, pictures } = await openTag(tag());
    const track = pageTrack();
    await addTag(thankYou({ partnerKey: 'pk_other', customerId: '43' }));
    expect(console.error).toHaveBeenCalledExactlyOnceWith('onramp: duplicate partnerKey');
    expect(pageTrack()).toBe(track);
    expect([beacons, pictures]).toEqual([[], []]);
    await track(purchase);
    expect(beacons).toMatchObject([{ fields: { ...purchase, partnerKey: 'pk_acme' } }]);
    expect(Object.keys(storedPurchases('pk_other'))).toEqual([]);
  });

  test('that is the first one again tracks once, and the page has one pixel', async () => {
    const { beacons, pictures } = await openTag(thankYou());
    await addTag(thankYou());
    await addTag(thankYou(), { currentScript: null });
    expect(beacons.length).toBe(1);
    dispatchEvent(new Event('pagehide'));
    expect(beacons.length).toBe(2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(new Set(pictures.map(({ message }) => message)).size).toBe(1);
    expect(console.error).not.toHaveBeenCalled();
  });

  test('hears of the end of a page whose listeners document.open has taken away', async () => {
    const { beacons } = await openTag(tag());
    loseListeners();
    await addTag(thankYou());
    dispatchEvent(new Event('pagehide'));
    expect(beacons).toMatchObject([{ fields: purchase }, { fields: purchase }]);
  });

  test('tells of the calls of all tags', async () => {
    await openTag(thankYou());
    await addTag(tag());
    await pageTrack()({ ...purchase, orderId: 'o-2' });
    const calls = await Promise.all(
      trackedCalls().map(async ([argument, receipt]) => [argument, await receipt]),
    );
    expect(calls).toEqual([
      [{ event: 'purchase' }, { status: 'sent' }],
      [{ ...purchase, orderId: 'o-2' }, { status: 'sent' }],
    ]);
  });
});

describe('the tag', () => {
  test('that was inlined names the endpoint itself', async () => {
    const html = thankYou({ endpoint: 'https://market.example/' }).replace(/ async src="[^"]*"/, '');
    const { beacons } = await openTag(html);
    expect(beacons).toMatchObject([
      { address: 'https://market.example/api/SaasTrackings', fields: purchase },
    ]);
  });

  test('has its options in the query of its address as well', async () => {
    const query = 'partner-key=pk_acme&amp;service-name=Acme+CRM&amp;customer-id=%2042%20&amp;track=purchase';
    const { beacons } = await openTag(
      `<script src="https://market.example:8443/onramp.js?${query}"></script>`,
    );
    expect(beacons).toMatchObject([
      {
        address: 'https://market.example:8443/api/SaasTrackings',
        fields: { partnerKey: 'pk_acme', serviceName: 'Acme CRM', customerId: '42' },
      },
    ]);
  });

  test('has its attributes count more than its address', async () => {
    const html = thankYou().replace(
      'onramp.js"',
      'onramp.js?partner-key=pk_other&amp;customer-id=43&amp;endpoint=https://other.example&amp;track=signup"',
    );
    const { beacons } = await openTag(html);
    expect(beacons).toMatchObject([
      {
        address: 'https://other.example/api/SaasTrackings',
        fields: { ...purchase, partnerKey: 'pk_acme', event: 'purchase' },
      },
    ]);
  });

  test('may have blanks around what it says', async () => {
    const padded = Object.entries({ partnerKey: 'pk_acme', endpoint: 'https://eu.example', ...purchase }).map(
      ([name, text]) => [name, `\n  ${text}\t`],
    );
    const { beacons } = await openTag(thankYou(Object.fromEntries(padded)));
    expect(beacons).toMatchObject([
      { address: 'https://eu.example/api/SaasTrackings', fields: { ...purchase, partnerKey: 'pk_acme' } },
    ]);
  });

  test('says with data-track="signup" that an account was created', async () => {
    const { beacons } = await openTag(thankYou({ track: 'signup' }));
    expect(beacons).toMatchObject([{ fields: { ...purchase, event: 'signup' } }]);
  });

  test('is read anew at each call', async () => {
    const { beacons } = await openTag(tag(purchase));
    document.querySelector('script')?.setAttribute('data-customer-id', '43');
    await pageTrack()();
    expect(beacons).toMatchObject([{ fields: { customerId: '43' } }]);
  });

  test('without a key is told, and nothing is sent', async () => {
    const { beacons } = await openTag('<script src="https://market.example/onramp.js"></script>');
    expect(console.error).toHaveBeenCalledExactlyOnceWith('onramp: no partnerKey');
    expect([window.onrampTrack, beacons]).toEqual([undefined, []]);
  });

  test('whose address no URL can be made of is passed over', async () => {
    const { beacons } = await openTag(`<script src="https://a b:c"></script>${thankYou()}`, {
      currentScript: null,
    });
    expect(beacons).toMatchObject([{ fields: purchase }]);
  });
});

describe('where the script finds its tag', () => {
  test.each<[string, string, unknown]>([
    ['no currentScript, as in a module', thankYou(), null],
    [
      'a copy without attributes, as jQuery runs it',
      thankYou(),
      Object.assign(document.createElement('script'), { textContent: '/* a copy */' }),
    ],
    [
      'a script without key before it',
      `<script src="https://www.acme.example/app.js"></script>${thankYou()}`,
      null,
    ],
    ...['img', 'div', 'form', 'iframe', 'object'].map((name): [string, string, unknown] => {
      const posing = Object.assign(document.createElement(name), { src: 'https://evil.example/a.png' });
      posing.setAttribute('data-partner-key', 'pk_evil');
      return [`${name} in its place`, thankYou(), posing];
    }),
    ['several elements in its place', thankYou(), [{ dataset: { partnerKey: 'pk_evil' } }]],
    [
      'a form in its place, with a field that is called as what is asked',
      thankYou(),
      { localName: document.createElement('input'), dataset: { partnerKey: 'pk_evil' } },
    ],
    [
      'images and scripts of others before it',
      `<img data-partner-key="pk_evil" src="https://evil.example/a.png?partner-key=pk_evil">${thankYou()}`,
      null,
    ],
  ])('%s', async (_name, html, currentScript) => {
    const { beacons } = await openTag(html, { currentScript });
    expect(beacons).toMatchObject([
      {
        address: 'https://market.example/api/SaasTrackings',
        fields: { ...purchase, partnerKey: 'pk_acme', event: 'purchase' },
      },
    ]);
  });

  test('currentScript comes before the first script that names a key', async () => {
    const { beacons } = await openTag(tag({ partnerKey: 'pk_first' }) + thankYou());
    expect(beacons).toMatchObject([{ fields: { partnerKey: 'pk_acme' } }]);
  });

  test('querySelectorAll may be an element of the page', async () => {
    Object.defineProperty(document, 'querySelectorAll', { configurable: true, value: document.body });
    const { beacons } = await openTag(thankYou(), { currentScript: null });
    Reflect.deleteProperty(document, 'querySelectorAll');
    expect(beacons).toMatchObject([{ fields: purchase }]);
  });

  test('window.onrampTrack may be an element of the page', async () => {
    const { beacons } = await openTag(thankYou(), {
      before: () => {
        const posing = Object.assign(document.createElement('div'), { run: 1, q: document.body });
        Object.assign(window, { onrampTrack: posing });
      },
    });
    expect(beacons).toMatchObject([{ fields: purchase }]);
    expect(await pageTrack()(purchase)).toEqual({ status: 'duplicate' });
  });
});

describe('?onramp_debug', () => {
  const debug = { url: 'https://www.acme.example/?onramp_debug' };
  /** An import fails when it likes, on a machine with much to do late. */
  const untilTold = (text: RegExp) =>
    vi.waitFor(() => expect(console.error).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(text)), {
      timeout: 20_000,
    });

  test('asks for the panel beside the script; where there is none, the console says so', async () => {
    const html = thankYou({ endpoint: 'https://market.example' }).replace(
      'https://market.example/onramp.js',
      'file:///nowhere/beside/onramp.js',
    );
    const { beacons } = await openTag(html, debug);
    await untilTold(/^onramp: .*\/nowhere\/beside\/onramp_debug\.js/);
    expect(beacons).toMatchObject([{ fields: purchase }]);
  });

  test('asks for it beside the endpoint where the script was inlined', async () => {
    const html = thankYou({ endpoint: 'file:///nowhere/base/' }).replace(/ async src="[^"]*"/, '');
    await openTag(html, debug);
    await untilTold(/\/nowhere\/base\/onramp_debug\.js/);
  });

  test('is the only thing that asks for it', async () => {
    await openTag(thankYou(), { url: 'https://www.acme.example/' });
    await giveAllChances();
    expect(console.error).not.toHaveBeenCalled();
  });
});

const throwing = () => {
  throw new TypeError('broken by the page');
};

describe('a page that has broken', () => {
  test.each<[string, () => void]>([
    ['setTimeout', () => vi.stubGlobal('setTimeout', throwing)],
    ['addEventListener', () => void vi.spyOn(window, 'addEventListener').mockImplementation(throwing)],
    ['Image', () => vi.stubGlobal('Image', throwing)],
    ['console', () => vi.stubGlobal('console', undefined)],
    ['console.error', () => void vi.spyOn(console, 'error').mockImplementation(throwing)],
    ['sendBeacon', () => void vi.spyOn(navigator, 'sendBeacon').mockImplementation(throwing)],
    ['performance', () => void vi.spyOn(performance, 'getEntries').mockImplementation(throwing)],
    ['the cookie', () => void vi.spyOn(document, 'cookie', 'get').mockImplementation(throwing)],
    [
      'URLSearchParams.values',
      () => void vi.spyOn(URLSearchParams.prototype, 'values').mockImplementation(throwing),
    ],
  ])('%s has its tag track, and its calls answered', async (_name, before) => {
    const { beacons, pictures } = await openTag(thankYou(), { before });
    await vi.advanceTimersByTimeAsync(0);
    expect([...beacons, ...pictures]).toMatchObject([{ fields: purchase }]);
    const track = pageTrack();
    expect(await track({ ...purchase, orderId: 'o-2' })).toEqual({ status: 'sent' });
    expect((await track({ customerId: 'null' })).status).toBe('invalid');
    await expect(giveAllChances()).resolves.not.toThrow();
    expect(await track('referral')).toBeNull();
    for (const given of [false, true]) await expect(track('consent', given)).resolves.toBeUndefined();
    await expect(giveAllChances()).resolves.not.toThrow();
  });

  test('Image has no error where the beacon queue takes nothing', async () => {
    await openTag(tag(), { beacons: false, before: () => vi.stubGlobal('Image', throwing) });
    expect(await pageTrack()(purchase)).toEqual({ status: 'sent' });
    await expect(giveAllChances()).resolves.not.toThrow();
    expect(console.error).not.toHaveBeenCalled();
  });

  test('URLSearchParams altogether gets receipts still', async () => {
    await openTag(thankYou(), { before: () => vi.stubGlobal('URLSearchParams', throwing) });
    const track = pageTrack();
    expect(await track(purchase)).toMatchObject({ status: 'invalid', reason: expect.any(String) });
    expect(await track('referral')).toBeNull();
    for (const given of [false, true]) await expect(track('consent', given)).resolves.toBeUndefined();
  });
});
