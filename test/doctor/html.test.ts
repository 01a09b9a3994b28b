import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { stub } from '../../src/doctor/examine.ts';
import { judgeSettingsOf } from '../../src/doctor/judgeTags.ts';
import { readHtml } from '../../src/doctor/readHtml.ts';
import { findTags } from '../../src/doctor/tags.ts';
import { answer, startServer } from '../provider/support/server.ts';
import { diagnose, openClinic, pixel } from './support/clinic.ts';

const { site, elsewhere, service, provider, baseUrl, tag } = await openClinic();

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
const older = `${pixel}// older\n`;
await service.store.keepScript(hashOf(older), Buffer.from(older));
const pinned = (text: string) => tag().replace('onramp.js', `onramp-${hashOf(text)}.js`);
const integrity = `sha384-${createHash('sha384').update(pixel).digest('base64')}`;
const call = "<script>onrampTrack({ customerId: '42', orderId: 'A-1' })</script>";

test.each([
  ['as it is handed out', tag()],
  ['with its stub and a call', stub + tag() + call],
  ['with what a thank-you page says', tag('data-track="purchase" data-customer-id="42" data-order-id="A-1"')],
  [
    'with its options in the address',
    `<script async src="${baseUrl}/onramp.js?partner-key=pk_acme"></script>`,
  ],
  [
    'pinned',
    pinned(pixel).replace('async', `async crossorigin="anonymous" integrity="sha256-AAAA ${integrity}"`),
  ],
  ['by its own copy and an endpoint', tag(`data-endpoint="${baseUrl}/"`).replace(baseUrl, elsewhere.origin)],
  ['deferred', tag().replace('async', 'defer')],
  ['beside a file of the site itself', `<script src="/onramp-checkout.js"></script>${tag()}`],
  [
    'with a stub in other words',
    stub.replace('||[]', ' || []').replace('=on', ' = window.on') + tag() + call,
  ],
  ['with data that look like a call', `${tag()}<script type="application/json">"onrampTrack({})"</script>`],
  [
    'waiting for consent that is given',
    `${stub}${tag('data-consent="required"')}<script>onrampTrack('consent', true)</script>`,
  ],
])('nothing is wrong with the tag %s', async (_what, html) => {
  elsewhere.script('/onramp.js', pixel);
  expect(await diagnose(['--no-browser', site.page('/signup', html)])).toMatchObject({
    findings: [],
    ok: true,
    exitCode: 0,
    browser: null,
  });
});

// docs/doctor.md has an example of most codes, which test/doctor/docs.test.ts plays.
test.each([
  ['tag-missing', '<p>Welcome</p>'],
  ['tag-missing', `<noscript>${tag()}</noscript>`],
  ['tag-delayed', tag('type="text/plain"')],
  ['tag-delayed', tag().replace('src=', 'data-litespeed-src=')],
  ['tag-inlined', `<script data-partner-key="pk_acme" data-endpoint="${baseUrl}">${pixel}</script>`],
  ['consent-holds-tag', tag('type="text/plain" class="optanon-category-C0004"')],
  ['consent-holds-tag', tag('type="text/plain" data-name="onramp"')],
  ['secret-in-page', tag().replace('pk_acme', 'whsec_b3NfMDEyM2FiY2Rfbm90QVJlYWxPbmU=')],
  ['secret-in-page', `${tag()}<script>const secret = 'os_0123abcd_${'s'.repeat(43)}'</script>`],
  ['consent-holds-tag', `<script>gtag('consent', 'default', {})</script>${tag('type="text/plain"')}`],
  ['value-unreadable', tag('data-amount="49.90"')],
  ['purchase-refused', tag('data-purchased-at="yesterday"')],
  ['endpoint-wrong', tag(`data-endpoint="${elsewhere.origin}"`)],
  ['endpoint-wrong', tag(`data-endpoint="${baseUrl}/api/SaasTrackings"`)],
  ['endpoint-unreachable', tag('data-endpoint="http://127.0.0.1:9"')],
  ['script-unreachable', tag('data-endpoint="http://127.0.0.1:9"').replace(baseUrl, 'http://127.0.0.1:9')],
  ['script-pinned-old', pinned(older)],
  ['integrity-without-crossorigin', pinned(pixel).replace('async', `async integrity="${integrity}"`)],
  ['integrity-on-moving-address', tag(`crossorigin="anonymous" integrity="${integrity}"`)],
])('%s is found', async (code, html) => {
  const { codes, findings, exitCode } = await diagnose(['--no-browser', site.page('/signup', html)]);
  expect(codes).toContain(code);
  expect(codes.filter((other) => other !== code && other !== 'endpoint-unreachable')).toEqual([]);
  expect(exitCode).toBe(findings.some(({ severity }) => severity === 'error') ? 1 : 0);
});

