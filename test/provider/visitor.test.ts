import { describe, expect, test } from 'vitest';
import { findLanding, formatReferral, parseReferral } from '../../src/provider/referralText.ts';
import { headerOf, isAhead, isNavigation, isSecure, readCookies } from '../../src/provider/visitor.ts';

const asNode = (headers: Record<string, string | string[] | undefined>) => ({ headers });
const asFetch = (headers: Record<string, string>) => ({ headers: new Headers(headers) });

test.each([asNode, asFetch])('a header is read, and empty where it isn’t there', (of) => {
  const request = of({ accept: 'text/html' });
  expect([headerOf(request, 'accept'), headerOf(request, 'cookie')]).toEqual(['text/html', '']);
});

test('of headers that come twice, all is read', () => {
  expect(headerOf(asNode({ accept: ['text/html', '*/*'] }), 'accept')).toBe('text/html,*/*');
});

describe('a visitor came by https', () => {
  const forwarded = (value: string) => ({
    url: 'http://a.example/',
    ...asNode({ 'x-forwarded-proto': value }),
  });
  test.each<[string, boolean, Parameters<typeof isSecure>]>([
    ['by the address', true, [{ url: 'https://a.example/', headers: {} }, false]],
    ['in capitals', true, [{ url: 'HTTPS://a.example/', headers: {} }, false]],
    ['not by http', false, [{ url: 'http://a.example/', headers: {} }, false]],
    ['not by an address within', false, [{ url: '/?to=https://b.example/', headers: {} }, false]],
    ['by the connection', true, [{ url: '/', headers: {}, socket: { encrypted: true } }, false]],
    ['not by another connection', false, [{ url: '/', headers: {}, socket: { encrypted: false } }, false]],
    ['not by a plain connection', false, [{ url: '/', headers: {}, socket: {} }, false]],
    ['not without any sign', false, [{ headers: {} }, false]],
    ['by a proxy that is trusted', true, [forwarded(' HTTPS, http'), true]],
    ['not by a proxy that is not', false, [forwarded('https'), false]],
    ['not by a proxy that says http', false, [{ ...forwarded('http'), socket: { encrypted: true } }, true]],
    ['not by a proxy that says http first', false, [forwarded('http, https'), true]],
    ['not by a protocol that begins alike', false, [forwarded('httpsx'), true]],
  ])('%s', (_name, expected, [request, trustProxy]) => {
    expect(isSecure(request, trustProxy)).toBe(expected);
  });
});

test.each<[Record<string, string>, boolean]>([
  [{}, true],
  [{ accept: 'text/html,*/*' }, true],
  [{ accept: 'image/png' }, false],
  [{ 'sec-fetch-dest': 'document' }, true],
  [{ 'sec-fetch-dest': 'document', accept: 'image/png' }, true],
  [{ 'sec-fetch-dest': 'iframe', accept: 'text/html' }, false],
])('%j asks for a page: %j', (headers, expected) => {
  expect(isNavigation(asNode(headers))).toBe(expected);
});

test.each<[Record<string, string>, boolean]>([
  [{}, false],
  [{ 'sec-purpose': 'prefetch' }, true],
  [{ 'sec-purpose': 'prefetch;prerender' }, true],
  [{ purpose: 'prefetch' }, true],
  [{ purpose: 'prerender' }, true],
  [{ purpose: 'fun' }, false],
])('%j is fetched ahead: %j', (headers, expected) => {
  expect(isAhead(asNode(headers))).toBe(expected);
});

test.each<[string, string[]]>([
  ['a=1', ['1']],
  ['b=2; a=1;a=3 ', ['1', '3']],
  ['a=x=y', ['x=y']],
  ['aa=1; A=2; b=a', []],
  ['a', ['']],
  ['', []],
])('the cookies called a of %j are %j', (cookie, values) => {
  expect(readCookies(asNode({ cookie }), 'a')).toEqual(values);
});

describe('a referral as the pixel writes it', () => {
  const now = 1_488_362_400_000;
  const windowMs = 1000;
  const referral = { id: 'r 1', source: 'param', landedAt: now } as const;
  const text = `referral=r+1&referralSource=param&landedAt=${now}`;

  test('is written and read', () => {
    expect(formatReferral(referral)).toBe(text);
    expect(parseReferral(text, now, windowMs)).toEqual(referral);
  });

  test.each([
    [999, true],
    [1000, false],
    [-999, true],
    [-1000, false],
  ])('%i ms later counts: %j', (laterMs, counts) => {
    expect(parseReferral(text, now + laterMs, windowMs)).toEqual(counts ? referral : undefined);
  });

  test.each([
    ['', false],
    ['referral=&referralSource=param&landedAt=1488362400000', false],
    ['referral=r&referralSource=ad&landedAt=1488362400000', false],
    ['referral=r&referralSource=referrer&landedAt=soon', false],
    ['a=r&b=referrer&c=1488362400000', true],
    ['referral=r&referralSource=referrer&landedAt=1488362400000&more=1', true],
  ])('%j is one: %j', (found, expected) => {
    expect(parseReferral(found, now, windowMs) !== undefined).toBe(expected);
  });

  const around = `referral=&referralSource=param&landedAt=${now}`.length;
  test.each([
    [353 - around, true],
    [354 - around, false],
  ])('with an id of %i characters is one: %j', (length, expected) => {
    const id = 'x'.repeat(length);
    expect(parseReferral(formatReferral({ ...referral, id }), now, windowMs) !== undefined).toBe(expected);
    expect(findLanding(`/?onramp_ref=${id}`, 'onramp_ref', now) !== undefined).toBe(expected);
  });
});

test.each<[string, string, string | undefined]>([
  ['https://a.example/?onramp_ref=r1', 'onramp_ref', 'r1'],
  ['/?onramp_ref=r1#a', 'onramp_ref', 'r1'],
  ['/#/signup?onramp_ref=r1', 'onramp_ref', 'r1'],
  ['/?a=1?onramp_ref=r1', 'onramp_ref', 'r1'],
  ['/?a=1&amp;onramp_ref=r1&amp;b=2', 'onramp_ref', 'r1'],
  ['/?via=r2&ref=r1', 'ref, via', 'r1'],
  ['/?via=r2&ref=', 'ref via', 'r2'],
  ['/?ref=r1', 'onramp_ref', undefined],
])('at %s, by %s, somebody lands with %s', (address, names, id) => {
  expect(findLanding(address, names, 5)).toEqual(id && { id, source: 'param', landedAt: 5 });
});
