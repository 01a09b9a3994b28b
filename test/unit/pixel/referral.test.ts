// @vitest-environment happy-dom
import { describe, expect, test, vi } from 'vitest';
import type { PixelOptions } from '../../../src/pixel/index.ts';
import {
  asOptions,
  dayMs,
  fillStorage,
  giveAllChances,
  openPage,
  type Setting,
  startMs,
  useFreshBrowser,
} from './support/page.ts';

useFreshBrowser();

const purchase = { serviceName: 'Acme CRM', customerId: '42' };
const landing = (query: string) => ({ url: `https://www.acme.example/?${query}` });

/** A cookie of our name, as a sibling host or the page itself can set it. */
function plantCookie(text: unknown, ending = ''): void {
  // biome-ignore lint/suspicious/noDocumentCookie: it is what the pixel reads
  document.cookie = `onramp_pk_acme=${text};path=/;domain=acme.example${ending}`;
}

const noReferral = { referrer: '', url: 'https://www.acme.example/' };

test('a landing is remembered, reported as a visit, and goes along with the purchase', async () => {
  const first = await openPage({}, landing('onramp_ref=r-1&secret=1'));
  const referral = { id: 'r-1', source: 'param', landedAt: startMs };
  expect(await first.track('referral')).toEqual(referral);
  const sent = { referral: 'r-1', referralSource: 'param', landedAt: `${startMs}` };
  expect(first.beacons.map(({ fields }) => fields)).toEqual([
    {
      event: 'visit',
      partnerKey: 'pk_acme',
      page: 'https://www.acme.example/',
      ...sent,
      sent: `${startMs}`,
    },
  ]);

  vi.setSystemTime(startMs + dayMs);
  const second = await openPage();
  expect(await second.track('referral')).toEqual(referral);
  await second.track(purchase);
  expect(second.beacons).toMatchObject([{ fields: sent }]);
});

test('without a landing there is none', async () => {
  const { track, beacons } = await openPage({}, noReferral);
  expect(await track('referral')).toBeNull();
  await track(purchase);
  expect(beacons.length).toBe(1);
  expect(beacons[0]?.fields).not.toHaveProperty('referral');
});

describe('a visit', () => {
  test('goes by image where the beacon queue takes nothing, and is not repeated', async () => {
    const { pictures } = await openPage({}, { ...landing('onramp_ref=r-1'), beacons: false });
    await vi.advanceTimersByTimeAsync(60_000);
    await giveAllChances();
    expect(pictures).toMatchObject([{ fields: { event: 'visit', referral: 'r-1' } }]);
  });

  test("leaves the page's own storage alone when its image is answered", async () => {
    localStorage.undefined = 'a mistake of the page, and its own';
    const { pictures } = await openPage({}, { ...landing('onramp_ref=r-1'), beacons: false });
    pictures[0]?.answer('stored');
    expect(localStorage.undefined).toBe('a mistake of the page, and its own');
  });

  test('is one for an id that differs from the live one', async () => {
    const visits = async (id: string) => (await openPage({}, landing(`onramp_ref=${id}`))).beacons.length;
    expect([await visits('a'), await visits('a'), await visits('b'), await visits('a')]).toEqual([
      1, 0, 1, 1,
    ]);
  });
});

describe('the address of the landing', () => {
  const at = (path: string) => `https://www.acme.example/${path}`;

  test.each<[string, Setting, string | undefined]>([
    ['a query', { url: at('?a=1&onramp_ref=r&b=2') }, 'r'],
    ['a path that only reads like one', { url: at('onramp_ref=r') }, undefined],
    ['another name that ends so', { url: at('?my_onramp_ref=r') }, undefined],
    ['a fragment', { url: at('#onramp_ref=r') }, 'r'],
    ["a router's query in the fragment", { url: at('#/signup?a=1&onramp_ref=r') }, 'r'],
    ['a query and a fragment: the query counts', { url: at('?onramp_ref=r#onramp_ref=s') }, 'r'],
    ['a query glued to another one', { url: at('?a=b?onramp_ref=r') }, 'r'],
    ['a query that another one is glued to', { url: at('?onramp_ref=r?utm_source=s') }, 'r'],
    ['an ampersand escaped as in HTML', { url: at('?a=1&amp;onramp_ref=r&amp;b=2') }, 'r'],
    ['what a router has changed since', { url: at('home'), openedWith: at('?onramp_ref=r') }, 'r'],
    ['what a router has put there', { url: at('#/?onramp_ref=r'), openedWith: at('') }, 'r'],
    [
      'both: the one that the page was opened with',
      { url: at('?onramp_ref=s'), openedWith: at('?onramp_ref=r') },
      'r',
    ],
    ['a navigation without a name', { url: at('?onramp_ref=r'), openedWith: '' }, 'r'],
  ])('%s', async (_name, setting, id) => {
    const { track, beacons } = await openPage({}, setting);
    expect((await track('referral'))?.id).toBe(id);
    expect(beacons.map(({ fields }) => fields.referral)).toEqual(id ? [id] : []);
  });

  test('is looked at once: what came since stays', async () => {
    const { track, beacons } = await openPage({}, landing('onramp_ref=r'));
    plantCookie(new URLSearchParams({ referral: 's', referralSource: 'param', landedAt: `${startMs}` }));
    await giveAllChances();
    expect(await track('referral')).toMatchObject({ id: 's' });
    expect(beacons.length).toBe(1);
  });
});

