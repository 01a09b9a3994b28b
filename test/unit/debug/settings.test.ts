// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from 'vitest';
import { judgeSurroundings } from '../../../src/debug/judgeSurroundings.ts';
import type { Surroundings } from '../../../src/debug/page.ts';
import { findTags, readModule, readTag } from '../../../src/debug/sources.ts';
import { useOptions, windowMs } from '../../../src/pixel/options.ts';
import { judgeSettings } from '../../../src/settings/judgeSettings.ts';
import { defaults, kebab, type SettingName, settingNames, shown } from '../../../src/settings/settings.ts';

const now = Date.UTC(2026, 4, 4, 12);
const healthy = { partnerKey: 'pk_acme', serviceName: 'Acme CRM' };

afterEach(() => document.body.replaceChildren());

function addTag(attributes: Record<string, string>, address = 'https://market.example/onramp.js') {
  const script = document.createElement('script');
  // A type that no browser runs: only what stands there matters.
  script.type = 'text/plain';
  for (const [name, value] of Object.entries(attributes)) script.setAttribute(name, value);
  if (address) script.src = address;
  document.body.append(script);
  return script;
}

/** The findings about a tag with these options, each as severity and title. */
function judge(options: Record<string, string>, page = 'https://www.acme.example/thanks', address?: string) {
  const attributes = Object.entries(options).map(([name, value]) => [`data-${kebab(name)}`, value]);
  const tag = readTag(addTag(Object.fromEntries(attributes), address));
  return judgeSettings(tag, new URL(page), now).map(({ severity, title }) => `${severity}: ${title}`);
}

function readModuleWith(options: Record<string, string>) {
  return readModule({ calls: [], option: (name) => options[name] ?? '' });
}

test('a tag as the README has it is in order', () => {
  expect(judge(healthy)).toEqual([]);
  const purchase = {
    customerId: '42',
    orderId: 'A-1001',
    amount: '49.90',
    currency: 'eur',
    track: 'purchase',
  };
  const options = {
    marketplaceHosts: 'market.example, eu.market.example',
    attribution: 'first',
    windowDays: '60',
  };
  const more = { cookieDomain: 'acme.example', consent: 'required', referralParam: 'ref,utm_campaign' };
  expect(judge({ ...healthy, ...purchase, ...options, ...more, purchasedAt: '2026-05-04' })).toEqual([]);
  // No documented option, though the pixel knows it; and a signup has no order.
  expect(judge({ ...healthy, event: 'signup' })).toEqual([]);
  expect(judge({ ...healthy, track: 'signup', customerId: '42' })).toEqual([]);
  // A path of the page's own site is an address as well: the probe tells whether the service answers there.
  expect(judge({ ...healthy, endpoint: '/market' })).toEqual([]);
  expect(judge({ ...healthy, endpoint: '//market.example' })).toEqual([]);
});

