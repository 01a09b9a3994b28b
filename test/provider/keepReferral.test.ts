import { createServer } from 'node:http';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type KeepReferralOptions, keepReferral } from '../../src/provider/index.ts';
import { startMs } from './support/client.ts';
import { listen } from './support/server.ts';

const dayMs = 86_400_000;
const partnerKey = 'pk_acme';

/** The text of the pixel's cookie. */
const textOf = (id: string, landedAt = startMs, source = 'param') =>
  `referral=${id}&referralSource=${source}&landedAt=${landedAt}`;
const pixels = (text: string) => `onramp_${partnerKey}=${text}`;
const kept = (text: string) => `onramp_${partnerKey}.kept=${text}`;

interface Visit {
  url?: string;
  cookies?: string[];
  headers?: Record<string, string>;
}

/** What the visitor's request is answered with. */
function visit(
  { url = 'https://acme.example/', cookies = [], headers = {} }: Visit,
  options: Partial<KeepReferralOptions> = {},
) {
  const request = new Request(url, { headers: { cookie: ['a=1', ...cookies].join('; '), ...headers } });
  return keepReferral(request, { partnerKey, now: startMs, ...options });
}

const landing = { url: 'https://acme.example/?utm_source=x&onramp_ref=r1' };

describe('a landing', () => {
  test('is kept in a cookie of the server alone, and the one of the pixel is left to the pixel', () => {
    expect(visit(landing)).toBe(
      `${kept(textOf('r1'))}; Max-Age=2592000; Path=/; SameSite=Lax; Secure; HttpOnly`,
    );
  });

  test('is kept with the consent that is asked for', () => {
    expect(visit(landing, { consent: true })).toContain(kept(textOf('r1')));
  });

  test('is kept by the options of the tag', () => {
    const options = { referralParam: 'ref, via', windowDays: 7, cookieDomain: 'acme.example' };
    expect(visit({ url: 'http://www.acme.example/?via=a+b%2F%26%3B' }, options)).toBe(
      `${kept(textOf('a+b%2F%26%3B'))}; Max-Age=604800; Path=/; SameSite=Lax; Domain=acme.example; HttpOnly`,
    );
  });

  test.each([
    ['after another question mark', '/?a=1?onramp_ref=r1'],
    ['after an escaped ampersand', '/?a=1&amp;onramp_ref=r1'],
    ['with the second parameter where the first is empty', '/?onramp_ref=&via=r1'],
  ])('is found as the pixel finds it, %s', (_name, path) => {
    const found = visit({ url: `https://acme.example${path}` }, { referralParam: 'onramp_ref via' });
    expect(found).toContain(kept(textOf('r1')));
  });

  test.each<[string, Visit, Partial<KeepReferralOptions>]>([
    ['without a parameter', {}, {}],
    ['with an empty one', { url: 'https://acme.example/?onramp_ref=' }, {}],
    [
      'with one that the pixel takes for too long',
      { url: `https://acme.example/?onramp_ref=${'x'.repeat(400)}` },
      {},
    ],
    ['of a page that is fetched ahead', { ...landing, headers: { 'sec-purpose': 'prefetch;prerender' } }, {}],
    ['of a visitor with Global Privacy Control', { ...landing, headers: { 'sec-gpc': '1' } }, {}],
    [
      'of a visitor with both that and consent',
      { ...landing, headers: { 'sec-gpc': '1' } },
      { consent: true },
    ],
    ['without the consent that is asked for', landing, { consent: false }],
    ['with a consent that nobody knows', landing, { consent: undefined }],
    [
      'with the id that the pixel has',
      { ...landing, cookies: [pixels(textOf('r1')), kept(textOf('r1'))] },
      {},
    ],
    [
      'with another id where the first counts',
      { ...landing, cookies: [pixels(textOf('r0')), kept(textOf('r0'))] },
      { attribution: 'first' },
    ],
  ])('%s is not kept', (_name, request, options) => {
    expect(visit(request, options)).toBeUndefined();
  });

  test('with another id takes the place of the last', () => {
    const cookies = [pixels(textOf('r0', startMs - dayMs)), kept(textOf('r0', startMs - dayMs))];
    expect(visit({ ...landing, cookies })).toContain(kept(textOf('r1')));
  });

  test('with another id gives way to the first, which the pixel has again before it looks', () => {
    const cookies = [kept(textOf('r0', startMs - dayMs))];
    expect(visit({ ...landing, cookies }, { attribution: 'first' })).toContain(pixels('referral=r0'));
  });

  test('with another id counts again where the first has run out', () => {
    const cookies = [kept(textOf('r0', startMs - 31 * dayMs))];
    expect(visit({ ...landing, cookies }, { attribution: 'first' })).toContain(kept(textOf('r1')));
  });

  test('asked for a picture before the pixel has run leaves all as it is', () => {
    const cookies = [kept(textOf('r1'))];
    const picture = { url: 'https://acme.example/a.png', cookies, headers: { 'sec-fetch-dest': 'image' } };
    expect(visit(picture)).toBeUndefined();
    expect(visit({ ...picture, headers: { accept: 'image/webp,*/*' } })).toBeUndefined();
    expect(visit({ ...landing, cookies })).toBeUndefined();
  });
});