describe('parameters', () => {
  test.each([
    ['', 'onramp_ref=r', 'r'],
    ['', 'ref=r', undefined],
    ['', 'onramp_ref=', undefined],
    ['', 'onramp_ref=a&onramp_ref=b', 'a'],
    ['', 'onramp_ref=%F0%9F%9A%80%26+%3D', '🚀& ='],
    ['ref', 'ref=r', 'r'],
    ['ref', 'onramp_ref=r', undefined],
    ['ref,utm_campaign', 'utm_campaign=c&ref=r', 'r'],
    ['utm_campaign, ref', 'utm_campaign=c&ref=r', 'c'],
    ['ref, utm_campaign', 'utm_campaign=c&ref=', 'c'],
    ['ref utm_campaign', 'utm_campaign=c', 'c'],
    [' ref ,, utm_campaign ', 'utm_campaign=c', 'c'],
    [',', 'onramp_ref=r', undefined],
  ])('of %j in ?%s: %j', async (referralParam, query, id) => {
    const { track } = await openPage({ referralParam }, landing(query));
    expect((await track('referral'))?.id).toBe(id);
  });

  test.each([
    [300, true],
    [301, false],
    [5000, false],
  ])('an id of %i characters counts: %j', async (length, counts) => {
    const id = 'x'.repeat(length);
    const { track } = await openPage({}, landing(`onramp_ref=${id}`));
    expect((await track('referral'))?.id).toBe(counts ? id : undefined);
  });
});

describe('marketplace hosts', () => {
  test.each([
    ['', 'https://market.example/', undefined],
    ['', 'https://market.example./', undefined],
    ['market.example', '', undefined],
    ['market.example', 'https://market.example/', 'market.example'],
    ['market.example', 'http://market.example:8080/', 'market.example'],
    ['market.example', 'https://eu.market.example/listing', 'eu.market.example'],
    ['market.example', 'https://evilmarket.example/', undefined],
    ['market.example', 'https://market.example.evil.example/', undefined],
    ['market.example', 'https://evil.example/market.example', undefined],
    ['market.example', 'https://evil.example/?https://market.example', undefined],
    ['market.example', 'https://pay.example/', undefined],
    ['market.example,', 'https://pay.example./', undefined],
    ['market.example,', 'https://market.example/', 'market.example'],
    [',market.example', 'https://market.example/', 'market.example'],
    [',', 'https://pay.example./', undefined],
    [' ', 'https://pay.example./', undefined],
    ['a.example, market.example', 'https://market.example/', 'market.example'],
    ['a.example,market.example', 'https://market.example/', 'market.example'],
    ['example', 'https://market.example/', 'market.example'],
    ['market.example', 'android-app://market.example/', 'market.example'],
    ['a.example market.example', 'https://a.example/', 'a.example'],
  ])('%j, coming from %j: %j', async (marketplaceHosts, referrer, id) => {
    const { track } = await openPage({ marketplaceHosts }, { ...noReferral, referrer });
    const referral = await track('referral');
    expect([referral?.id, referral?.source]).toEqual([id, id && 'referrer']);
  });

  test('the parameter wins', async () => {
    const { track } = await openPage(
      { marketplaceHosts: 'market.example' },
      { ...landing('onramp_ref=r'), referrer: 'https://market.example/' },
    );
    expect(await track('referral')).toMatchObject({ id: 'r', source: 'param' });
  });
});

