// @vitest-environment happy-dom
import { describe, expect, test, vi } from 'vitest';
import { describeArguments, watchCalls } from '../../../src/debug/page/calls.ts';
import { followOutbox } from '../../../src/debug/page/outbox.ts';
import { type Landing, readReferral } from '../../../src/debug/page/referral.ts';
import type { Stored } from '../../../src/debug/page/stored.ts';
import { defaults, type OptionName, type Settings } from '../../../src/debug/settings/options.ts';

const now = Date.UTC(2026, 4, 4, 12);
const dayMs = 86_400_000;

function settingsWith(options: Partial<Record<OptionName, string>>): Settings {
  const all = { ...defaults, ...options };
  const entries = Object.entries(all).map(([name, value]) => [name, { name, value, from: 'attribute' }]);
  return Object.fromEntries(entries);
}

describe('the referral', () => {
  const landing: Landing = {
    address: new URL('https://acme.example/'),
    referrer: '',
    now,
    privacyControl: false,
    consentSeen: false,
  };
  const nothing: Stored = { cookie: undefined, denied: false, items: {} };
  const text = (landedAt: number) => `referral=r-1&referralSource=param&landedAt=${landedAt}`;

  test.each([
    ['cookie', { ...nothing, cookie: text(now - dayMs) }],
    ['localStorage', { ...nothing, items: { '': text(now - dayMs) } }],
  ])('is read from %s', (keptIn, stored) => {
    const { live } = readReferral(settingsWith({ windowDays: '10' }), stored, landing);
    expect(live).toEqual({
      id: 'r-1',
      source: 'param',
      landedAt: now - dayMs,
      until: now + 9 * dayMs,
      keptIn,
    });
  });

  test.each<[string, Partial<Record<OptionName, string>>, Partial<Stored>, Partial<Landing>, string]>([
    ['no parameter', {}, {}, {}, 'has no parameter onramp_ref'],
    ['another parameter', { referralParam: 'ref,src' }, {}, {}, 'has no parameter ref or src'],
    ['no referrer', {}, {}, {}, 'names no page'],
    [
      'no list',
      {},
      {},
      { referrer: 'https://market.example/x' },
      'but the tag has no data-marketplace-hosts',
    ],
    [
      'not on the list',
      { marketplaceHosts: 'market.example' },
      {},
      { referrer: 'https://evilmarket.example/' },
      'came from evilmarket.example, which is not among',
    ],
    ['expired', { windowDays: '1' }, { cookie: text(now - dayMs) }, {}, 'it is older than 1 day and'],
    ['privacy control', {}, {}, { privacyControl: true }, 'Global Privacy Control'],
    ['consent', { consent: 'required' }, {}, {}, 'waits for consent'],
    ['denied', {}, { denied: true }, {}, 'denies storage'],
    ['not kept', {}, {}, { address: new URL('https://acme.example/?onramp_ref=r') }, 'but nothing is stored'],
  ])('is missing: %s', (_name, options, stored, page, reason) => {
    const reading = readReferral(settingsWith(options), { ...nothing, ...stored }, { ...landing, ...page });
    expect(reading.live).toBeUndefined();
    expect(reading.reasons.join('\n')).toContain(reason);
  });

  test('of another address is not taken where the first counts', () => {
    const stored = { ...nothing, cookie: text(now) };
    const page = { ...landing, address: new URL('https://acme.example/?onramp_ref=r-2') };
    expect(readReferral(settingsWith({ attribution: 'first' }), stored, page).reasons).toEqual([
      expect.stringContaining('r-2, but data-attribution="first"'),
    ]);
  });
});

describe('the outbox', () => {
  test('is followed from waiting to proven or gone', () => {
    const follow = followOutbox();
    const items = (texts: Record<string, string>): Stored => ({
      cookie: undefined,
      denied: false,
      items: texts,
    });
    const states = (stored: Stored) =>
      follow(stored).map(({ key, state, message }) => [key, state, message ?? 'no longer kept']);
    expect(states(items({ '': 'referral=r', '.2.7': 'b', '.1.7': 'a', '.0.7': '' }))).toEqual([
      ['.2.7', 'waiting', 'b'],
      ['.1.7', 'waiting', 'a'],
      ['.0.7', 'proven', 'no longer kept'],
    ]);
    expect(states(items({ '.2.7': '' }))).toEqual([
      ['.2.7', 'proven', 'b'],
      ['.1.7', 'gone', 'a'],
      ['.0.7', 'proven', 'no longer kept'],
    ]);
  });

  test('is not remembered once consent is withdrawn', () => {
    const follow = followOutbox();
    follow({ cookie: undefined, denied: false, items: { '.1.7': 'a' } });
    expect(follow({ cookie: undefined, denied: false, items: {} }, true)).toEqual([]);
  });
});

describe('calls', () => {
  test('are told without running the page’s own code, and without the signature', () => {
    const getter = vi.fn();
    const given = Object.defineProperty({ customerId: 42, sig: 'k.1.m', orderId: null }, 'amount', {
      get: getter,
      enumerable: true,
    });
    expect(describeArguments([given])).toBe(
      'customerId: 42, sig: (hidden), orderId: null, amount: (undefined)',
    );
    expect(getter).not.toHaveBeenCalled();
    expect(describeArguments([])).toBe('the settings of the tag');
    expect(describeArguments(['consent', true])).toBe('consent, true');
  });

  test('pass as if nobody watched, and their receipts are seen', async () => {
    const receipt = { status: 'held', reason: 'waits' };
    const answer = Promise.resolve(receipt);
    const track = Object.assign(
      vi.fn(() => answer),
      { k: 'pk_acme', q: [] as unknown[], r: undefined as unknown },
    );
    const page = window as unknown as { onrampTrack: typeof track };
    page.onrampTrack = track;
    const calls = watchCalls(() => {});
    calls.look();
    expect(page.onrampTrack).not.toBe(track);
    expect(page.onrampTrack.k).toBe('pk_acme');
    page.onrampTrack.q.push(1);
    expect(track.q).toEqual([1]);
    const given = { customerId: '1' };
    expect(Reflect.apply(page.onrampTrack, undefined, [given])).toBe(answer);
    expect(track).toHaveBeenCalledWith(given);
    await vi.waitFor(() => expect(calls.list()).toMatchObject([{ given: 'customerId: 1', ...receipt }]));

    // As a call that the page made by a reference from before the panel.
    track.r = { status: 'sent' };
    calls.look();
    calls.look();
    expect(calls.list()).toMatchObject([{ given: undefined, status: 'sent' }, { status: 'held' }]);

    calls.stop();
    expect(page.onrampTrack).toBe(track);
  });
});