describe('what is wrong is said in words', () => {
  test.each<[options: Record<string, string>, finding: string]>([
    [{ partnerKey: '' }, 'problem: The tag has no partner key'],
    [{ partnerKey: 'pk acme' }, 'problem: "pk acme" is no partner key'],
    [{ partnerKey: 'x'.repeat(129) }, 'problem: "xxx'],
    [
      { partnerKey: '{{ key }}' },
      'problem: data-partner-key is "{{ key }}": a template that was not filled in',
    ],
    [{ partnerKey: 'os_k1_abc' }, 'problem: The page shows what looks like your secret'],
    [{ endpoint: 'market.example' }, 'problem: data-endpoint="market.example" has no https:// before it'],
    [{ endpoint: 'localhost:4747' }, 'problem: data-endpoint="localhost:4747" has no https:// before it'],
    [{ endpoint: '{{ base }}' }, 'problem: data-endpoint is "{{ base }}": a template'],
    [
      { endpoint: 'https://market.example/api/SaasTrackings' },
      "problem: data-endpoint has the service's own path in it",
    ],
    [{ endpoint: 'https://market.example/?x=1' }, 'problem: data-endpoint says more'],
    [{ endpoint: 'http://market.example' }, 'problem: This page is https, but the messages would go to http'],
    [
      { track: 'order' },
      'problem: data-track="order" records no purchase: the marketplace takes purchase or signup',
    ],
    [{ track: '{{ track }}' }, 'problem: data-track is "{{ track }}": a template'],
    [
      { track: 'purchase', orderId: '1' },
      'problem: data-track="purchase" has no data-customer-id, so the purchase',
    ],
    [{ track: 'signup' }, 'problem: data-track="signup" has no data-customer-id, so the signup is refused'],
    [{ track: 'purchase', customerId: '1' }, 'check: data-track="purchase" has no data-order-id'],
    [{ customerId: '{{ customer.id }}' }, 'problem: data-customer-id is "{{ customer.id }}": a template'],
    [{ customerId: '#{id}' }, 'problem: data-customer-id is "#{id}": a template'],
    [{ customerId: 'undefined' }, 'problem: data-customer-id is "undefined"'],
    [{ orderId: 'x'.repeat(201) }, 'problem: data-order-id is longer than 200 characters'],
    [{ purchasedAt: 'March 7' }, 'problem: data-purchased-at="March 7" is no time'],
    [{ purchasedAt: '1777896000' }, 'problem: data-purchased-at="1777896000" is before 2000'],
    [
      { purchasedAt: '2026-05-06' },
      'problem: data-purchased-at="2026-05-06" is before 2000 or more than a day ahead',
    ],
    [{ amount: '49,90' }, 'check: data-amount="49,90" is no amount'],
    [{ amount: '-49', currency: 'EUR' }, 'check: data-amount="-49" is negative, and is left out'],
    [{ amount: '49.90' }, 'check: data-amount="49.90" has no currency'],
    [{ amount: '{{ total }}' }, 'check: data-amount is "{{ total }}": a template'],
    [{ currency: '€' }, 'check: data-currency="€" is no currency'],
    [{ sig: 'trust me' }, 'problem: data-sig is no signature'],
    [{ sig: `k.1.${'m'.repeat(43)}` }, 'problem: data-sig is older than 9 days'],
    [
      { marketplaceHosts: 'https://market.example' },
      'problem: data-marketplace-hosts: "https://market.example"',
    ],
    [
      { marketplaceHosts: 'a.example market.example:443' },
      'problem: data-marketplace-hosts: "market.example:443"',
    ],
    [{ marketplaceHosts: 'market.example/shop' }, 'problem: data-marketplace-hosts: "market.example/shop"'],
    [{ marketplaceHosts: '*.market.example' }, 'problem: data-marketplace-hosts: "*.market.example"'],
    [{ marketplaceHosts: 'Market.example' }, 'problem: data-marketplace-hosts: "Market.example"'],
    [{ referralParam: '?ref=' }, 'problem: data-referral-param: "?ref="'],
    [{ windowDays: 'a month' }, 'check: data-window-days="a month" is no number'],
    [{ windowDays: '0' }, 'check: data-window-days="0" is no number'],
    [{ windowDays: '-1' }, 'problem: data-window-days is below 0'],
    [{ windowDays: '500' }, 'check: data-window-days is more than browsers keep'],
    [
      { cookieDomain: 'other.example' },
      "check: This page, on www.acme.example, can't set cookies for other.example",
    ],
    [{ cookieDomain: 'acme.example:80' }, 'check: data-cookie-domain="acme.example:80" is no domain'],
    [{ cookieDomain: '{{ domain }}' }, 'check: data-cookie-domain is "{{ domain }}": a template'],
    [{ attribution: 'frist' }, 'check: data-attribution="frist" is not known'],
    [{ consent: 'yes' }, 'check: data-consent="yes" is not known'],
    [{ partnerkey: 'pk_acme' }, 'check: data-partnerkey is ignored. Did you mean data-partner-key?'],
    [{ costumerId: '42' }, 'check: data-costumer-id is ignored. Did you mean data-customer-id?'],
    [{ cfasync: 'false' }, "note: The tag has attributes that are not the pixel's: data-cfasync"],
  ])('%o', (options, finding) => {
    expect(judge({ ...healthy, ...options })).toEqual([expect.stringContaining(finding)]);
  });

  test('an option without data-, or in camel case in the address', () => {
    const tag = readTag(
      addTag({ 'partner-key': 'x' }, 'https://market.example/onramp.js?partnerKey=pk_acme'),
    );
    const titles = judgeSettings(tag, new URL('https://acme.example'), now).map(({ title }) => title);
    expect(titles).toContain('partner-key is ignored. Did you mean data-partner-key?');
    expect(titles).toContain('partnerKey is ignored. Did you mean partner-key?');
  });
});

test('http is fine on an http page, and on this very machine', () => {
  const options = { ...healthy, endpoint: 'http://market.example' };
  expect(judge(options, 'http://www.acme.example/')).toEqual([]);
  expect(judge({ ...healthy, endpoint: 'http://127.0.0.1:4747' })).toEqual([]);
});

test('where each setting comes from: the attribute, the address of the script, or the default', () => {
  const address = 'https://market.example/onramp.js?partner-key=pk_other&service-name=Acme';
  const { settings } = readTag(addTag({ 'data-partner-key': 'pk_acme', 'data-amount': '' }, address));
  const from = (name: SettingName) => [settings[name].value, settings[name].from];
  expect(from('partnerKey')).toEqual(['pk_acme', 'attribute']);
  expect(from('serviceName')).toEqual(['Acme', 'script address']);
  expect(from('endpoint')).toEqual(['https://market.example', 'default']);
  expect(from('windowDays')).toEqual([defaults.windowDays, 'default']);
  expect(from('amount')).toEqual(['', 'not set']);
  expect(Object.keys(settings)).toEqual(settingNames);
});

