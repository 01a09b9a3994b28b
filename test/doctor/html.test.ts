import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { stub } from '../../src/doctor/examine.ts';
import { diagnose, openClinic, pixel } from './support/clinic.ts';

const { site, elsewhere, service, provider, baseUrl, tag } = await openClinic();
await service.addProvider({ partnerKey: 'pk_closed', disabled: true });
await service.addProvider({ partnerKey: 'pk_strict', minimumLevel: 'signed' });
await service.addProvider({ partnerKey: 'pk_new', origins: [] });
const ownCopy = site.script('/cache/onramp.js', pixel);
const oldCopy = elsewhere.script('/old/onramp.js', pixel.replace('2e3', '1e3'));
const otherScript = elsewhere.script('/other/onramp.js', 'console.log("another")');
const version = createHash('sha256').update(pixel).digest('hex').slice(0, 12);
const integrity = `sha384-${createHash('sha384').update(pixel).digest('base64')}`;
const call = "<script>onrampTrack({ customerId: '42', orderId: 'A-1' })</script>";

function withKey(key: string): string {
  return `<script async src="${baseUrl}/onramp.js" data-partner-key="${key}"></script>`;
}

test.each([
  ['the tag as it is handed out', tag()],
  ['with its stub and a call', stub + tag() + call],
  ['with what a thank-you page says', tag('data-track="purchase" data-customer-id="42" data-order-id="A-1"')],
  [
    'with its options in the address',
    `<script async src="${baseUrl}/onramp.js?partner-key=pk_acme"></script>`,
  ],
  [
    'pinned',
    tag(`crossorigin="anonymous" integrity="${integrity}"`).replace('onramp.js', `onramp-${version}.js`),
  ],
  ['by its own proxy', tag().replace('async', `async data-endpoint="${baseUrl}/"`)],
  [
    'that waits for consent which is given',
    `${tag('data-consent="required"')}<script>onrampTrack('consent', true)</script>${stub}`,
  ],
])('nothing is wrong with the tag %s', async (_what, html) => {
  expect(await diagnose(['--no-browser', site.page('/signup', html)])).toMatchObject({
    findings: [],
    ok: true,
    exitCode: 0,
    browser: null,
  });
});

test.each([
  ['tag-missing', '<p>Welcome</p>'],
  ['tag-missing', `<!-- ${tag()} -->`],
  ['tag-twice', tag() + tag()],
  ['tag-two-keys', tag() + withKey('pk_new')],
  ['tag-own-site', tag().replace(`${baseUrl}/onramp.js`, ownCopy)],
  ['tag-delayed', tag('type="text/rocketscript"')],
  ['tag-delayed', tag('type="text/plain"')],
  ['tag-delayed', tag().replace('src=', 'data-litespeed-src=')],
  ['tag-stripped', `<script async src="${baseUrl}/onramp.js"></script>`],
  ['tag-inlined', `<script data-partner-key="pk_acme" data-endpoint="${baseUrl}">${pixel}</script>`],
  ['tag-module', tag('type="module"')],
  ['tag-blocking', tag().replace('async ', '')],
  ['stub-missing', tag() + call],
  [
    'stub-older',
    `<script>window.onrampTrack=window.onrampTrack||function(){(onrampTrack.q=onrampTrack.q||[]).push(arguments)}</script>${tag()}${call}`,
  ],
  ['key-malformed', withKey('acme crm')],
  ['key-unknown', withKey('pk_nobody')],
  ['key-disabled', withKey('pk_closed')],
  ['secret-in-page', withKey(provider.secret)],
  ['setting-misspelled', tag('data-costumer-id="42"')],
  ['setting-wrong', tag('data-window-days="a week"')],
  ['template-not-filled', tag('data-customer-id="{{ user.id }}"')],
  ['purchase-refused', tag('data-track="purchase" data-order-id="A-1"')],
  ['order-missing', tag('data-track="purchase" data-customer-id="42"')],
  ['value-unreadable', tag('data-amount="49,90 €" data-currency="EUR"')],
  ['value-unreadable', tag('data-amount="49.90"')],
  ['endpoint-wrong', tag(`data-endpoint="${elsewhere.origin}"`)],
  ['endpoint-wrong', tag('data-endpoint="market.example"')],
  ['endpoint-unreachable', tag('data-endpoint="http://127.0.0.1:9"')],
  ['origin-unregistered', withKey('pk_new')],
  ['level-too-low', withKey('pk_strict')],
  ['script-unreachable', tag().replace('onramp.js', 'onramp-0123456789ab.js')],
  ['script-not-ours', tag(`data-endpoint="${baseUrl}"`).replace(`${baseUrl}/onramp.js`, otherScript)],
  ['script-stale', tag(`data-endpoint="${baseUrl}"`).replace(`${baseUrl}/onramp.js`, oldCopy)],
  ['integrity-wrong', tag('crossorigin="anonymous" integrity="sha384-AAAA"')],
  [
    'integrity-without-crossorigin',
    tag(`integrity="${integrity}"`).replace('onramp.js', `onramp-${version}.js`),
  ],
  ['integrity-on-moving-address', tag(`crossorigin="anonymous" integrity="${integrity}"`)],
  ['consent-holds-tag', tag('type="text/plain" data-cookieconsent="marketing"')],
  ['consent-never-given', tag('data-consent="required"')],
  ['referral-param-differs', tag('data-referral-param="ref"')],
])('%s is found', async (code, html) => {
  const { codes, findings, exitCode } = await diagnose(['--no-browser', site.page('/signup', html)]);
  expect(codes).toEqual([code]);
  expect(exitCode).toBe(findings.some(({ severity }) => severity === 'error') ? 1 : 0);
});