test('endpoint-insecure: http where the page is https', () => {
  const page = new URL('https://acme.example/');
  const [insecure] = findTags(readHtml(tag('data-endpoint="http://market.example"')), page);
  const findings = insecure ? judgeSettingsOf(insecure, page, Date.now()) : [];
  expect(findings).toMatchObject([{ code: 'endpoint-insecure' }]);
});

test('endpoint-wrong: the machine itself, for visitors from elsewhere', () => {
  const page = new URL('https://acme.example/');
  const [local] = findTags(readHtml(tag('data-endpoint="http://localhost:4747"')), page);
  const findings = local ? judgeSettingsOf(local, page, Date.now()) : [];
  expect(findings).toMatchObject([
    { code: 'endpoint-wrong', sentence: expect.stringContaining('own machine') },
  ]);
});

test('service-busy: it answers 503', async () => {
  const { baseUrl: busy } = await startServer(answer(503, {}));
  const { codes } = await diagnose(['--no-browser', site.page('/signup', tag(`data-endpoint="${busy}"`))]);
  expect(codes).toEqual(['service-busy']);
});

test('csp-trusted-types: where no tag is seen', async () => {
  const headers = { 'content-security-policy': "require-trusted-types-for 'script'" };
  const { codes } = await diagnose(['--no-browser', site.page('/signup', '<p></p>', headers)]);
  expect(codes).toEqual(['tag-missing', 'csp-trusted-types']);
});

test('referral-dropped: a redirect drops the query, and the line keeps it', async () => {
  const away = answer(302, '', { location: '/app' });
  const shown = answer(200, tag());
  const { baseUrl: origin } = await startServer(away, shown, away, shown);
  const { findings } = await diagnose(['--no-browser', `${origin}/signup`]);
  expect(findings).toMatchObject([
    { page: `${origin}/signup`, change: `${origin}/app?onramp_ref=%E2%80%A6`, code: 'referral-dropped' },
    { code: 'origin-unregistered' },
    { code: 'page-redirected' },
  ]);
});

test.each([
  ['Klaro', '<script src="/klaro.js"></script>', /^\{ name: 'onramp'/],
  [
    'Cookiebot',
    '<script src="https://consent.cookiebot.com/uc.js" data-cbid="x"></script>',
    /CookiebotOnAccept/,
  ],
  [
    'OneTrust',
    '<script src="https://cdn.cookielaw.org/scripttemplates/otSDKStub.js"></script>',
    /OneTrustGroupsUpdated/,
  ],
  [
    'Usercentrics',
    '<script src="https://app.usercentrics.eu/browser-ui/latest/loader.js"></script>',
    /consent_status/,
  ],
  ['TCF', '<script>window.__tcfapi = () => {}</script>', /__tcfapi/],
  ['Google Consent Mode', "<script>gtag('consent', 'default', {})</script>", /beside gtag/],
  ['none that is known', '', /^onrampTrack\('consent', true\)/],
])('where the pixel waits for consent, the line to paste is that of %s', async (_name, html, change) => {
  const page = site.page('/signup', html + tag('data-consent="required"'));
  const { findings } = await diagnose(['--no-browser', page]);
  expect(findings).toMatchObject([{ code: 'consent-never-given', change: expect.stringMatching(change) }]);
});

test('a line to paste has the key and the host of the page, and its options', async () => {
  const { findings } = await diagnose([
    '--no-browser',
    site.page('/signup', tag('data-window-days="60"').replace('async', '')),
  ]);
  expect(findings).toMatchObject([
    {
      code: 'tag-blocking',
      severity: 'warning',
      docs: 'docs/doctor.md#tag-blocking',
      page: `${site.origin}/signup`,
      change: `<script async src="${baseUrl}/onramp.js" data-partner-key="pk_acme" data-service-name="Acme CRM" data-window-days="60"></script>`,
    },
  ]);
});

test('a secret in the page is never shown', async () => {
  const page = site.page(
    '/signup',
    tag().replace('pk_acme', provider.secret) + tag(`data-sig="${provider.secret}"`),
  );
  const { findings } = await diagnose(['--no-browser', page]);
  expect(findings.map(({ code }) => code)).toContain('secret-in-page');
  expect(JSON.stringify(findings)).not.toContain(provider.secret.slice(0, 12));
});

test('a page that is nested deeply is read to its end', async () => {
  const page = site.page('/signup', '<div>'.repeat(50_000) + tag());
  expect((await diagnose(['--no-browser', page])).findings).toEqual([]);
});