test('neither a signature nor a secret is shown', () => {
  expect(shown({ name: 'sig', value: 'k.1.mac' })).toBe('(hidden, 7 characters)');
  expect(shown({ name: 'partnerKey', value: 'os_k1_abc' })).not.toContain('abc');
});

test("the tag whose settings count comes first, and another vendor's is none", () => {
  addTag({ 'data-partner-key': 'theirs' }, 'https://vendor.example/track.js');
  addTag({ 'data-partner-key': 'pk_acme' });
  addTag({ 'data-partner-key': 'pk_second' });
  // The provider has given the file another name: it is known by what stands beside it.
  addTag(
    { 'data-partner-key': 'pk_acme', 'data-track': 'purchase' },
    'https://www.acme.example/assets/tracker.js',
  );
  const tags = findTags(document, 'https://www.acme.example/assets/onramp_debug.js');
  const keys = tags.map(({ settings }) => [settings.partnerKey.value, settings.track.value]);
  expect(keys).toEqual([
    ['pk_acme', 'purchase'],
    ['pk_acme', ''],
    ['pk_second', ''],
  ]);
});

test("a module's options are told by the names that it gives them", () => {
  const source = readModuleWith({ endpoint: 'market.example', track: 'purchase', customerId: '{{ id }}' });
  const { customerId, windowDays } = source.settings;
  expect([customerId.from, windowDays.from, windowDays.value]).toEqual(['startOnramp', 'default', '30']);
  expect(judgeSettings(source, new URL('https://acme.example'), now).map(({ title }) => title)).toEqual([
    'startOnramp was given no partner key, so all is refused',
    'endpoint: "market.example" has no https:// before it, so no message reaches the marketplace',
    'track: "purchase" has no serviceName, so the purchase is refused',
    'track: "purchase" has no orderId',
    'customerId is "{{ id }}": a template that was not filled in',
  ]);
});

describe('what the page around the pixel says', () => {
  const around: Surroundings = {
    pixel: 'runs',
    isTagToo: false,
    stub: 'current',
    isTrackAttribute: false,
    privacyControl: false,
  };
  const tagWith =
    (options: Record<string, string> = {}) =>
    () => {
      const attributes = Object.entries({ ...healthy, ...options });
      return readTag(
        addTag(Object.fromEntries(attributes.map(([name, value]) => [`data-${kebab(name)}`, value]))),
      );
    };
  const module =
    (options: Record<string, string> = {}) =>
    () =>
      readModuleWith({ ...healthy, ...options });
  const byModule = 'note: The pixel was started by a module, startOnramp, and not by a tag';

  test.each<[Partial<Surroundings>, sources: (() => ReturnType<typeof readTag>)[], findings: string[]]>([
    [{}, [tagWith()], []],
    [{ pixel: 'absent' }, [], ['problem: There is no tag in this page']],
    [{}, [], ['note: The tag is no longer in the page']],
    [{ pixel: 'stub' }, [tagWith()], ['problem: The tag is there, but its script does not run']],
    [{ pixel: 'covered' }, [tagWith()], ['check: window.onrampTrack is not the pixel’s own function']],
    [{}, [tagWith(), tagWith()], ['note: The tag stands 2 times in this page']],
    [
      {},
      [tagWith(), tagWith({ partnerKey: 'pk_other' })],
      ['check: The tag stands 2 times in this page, with different partner keys'],
    ],
    [{ stub: 'older' }, [tagWith()], ['note: The stub before the tag is an older one']],
    [{ stub: 'not seen' }, [tagWith()], ['note: No stub is seen in this page']],
    [{ stub: 'not seen' }, [tagWith({ track: 'signup' })], []],
    [{}, [tagWith({ consent: 'required' })], ['check: The pixel waits for consent, and none has been seen']],
    [{ privacyControl: true }, [tagWith()], ['note: This browser asks not to be tracked']],
    [{ stub: 'not seen' }, [module()], [byModule]],
    [
      { isTrackAttribute: true },
      [module()],
      [byModule, 'problem: A script has data-track, but the pixel was started by a module'],
    ],
    [
      {},
      [module({ track: 'purchase' })],
      [byModule, 'note: track: "purchase" tracks each time startOnramp is called'],
    ],
    [{ isTagToo: true }, [module()], [byModule, 'check: The pixel runs twice in this page']],
  ])('%#: %o', (seen, sources, findings) => {
    const judged = judgeSurroundings(
      { ...around, ...seen },
      sources.map((source) => source()),
      false,
    );
    expect(judged.map(({ severity, title }) => `${severity}: ${title}`)).toEqual(
      findings.map((finding) => expect.stringContaining(finding)),
    );
  });
});

test('a script that stands in the page itself sends to the own site', () => {
  expect(judge(healthy, undefined, '')).toEqual([
    "problem: Without data-endpoint the messages go to this page's own site",
  ]);
});

test('the defaults are those of the pixel', () => {
  useOptions(() => '');
  expect(windowMs).toBe(Number(defaults.windowDays) * 86_400_000);
});
