// @vitest-environment happy-dom
import { describe, expect, test, vi } from 'vitest';
import {
  type Calls,
  describeArgument,
  judgeCall,
  judgeReceipt,
  watchCalls,
} from '../../../src/debug/calls.ts';
import { type Destination, judgePassage, type Passage } from '../../../src/debug/passage.ts';
import { readModule } from '../../../src/debug/sources.ts';
import {
  describeEntry,
  followOutbox,
  judgeOutbox,
  type Landing,
  readReferral,
  readStored,
  type Stored,
} from '../../../src/debug/stored.ts';
import type { Way } from '../../../src/debug/ways.ts';
import { storageName, useOptions } from '../../../src/pixel/options.ts';
import type { TrackedCall } from '../../../src/pixel/types.ts';
import { gather } from '../../../src/settings/finding.ts';
import type { SettingName, Settings } from '../../../src/settings/settings.ts';

const now = Date.UTC(2026, 4, 4, 12);
const dayMs = 86_400_000;
const nothing: Stored = { cookie: undefined, isDenied: false, items: {} };

type Options = Partial<Record<SettingName, string>>;

function settingsWith(options: Options): Settings {
  return readModule({ calls: [], option: (name) => ({ ...options })[name as SettingName] ?? '' }).settings;
}

describe('the referral', () => {
  const landing: Landing = {
    addresses: 'https://acme.example/&https://acme.example/',
    hostname: 'acme.example',
    referrer: '',
    now,
    privacyControl: false,
    isAllowed: false,
  };
  const text = (landedAt: number) => `referral=r-1&referralSource=param&landedAt=${landedAt}`;
  const opened = (address: string) => ({ addresses: `${address}&https://acme.example/` });

  test.each<[keptIn: string, Partial<Stored>]>([
    ['cookie', { cookie: text(now - dayMs) }],
    ['localStorage', { items: { '': text(now - dayMs) } }],
    // A sibling host has planted a cookie with the pixel's name, which is none.
    ['localStorage', { cookie: 'sig=abc', items: { '': text(now - dayMs) } }],
  ])('is read from %s: %o', (keptIn, stored) => {
    const { live } = readReferral(settingsWith({ windowDays: '10' }), { ...nothing, ...stored }, landing);
    const expected = { id: 'r-1', source: 'param', landedAt: now - dayMs, until: now + 9 * dayMs, keptIn };
    expect(live).toEqual(expected);
  });

  test.each<[name: string, Options, Partial<Stored>, Partial<Landing>, reason: string]>([
    ['no parameter', {}, {}, {}, 'nor its present one has a parameter onramp_ref'],
    ['another parameter', { referralParam: 'ref,src' }, {}, {}, 'has a parameter ref or src'],
    ['no referrer', {}, {}, {}, 'names no page'],
    ['no list', {}, {}, { referrer: 'https://market.example/x' }, 'but marketplaceHosts is not set'],
    [
      'not on the list',
      { marketplaceHosts: 'market.example' },
      {},
      { referrer: 'https://evilmarket.example/' },
      'came from evilmarket.example, which is not among',
    ],
    ['expired', { windowDays: '1' }, { cookie: text(now - dayMs) }, {}, 'more than 1 day off'],
    ['from the future', { windowDays: '1' }, { cookie: text(now + dayMs) }, {}, 'more than 1 day off'],
    ['privacy control', {}, {}, { privacyControl: true }, 'Global Privacy Control'],
    ['consent', { consent: 'required' }, {}, {}, 'waits for consent'],
    ['denied', {}, { isDenied: true }, {}, 'denies storage'],
    ['not kept', {}, {}, opened('https://acme.example/?onramp_ref=r'), 'but nothing is stored'],
    [
      'in the fragment',
      {},
      {},
      opened('https://acme.example/#/signup?onramp_ref=r'),
      'but nothing is stored',
    ],
    ['mangled', {}, {}, opened('https://acme.example/?a=b&amp;onramp_ref=r'), 'but nothing is stored'],
  ])('is missing: %s', (_name, options, stored, page, reason) => {
    const reading = readReferral(settingsWith(options), { ...nothing, ...stored }, { ...landing, ...page });
    expect(reading.live).toBeUndefined();
    expect(reading.reasons.join('\n')).toContain(reason);
  });

  test('of another address is not taken where the first counts', () => {
    const page = { ...landing, ...opened('https://acme.example/?onramp_ref=r-2') };
    const stored = { ...nothing, cookie: text(now) };
    expect(readReferral(settingsWith({ attribution: 'first' }), stored, page).reasons).toEqual([
      expect.stringContaining('r-2, but the attribution “first”'),
    ]);
  });
});