describe('attribution', () => {
  test.each([
    ['', 'second'],
    ['last', 'second'],
    ['First', 'second'],
    ['first', 'first'],
  ])('%j', async (attribution, id) => {
    await openPage(asOptions({ attribution }), landing('onramp_ref=first'));
    const { track } = await openPage(asOptions({ attribution }), landing('onramp_ref=second'));
    expect(await track('referral')).toMatchObject({ id });
  });

  test('first, after the window: the next one', async () => {
    await openPage({ attribution: 'first' }, landing('onramp_ref=first'));
    vi.setSystemTime(startMs + 31 * dayMs);
    const { track } = await openPage({ attribution: 'first' }, landing('onramp_ref=second'));
    expect(await track('referral')).toMatchObject({ id: 'second' });
  });
});

describe('window', () => {
  test.each([
    ['', 30],
    ['7', 7],
    ['0.5', 0.5],
    [' 7 ', 7],
    [7, 7],
    ['soon', 30],
    ['0', 30],
    [Number.NaN, 30],
  ])(
    'of %j days is %d: the time in the stored text counts, however long the cookie lives',
    async (windowDays, days) => {
      const idAfter = async (ms: number) => {
        localStorage.clear();
        plantCookie(
          new URLSearchParams({ referral: 'r', referralSource: 'param', landedAt: `${startMs - ms}` }),
        );
        const { track, beacons } = await openPage({ windowDays });
        await track(purchase);
        const id = (await track('referral'))?.id;
        expect(beacons[0]?.fields.referral).toBe(id);
        return id;
      };
      expect([await idAfter(days * dayMs - 1), await idAfter(days * dayMs)]).toEqual(['r', undefined]);
      // From a clock that was ahead.
      expect([await idAfter(1 - days * dayMs), await idAfter(-days * dayMs)]).toEqual(['r', undefined]);
    },
  );
});

describe('cookie', () => {
  /** What the pixel sets at a landing, last try first. */
  async function cookieSet(url: string, options = {}) {
    const set = vi.spyOn(document, 'cookie', 'set');
    await openPage(options, { url: `${url}?onramp_ref=r` });
    const [last = ''] = set.mock.lastCall ?? [];
    set.mockRestore();
    const [text = '', ...attributes] = last.split(';');
    return { text, attributes };
  }

  test('holds the referral and its time, Lax, for the window, and Secure on https', async () => {
    const { text, attributes } = await cookieSet('https://www.acme.example/', { windowDays: '7' });
    expect(text).toBe(`onramp_pk_acme=referral=r&referralSource=param&landedAt=${startMs}`);
    expect(attributes).toEqual(
      expect.arrayContaining(['path=/', 'samesite=lax', 'max-age=604800', 'secure']),
    );
  });

  test('is not Secure on http, where the browser would refuse it', async () => {
    expect((await cookieSet('http://www.acme.example/')).attributes).not.toContain('secure');
  });

  test.each<[string, PixelOptions['cookieDomain'], string[]]>([
    [
      'the widest domain first',
      undefined,
      ['domain=example', 'domain=acme.example', 'domain=www.acme.example'],
    ],
    ['the domain of the options', 'acme.example', ['domain=acme.example']],
    ['none', 'none', ['domain=none']],
  ])('is tried on %s, and then for the host alone', async (_name, cookieDomain, domains) => {
    const set = vi.spyOn(document, 'cookie', 'set');
    vi.spyOn(document, 'cookie', 'get').mockReturnValue('');
    await openPage(cookieDomain ? { cookieDomain } : {}, landing('onramp_ref=r'));
    const tried = set.mock.calls.map(([text]) => text.split(';').find((part) => part.startsWith('domain')));
    expect(tried).toEqual([...domains, undefined]);
  });

  test('that a domain keeps is tried on no other, and localStorage has no copy', async () => {
    const set = vi.spyOn(document, 'cookie', 'set');
    await openPage({ cookieDomain: 'acme.example' }, landing('onramp_ref=r'));
    expect(set.mock.calls.length).toBe(1);
    await giveAllChances();
    expect({ ...localStorage }).toEqual({});
  });

  test.each([
    [
      'more fields than a referral has',
      'referral=r&referralSource=param&landedAt=%d&event=signup&sig=s&orderId=o',
      'r',
    ],
    ['fields of a purchase in their places', 'event=r&sig=param&landedAt=%d', 'r'],
    ['no time', 'referral=r&referralSource=param', undefined],
    ['a time that is none', 'referral=r&referralSource=param&landedAt=soon', undefined],
    ['no id', 'referral=&referralSource=param&landedAt=%d', undefined],
    ['an id that is too long', `referral=${'x'.repeat(301)}&referralSource=param&landedAt=%d`, undefined],
    ['nothing', '', undefined],
  ])('that a sibling host has planted with %s spoils no purchase', async (_name, text, id) => {
    plantCookie(text.replace('%d', `${startMs}`));
    const { track, beacons } = await openPage({}, noReferral);
    expect((await track('referral'))?.id).toBe(id);
    await track({ ...purchase, orderId: 'o-1' });
    expect(beacons.map(({ fields }) => fields)).toEqual([
      {
        partnerKey: 'pk_acme',
        page: noReferral.url,
        ...(id && { referral: id, referralSource: 'param', landedAt: `${startMs}` }),
        event: 'purchase',
        ...purchase,
        orderId: 'o-1',
        purchasedAt: `${startMs}`,
        clock: `${startMs}`,
      },
    ]);
  });

  test('that the page clears away is remembered by the page', async () => {
    const { track, beacons } = await openPage({}, landing('onramp_ref=r'));
    plantCookie('', ';expires=Thu, 01 Jan 1970 00:00:00 GMT');
    localStorage.clear();
    expect(await track('referral')).toMatchObject({ id: 'r' });
    await track(purchase);
    expect(beacons.at(-1)?.fields).toMatchObject({ ...purchase, referral: 'r' });
    vi.setSystemTime(startMs + 30 * dayMs);
    expect(await track('referral')).toBeNull();
  });

  test.each(['onramp_pk_acme_b', 'onramp_pk_acm'])('%s is not ours', async (name) => {
    // biome-ignore lint/suspicious/noDocumentCookie: it is what the pixel reads
    document.cookie = `${name}=referral=r&landedAt=${startMs};path=/;domain=acme.example`;
    const { track } = await openPage();
    expect(await track('referral')).toBeNull();
  });
});

