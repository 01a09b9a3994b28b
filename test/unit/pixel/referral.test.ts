// @vitest-environment happy-dom
import { describe, expect, test, vi } from 'vitest';
import { dayMs, fillStorage, openPage, startMs, useFreshBrowser } from './support/page.ts';

useFreshBrowser();

const purchase = { serviceName: 'Acme CRM', customerId: '42' };
const landing = (query: string) => ({ url: `https://www.acme.example/?${query}` });
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
    dispatchEvent(new Event('visibilitychange'));
    expect(pictures).toMatchObject([{ fields: { event: 'visit', referral: 'r-1' } }]);
  });

  test("leaves the page's own storage alone when its image is answered", async () => {
    localStorage.undefined = 'a mistake of the page, and its own';
    const { pictures } = await openPage({}, { ...landing('onramp_ref=r-1'), beacons: false });
    pictures[0]?.answer(3, 1);
    expect(localStorage.undefined).toBe('a mistake of the page, and its own');
  });

  test('is one for an id that differs from the live one', async () => {
    const visits = async (id: string) => (await openPage({}, landing(`onramp_ref=${id}`))).beacons.length;
    expect([await visits('a'), await visits('a'), await visits('b'), await visits('a')]).toEqual([
      1, 0, 1, 1,
    ]);
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
  ])('of %j in ?%s: %j', async (referralParam, query, id) => {
    const { track } = await openPage({ referralParam }, landing(query));
    expect((await track('referral'))?.id).toBe(id);
  });

  test.each([
    [300, true],
    [304, false],
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
    ['a.example, market.example', 'https://market.example/', 'market.example'],
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
    ['first', 'first'],
  ])('%j', async (attribution, id) => {
    await openPage({ attribution }, landing('onramp_ref=first'));
    const { track } = await openPage({ attribution }, landing('onramp_ref=second'));
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
    ['soon', 30],
  ])(
    'of %j days is %d: the time in the stored text counts, however long the cookie lives',
    async (windowDays, days) => {
      const idAfter = async (ms: number) => {
        const text = new URLSearchParams({
          referral: 'r',
          referralSource: 'param',
          landedAt: `${startMs - ms}`,
        });
        // biome-ignore lint/suspicious/noDocumentCookie: it is what the pixel reads
        document.cookie = `onramp_pk_acme=${text};path=/;domain=acme.example`;
        const { track, beacons } = await openPage({ windowDays });
        await track(purchase);
        const id = (await track('referral'))?.id;
        expect(beacons[0]?.fields.referral).toBe(id);
        return id;
      };
      expect([await idAfter(days * dayMs - 1), await idAfter(days * dayMs)]).toEqual(['r', undefined]);
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

  test.each(['onramp_pk_acme_b', 'onramp_pk_acm'])('%s is not ours', async (name) => {
    // biome-ignore lint/suspicious/noDocumentCookie: it is what the pixel reads
    document.cookie = `${name}=referral=r&landedAt=${startMs};path=/;domain=acme.example`;
    const { track } = await openPage();
    expect(await track('referral')).toBeNull();
  });
});

describe('where cookies are refused', () => {
  const refuseCookies = () => vi.spyOn(document, 'cookie', 'get').mockReturnValue('');

  test('localStorage keeps the referral', async () => {
    refuseCookies();
    await openPage({}, landing('onramp_ref=r'));
    expect(Object.keys(localStorage)).toEqual(['onramp_pk_acme']);
    expect(await (await openPage()).track('referral')).toMatchObject({ id: 'r' });
  });

  test('and storage is full, a landing still is a visit and its page still tracks', async () => {
    refuseCookies();
    fillStorage();
    const { track, beacons } = await openPage({}, landing('onramp_ref=r'));
    expect(await track(purchase)).toEqual({ status: 'sent' });
    expect(beacons).toMatchObject([{ fields: { event: 'visit' } }, { fields: purchase }]);
  });
});