describe('later', () => {
  test('the cookie of the pixel that has gone is set again, to be read by it, for the rest of the window', () => {
    const text = textOf('r1', startMs - 10 * dayMs);
    expect(visit({ cookies: [kept(text)] })).toBe(
      `${pixels(text)}; Max-Age=${20 * 86_400}; Path=/; SameSite=Lax; Secure`,
    );
    // The link once more: it is the same visit still, as where nothing is dropped.
    expect(visit({ ...landing, cookies: [kept(text)] })).toContain(pixels(text));
  });

  test('the link a day after its first landing brings the cookie of the pixel back', () => {
    const landedAgo = (ms: number) => visit({ ...landing, cookies: [kept(textOf('r1', startMs - ms))] });
    expect(landedAgo(dayMs - 1)).toBeUndefined();
    expect(landedAgo(dayMs)).toContain(pixels('referral=r1'));
  });

  test('a page that is asked for before the first had loaded the pixel has it, too', () => {
    const cookies = [kept(textOf('r1', startMs - 2_000))];
    const headers = { 'sec-fetch-dest': 'document' };
    expect(visit({ url: 'https://acme.example/pricing', cookies, headers })).toContain(pixels('referral=r1'));
  });

  test('a referral that the pixel alone knows is kept: a host of the marketplace', () => {
    const text = textOf('market.example', startMs - 1_000, 'referrer');
    expect(visit({ cookies: [pixels(text)] })).toContain(kept(text));
    expect(visit({ cookies: [pixels(text), kept(textOf('r0', startMs - dayMs))] })).toContain(kept(text));
    const answer = visit(
      { cookies: [pixels(text), kept(textOf('r0', startMs - dayMs))] },
      { attribution: 'first' },
    );
    expect(answer).toBeUndefined();
  });

  test('there is nothing to do while the server knows the later one', () => {
    const cookies = [pixels(textOf('r0', startMs - 2 * dayMs)), kept(textOf('r1', startMs - dayMs))];
    expect(visit({ cookies })).toBeUndefined();
  });

  test('there is nothing to do while both know the same', () => {
    const cookies = [pixels(textOf('r1', startMs - 900)), kept(textOf('r1', startMs - 1_000))];
    expect(visit({ cookies })).toBeUndefined();
  });

  test('nothing is set again that has run out', () => {
    expect(visit({ cookies: [kept(textOf('r1', startMs - 30 * dayMs))] })).toBeUndefined();
    expect(visit({ cookies: [kept(textOf('r1', startMs - 8 * dayMs))] }, { windowDays: 7 })).toBeUndefined();
  });

  test.each([[{ consent: false }], [{ consent: null }]])('with %j what was kept is deleted', (options) => {
    const cookies = [kept(textOf('r1')), pixels(textOf('r1'))];
    const deletion = `${kept('')}; Max-Age=0; Path=/; SameSite=Lax; Secure; HttpOnly`;
    expect(visit({ cookies }, options)).toBe(deletion);
    expect(visit({ cookies: [pixels(textOf('r1'))] }, options)).toBeUndefined();
  });

  test.each([
    ['that tells of no referral', 'hello'],
    ['with another source', textOf('r1', startMs, 'ad')],
    ['without a time', 'referral=r1&referralSource=param'],
    ['that is broken', '%E0%A4%A'],
  ])('a cookie %s is taken for none', (_name, text) => {
    expect(visit({ cookies: [kept(text), pixels(text)] })).toBeUndefined();
  });

  test('of a planted cookie only the referral goes on', () => {
    const planted = `${textOf('r1', startMs - dayMs)}&event=refund&orderId=1`;
    expect(visit({ cookies: [kept(planted)] })).toContain(
      `${pixels(textOf('r1', startMs - dayMs))}; Max-Age`,
    );
  });

  test('of two cookies of the name the one that counts is taken', () => {
    const cookies = [pixels('old'), pixels(textOf('r1'))];
    expect(visit({ cookies })).toContain(kept(textOf('r1')));
  });
});