describe('the outbox', () => {
  const items = (texts: Record<string, string>): Stored => ({ ...nothing, items: texts });
  const key = (time: number) => `.${time}.7`;

  test('is followed from waiting to proven or gone', () => {
    const follow = followOutbox();
    const states = (stored: Stored) =>
      follow(stored, now).map(({ key, state, message }) => [key, state, message ?? 'no longer kept']);
    expect(states(items({ '': 'referral=r', '.2.7': 'b', '.1.7': 'a', '.0.7': '' }))).toEqual([
      ['.2.7', 'waiting', 'b'],
      ['.1.7', 'waiting', 'a'],
      ['.0.7', 'proven', 'no longer kept'],
    ]);
    // A mark goes after a day, and proves all the same.
    expect(states(items({ '': 'referral=r', '.2.7': '' }))).toEqual([
      ['.2.7', 'proven', 'b'],
      ['.1.7', 'gone', 'a'],
      ['.0.7', 'proven', 'no longer kept'],
    ]);
  });

  test.each<[name: string, before: Stored, after: Stored]>([
    ['the referral is gone', { ...items({ [key(now)]: 'a' }), cookie: 'referral=r' }, nothing],
    ['a young mark is gone', items({ [key(now)]: 'a', [key(now - 1)]: '' }), nothing],
  ])('is not remembered once consent is withdrawn: %s', (_name, before, after) => {
    const follow = followOutbox();
    follow(before, now);
    expect(follow(after, now)).toEqual([]);
  });

  test('says what has to be looked at', () => {
    const entry = {
      key: '.1.7',
      since: now - 8 * dayMs,
      state: 'waiting' as const,
      message: 'customerId=42',
    };
    const titles = (...entries: (typeof entry)[]) => judgeOutbox(entries, now).map(({ title }) => title);
    expect(titles(entry)).toEqual(['1 purchase waited for more than 7 days']);
    expect(titles(...Array(20).fill({ ...entry, since: now }))).toEqual([
      'The outbox is full: 20 purchases wait',
    ]);
  });

  test('tells a signup, and an amount without currency, as what it is', () => {
    const message = 'event=signup&serviceName=Acme&customerId=42&amount=49&clock=';
    expect(describeEntry({ message })).toBe('Signup · Acme · customer 42 · 49 · no currency');
  });

  test('stands under the name that the pixel gives it', () => {
    useOptions((name) => name === 'partnerKey' && 'pk_acme');
    localStorage.setItem(`${storageName}.1.7`, 'a');
    expect(readStored('pk_acme').items).toEqual({ '.1.7': 'a' });
    localStorage.clear();
  });
});