describe('where cookies are refused', () => {
  const refuseCookies = () => vi.spyOn(document, 'cookie', 'get').mockReturnValue('');

  test('localStorage keeps the referral, for the next page and its purchase', async () => {
    refuseCookies();
    await openPage({}, landing('onramp_ref=r'));
    expect(Object.keys(localStorage)).toEqual(['onramp_pk_acme']);
    expect(await (await openPage()).track('referral')).toMatchObject({ id: 'r' });
    const { track, beacons } = await openPage();
    await track(purchase);
    expect(beacons).toMatchObject([{ fields: { ...purchase, referral: 'r' } }]);
  });

  test.each([
    ['last', 'r', 0],
    ['last', 's', 1],
    ['first', 's', 0],
  ] as const)('%s: the next landing by %j is a visit %i times', async (attribution, id, visits) => {
    refuseCookies();
    await openPage({ attribution }, landing('onramp_ref=r'));
    const { track, beacons } = await openPage({ attribution }, landing(`onramp_ref=${id}`));
    expect(beacons.length).toBe(visits);
    expect(await track('referral')).toMatchObject({ id: visits ? id : 'r' });
  });

  test.each([
    ['nearly 30 days', 30 * dayMs - 1, ['onramp_pk_acme']],
    ['30 days', 30 * dayMs, []],
  ])('localStorage keeps it for %s, and nothing is sent for it', async (_name, ageMs, kept) => {
    refuseCookies();
    await openPage({}, landing('onramp_ref=r'));
    vi.setSystemTime(startMs + ageMs - 1000);
    const { beacons, pictures } = await openPage({}, noReferral);
    await vi.advanceTimersByTimeAsync(1000);
    expect([Object.keys(localStorage), beacons, pictures]).toEqual([kept, [], []]);
  });

  test('and storage is full, a landing still is a visit and its page still tracks', async () => {
    refuseCookies();
    fillStorage();
    const { track, beacons } = await openPage({}, landing('onramp_ref=r'));
    expect(await track(purchase)).toEqual({ status: 'sent' });
    expect(beacons).toMatchObject([{ fields: { event: 'visit' } }, { fields: purchase }]);
  });
});
