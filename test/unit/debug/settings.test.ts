// @vitest-environment happy-dom
import { afterEach, describe, expect, test } from 'vitest';
import { judgeSettings } from '../../../src/debug/settings/judge.ts';
import { defaults, kebab, type OptionName, optionNames, shown } from '../../../src/debug/settings/options.ts';
import { findTags, readTag } from '../../../src/debug/settings/tag.ts';

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
function judge(options: Record<string, string>, page = 'https://www.acme.example/thanks') {
  const attributes = Object.entries(options).map(([name, value]) => [`data-${kebab(name)}`, value]);
  const tag = readTag(addTag(Object.fromEntries(attributes)));
  return judgeSettings(tag, new URL(page), now).map(({ severity, title }) => `${severity}: ${title}`);
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
});

describe('what is wrong is said in words', () => {
  test.each<[options: Record<string, string>, finding: string]>([
    [{ partnerKey: '' }, 'problem: The tag has no partner key'],
    [{ partnerKey: 'pk acme' }, 'problem: "pk acme" is no partner key'],
    [{ partnerKey: 'x'.repeat(129) }, 'problem: "xxx'],
    [{ partnerKey: 'os_k1_abc' }, 'problem: The tag shows what looks like your secret'],
    [{ endpoint: 'market.example' }, 'problem: data-endpoint="market.example" is no web address'],
    [{ endpoint: 'https://market.example/api/SaasTrackings' }, 'problem: data-endpoint says more'],
    [{ endpoint: 'https://market.example/?x=1' }, 'problem: data-endpoint says more'],
    [{ endpoint: 'http://market.example' }, 'problem: This page is https, but the messages would go to http'],
    [{ track: 'order' }, 'problem: data-track="order" tracks nothing'],
    [{ track: 'purchase', orderId: '1' }, 'problem: data-track="purchase" has no data-customer-id'],
    [{ track: 'purchase', customerId: '1' }, 'check: data-track="purchase" has no data-order-id'],
    [{ customerId: '{{ customer.id }}' }, 'problem: data-customer-id is "{{ customer.id }}": a template'],
    [{ customerId: 'undefined' }, 'problem: data-customer-id is "undefined"'],
    [{ orderId: 'x'.repeat(201) }, 'problem: data-order-id is longer than 200 characters'],
    [{ purchasedAt: 'March 7' }, 'problem: data-purchased-at="March 7" is no time'],
    [{ purchasedAt: '1777896000' }, 'problem: data-purchased-at="1777896000" is before 2000'],
    [
      { purchasedAt: '2026-05-06' },
      'problem: data-purchased-at="2026-05-06" is before 2000 or more than a day ahead',
    ],
    [{ amount: '49,90' }, 'check: data-amount="49,90" is no amount'],
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
  const from = (name: OptionName) => [settings[name].value, settings[name].from];
  expect(from('partnerKey')).toEqual(['pk_acme', 'attribute']);
  expect(from('serviceName')).toEqual(['Acme', 'script address']);
  expect(from('endpoint')).toEqual(['https://market.example', 'default']);
  expect(from('windowDays')).toEqual([defaults.windowDays, 'default']);
  expect(from('amount')).toEqual(['', 'not set']);
  expect(Object.keys(settings)).toEqual(optionNames);
});

test('neither a signature nor a secret is shown', () => {
  expect(shown({ name: 'sig', value: 'k.1.mac', from: 'attribute' })).toBe('(hidden, 7 characters)');
  expect(shown({ name: 'partnerKey', value: 'os_k1_abc', from: 'attribute' })).not.toContain('abc');
});

test("the tag that runs comes first, and another vendor's is none", () => {
  addTag({ 'data-partner-key': 'theirs' }, 'https://vendor.example/track.js');
  addTag({ 'data-partner-key': 'pk_second' });
  addTag({ 'data-partner-key': 'pk_acme' }, 'https://www.acme.example/assets/tracker.js');
  const keys = findTags(document, 'pk_acme').map(({ settings }) => settings.partnerKey.value);
  expect(keys).toEqual(['pk_acme', 'pk_second']);
});