describe('calls', () => {
  /** The findings about a call and its receipt, each as severity, title and advice. */
  function judge(argument: unknown, options: Options = {}, reason?: string) {
    const settings = settingsWith(options);
    const { noun, findings } = judgeCall(argument, settings, now);
    const status = reason === undefined ? 'sent' : reason === '' ? 'held' : 'invalid';
    const ofReceipt = judgeReceipt({ status, reason: reason ?? '', noun }, argument, settings);
    return gather([...findings, ...ofReceipt]).map(
      ({ severity, title, advice }) => `${severity}: ${title}. ${advice}`,
    );
  }
  const whole = { serviceName: 'Acme', customerId: '42', orderId: 'o-1' };

  test('in good order say nothing', () => {
    expect(judge({ ...whole, amount: 49.9, currency: 'eur' })).toEqual([]);
    expect(judge({ ...whole, amount: '49.90' }, { currency: 'EUR' })).toEqual([]);
    expect(judge({ event: 'signup', serviceName: 'Acme', customerId: 42 })).toEqual([]);
    expect(judge({ ...whole, orderId: null, purchasedAt: new Date(now) })).toEqual([]);
    expect(judge(undefined, whole)).toEqual([]);
  });

  test.each<[argument: unknown, finding: string, options?: Options, reason?: string]>([
    [
      { ...whole, amount: 49 },
      'check: amount: "49" in a call has no currency. An amount without currency is shown',
    ],
    [
      { ...whole, amount: 49, currency: '€' },
      'check: currency: "€" in a call is no currency, and is left out',
    ],
    [
      { ...whole, amount: '49,90', currency: 'EUR' },
      'check: amount: "49,90" in a call is no amount, and is left',
    ],
    [
      { ...whole, amount: -49, currency: 'EUR' },
      'check: amount: "-49" in a call is negative, and is left out',
    ],
    [{ ...whole, amount: 3 * 1.1, currency: 'EUR' }, 'is no amount, and is left out. Round it'],
    [{ ...whole, purchasedAt: 'March 7' }, 'problem: purchasedAt: "March 7" in a call is no time'],
    [{ ...whole, event: 'order' }, 'problem: event: "order" in a call records no purchase'],
    [{ ...whole, sig: 'trust me' }, 'problem: sig in a call is no signature'],
    [{ ...whole, orderId: 'x'.repeat(201) }, 'problem: orderId in a call is longer than 200 characters'],
    [{ serviceName: 'Acme', customerId: '42' }, 'check: A purchase has no orderId. Without it'],
    [{ ...whole, costumerId: '42' }, 'check: costumerId in a call is ignored. Did you mean customerId?'],
    [{ ...whole, amount: '  ' }, 'check: amount in a call is blank, which counts as missing'],
    [
      { ...whole, orderId: {} },
      'check: orderId in a call is an object, which counts as missing. Give it as text or number. orderId is taken',
      { orderId: 'o-1' },
    ],
    [
      { ...whole, customerId: '{{ user.id }}' },
      'problem: customerId in a call is "{{ user.id }}": a template that was not filled in. Look at',
    ],
    [
      { ...whole, customerId: '{{ user.id }}' },
      'That purchase was invalid (no customerId): it was sent once all the same',
      {},
      'no customerId',
    ],
    [
      { ...whole, customerId: undefined },
      'problem: customerId is "<%= id %>": a template that was not filled in.',
      { customerId: '<%= id %>' },
      'no customerId',
    ],
    [
      { ...whole, serviceName: '' },
      'problem: Neither the call nor what startOnramp was given has a serviceName.',
      {},
      'no serviceName',
    ],
    [{ ...whole, orderId: 'undefined' }, 'problem: orderId in a call is "undefined"', {}, 'no orderId'],
    [
      { serviceName: 'Acme', customerId: '42', purchasedAt: '#{now}' },
      'problem: purchasedAt in a call is "#{now}"',
      {},
      'no purchasedAt',
    ],
    [
      { ...whole, customerId: Number.NaN },
      'problem: customerId in a call is NaN, which counts as missing',
      {},
      'no customerId',
    ],
    // The pixel's own call for data-track: told once, in the words of the setting.
    [
      { event: 'signup' },
      'problem: track: "signup" has no customerId, so the signup is refused',
      { track: 'signup', serviceName: 'Acme' },
      'no customerId',
    ],
    [{ event: 'order' }, 'problem: track: "order" records no purchase', { track: 'order', ...whole }],
    ['purchase', 'problem: onrampTrack("purchase") is no command: nothing was sent', {}, 'no command'],
    [whole, 'problem: A purchase could not be sent: TypeError: broken', {}, 'TypeError: broken'],
    [whole, 'check: A purchase was held, and waits for consent', { consent: 'required' }, ''],
    [{ ...whole, event: 'signup' }, 'check: A signup was held: it has not left this page', {}, ''],
  ])('%o', (argument, finding, options = {}, reason = undefined) => {
    expect(judge(argument, options, reason)).toEqual([expect.stringContaining(finding)]);
  });

  test('are told without running the page’s own code, and without the signature', () => {
    const getter = vi.fn();
    const given = Object.defineProperty({ customerId: 42, sig: 'k.1.m', orderId: null }, 'amount', {
      get: getter,
      enumerable: true,
    });
    expect(describeArgument(given)).toBe('customerId: 42, sig: (hidden), orderId: null, amount: (not read)');
    judge(given);
    expect(getter).not.toHaveBeenCalled();
    expect(describeArgument({ secret: 'os_k1_abc' })).toBe('secret: (hidden)');
    expect(describeArgument(undefined)).toBe('what the settings say');
    expect(describeArgument('purchase')).toBe('string: purchase');
  });

  test('from before and after are followed to their receipts, a held one until it is sent', async () => {
    const receipts = { held: Promise.resolve({ status: 'held' }), sent: Promise.resolve({ status: 'sent' }) };
    const argument = { customerId: '1' };
    const tracked = [[argument, receipts.held]] as TrackedCall[];
    const changed = vi.fn();
    const calls: Calls = watchCalls(changed);
    calls.look(tracked, undefined);
    expect(calls.list()).toMatchObject([{ at: undefined, given: 'customerId: 1', status: '' }]);
    await vi.waitFor(() => expect(calls.list()).toMatchObject([{ status: 'held' }]));
    expect(calls.isAllowed()).toBe(false);
    tracked.push([argument, receipts.sent] as TrackedCall);
    // At once, as what came of the call may be gone a moment later.
    expect(changed).toHaveBeenCalledTimes(2);
    calls.look(tracked, undefined);
    await vi.waitFor(() => expect(calls.list()).toMatchObject([{ at: expect.any(Number), status: 'sent' }]));
    expect(calls.isAllowed()).toBe(true);
    expect(changed).toHaveBeenCalledTimes(3);
  });
});