describe('behind a proxy', () => {
  const headers = { 'x-forwarded-proto': 'https, http' };
  test('https is believed where it is told so', () => {
    const request = { url: 'http://acme.example/?onramp_ref=r1', headers };
    expect(visit(request, { trustProxy: true })).toContain('; Secure');
    expect(visit(request)).not.toContain('Secure');
    expect(visit(landing, { trustProxy: true })).toContain('; Secure');
  });
});

test("a request of node:http does as well, and the value is a header's", async () => {
  const server = createServer((request, response) => {
    const cookie = keepReferral(request, { partnerKey, now: startMs });
    if (cookie) response.appendHeader('set-cookie', cookie);
    response.end();
  });
  onTestFinished(() => void server.close());
  const address = await listen(server);
  const landed = await fetch(`${address}/?onramp_ref=r1%0D%0Aset-cookie%3A+x%3D1`);
  const [pair = '', ...attributes] = (landed.headers.getSetCookie()[0] ?? '').split('; ');
  expect({ pair, attributes }).toEqual({
    pair: kept(textOf('r1%0D%0Aset-cookie%3A+x%3D1')),
    attributes: ['Max-Age=2592000', 'Path=/', 'SameSite=Lax', 'HttpOnly'],
  });
  const later = await fetch(address, { headers: { cookie: pair, accept: 'text/html' } });
  expect(later.headers.getSetCookie()).toEqual([expect.stringMatching(/^onramp_pk_acme=referral=r1%0D%0A/)]);
});

test.each<[string, object, RegExp]>([
  ['no partner key', { partnerKey: undefined }, /partnerKey has to be/],
  ['a partner key with a semicolon', { partnerKey: 'pk;a' }, /partnerKey has to be/],
  ['parameters that are no text', { referralParam: ['a'] }, /referralParam has to be/],
  ['another attribution', { attribution: 'middle' }, /attribution has to be/],
  ['NaN days', { windowDays: Number.NaN }, /windowDays has to be/],
  ['no days', { windowDays: 0 }, /windowDays has to be/],
  ['endless days', { windowDays: Number.POSITIVE_INFINITY }, /windowDays has to be/],
  ['two mistakes', { partnerKey: '', now: Number.NaN }, /partnerKey .*; now .*\.$/],
  ['a domain with more in it', { cookieDomain: 'a.example; Secure' }, /cookieDomain has to be/],
  ['a proxy as text', { trustProxy: 'no' }, /trustProxy has to be/],
  ['NaN as the time', { now: Number.NaN }, /now has to be/],
])('says what is wrong with %s', (_name, options, message) => {
  expect(() => visit(landing, options)).toThrow(TypeError);
  expect(() => visit(landing, options)).toThrow(message);
});