describe('the ways to the marketplace', () => {
  const through: Way = { outcome: 'through', saw: '' };
  const stopped: Way = { outcome: 'stopped', saw: '' };
  const passage: Passage = { service: through, beacon: through, image: through };
  const found = (title: string): Way => ({
    ...stopped,
    cause: 'silent',
    finding: { severity: 'problem', title, advice: '' },
  });
  const refusing: Way = {
    ...through,
    cause: 'refusing',
    finding: { severity: 'problem', title: 'refused', advice: '' },
  };
  const destination: Destination = {
    origin: 'https://market.example',
    host: 'market.example',
    path: '',
    label: 'data-endpoint',
    isOwnHost: false,
  };
  const own = "The script comes from this page's own host, so messages go to market.example";

  test.each<[name: string, Partial<Passage>, Partial<Destination>, findings: string[]]>([
    ['all through', {}, {}, []],
    ['a key that is refused', { image: refusing }, {}, []],
    [
      'refused, and no words for it',
      { service: { ...stopped, cause: 'policy', outcome: 'unknown' }, image: refusing },
      {},
      ['problem: refused'],
    ],
    ['image alone', { image: found('image') }, {}, ['problem: image']],
    ['beacon alone', { beacon: found('beacon') }, {}, ['problem: beacon']],
    ['the question alone', { service: { ...stopped, cause: 'silent' } }, {}, []],
    [
      'both',
      { image: found('image'), beacon: found('beacon') },
      {},
      ['problem: Beacons and images are both blocked: no purchase can leave this page'],
    ],
    [
      'nothing at all',
      { service: { ...stopped, cause: 'silent' }, image: found('image'), beacon: found('beacon') },
      {},
      ['problem: market.example cannot be reached from this browser: no purchase can leave this page'],
    ],
    ['busy', { service: { ...found('busy'), cause: 'busy' }, image: found('image') }, {}, ['problem: busy']],
    [
      'another server',
      { service: { ...stopped, cause: 'foreign' }, image: found('image') },
      {},
      ['problem: What answers at market.example is not the marketplace’s service'],
    ],
    [
      'a path where the service does not answer',
      { service: { ...stopped, cause: 'foreign' }, image: found('image') },
      { path: '/shop' },
      ["problem: data-endpoint has the path /shop, where the marketplace's service does not answer"],
    ],
    [
      'own host, another server',
      { service: { ...stopped, cause: 'foreign' } },
      { isOwnHost: true },
      [`problem: ${own}`],
    ],
    [
      'own host, no answer',
      { service: { ...stopped, cause: 'silent' }, image: found('image'), beacon: found('beacon') },
      { isOwnHost: true },
      [`problem: ${own}`],
    ],
    ['own host, the service', {}, { isOwnHost: true }, [`check: ${own}`]],
    ['own host, asking', { service: { outcome: 'asking', saw: '' } }, { isOwnHost: true }, []],
  ])('%s', (_name, seen, where, findings) => {
    const judged = judgePassage({ ...passage, ...seen }, { ...destination, ...where });
    expect(judged.map(({ severity, title }) => `${severity}: ${title}`)).toEqual(
      findings.map((finding) => expect.stringContaining(finding)),
    );
  });
});
