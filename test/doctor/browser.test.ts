import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { stub } from '../../src/doctor/examine.ts';
import { answer, type Behaviour, startServer } from '../provider/support/server.ts';
import { closeBrowser, diagnose, openClinic, pixel } from './support/clinic.ts';

const { site, elsewhere, provider, baseUrl, tag } = await openClinic();
afterAll(closeBrowser);

const module = readFileSync(resolve(import.meta.dirname, '../../dist/onramp.mjs'), 'utf8');
const injected = `<script>
  document.head.append(Object.assign(document.createElement('script'), { src: '${baseUrl}/onramp.js?partner-key=pk_acme' }))
</script>`;
site.script('/bundle.js', pixel);
site.script('/app.js', `${module}\nstartOnramp({ partnerKey: 'pk_acme', endpoint: '${baseUrl}' })`);
site.page('/app', tag());

test('what a frame loads is none of the page’s, and a stub in a file is seen', async () => {
  site.page('/framed', tag());
  const framing = await diagnose([site.page('/signup', '<iframe src="/framed"></iframe>')]);
  expect(framing.codes).toEqual(['tag-missing']);
  site.script('/stub.js', stub.replace(/<.?script>/g, ''));
  const call = "<script>onrampTrack('referral')</script>";
  const filed = await diagnose([site.page('/signup', `<script src="/stub.js"></script>${tag()}${call}`)]);
  expect(filed.codes).toEqual([]);
});

test('nothing is wrong from landing to checkout, and nothing is left in the ledger', async () => {
  const page = site.page('/signup', stub + tag());
  const call = "<script>onrampTrack({ customerId: '42', orderId: 'A-1' })</script>";
  const thankYou = site.page(
    '/thanks',
    `${stub}${tag('data-consent="required"')}${call}<script>if (false) onrampTrack('consent', true)</script>`,
  );
  expect(await diagnose([page, '--thank-you', thankYou])).toMatchObject({
    findings: [],
    exitCode: 0,
    browser: expect.stringMatching(/^Chrom\w+ \d/),
  });
  expect(await provider.rows()).toEqual([]);
  expect(await provider.rejections()).toEqual([]);
});

test.each([
  [['tag-only-rendered'], injected],
  [
    ['tag-not-rendered', 'tag-delayed'],
    `${tag('type="text/plain"')}<script>document.querySelector('[data-partner-key]').remove()</script>`,
  ],
  [['tag-bundled'], '<script src="/bundle.js"></script>'],
  [['tag-in-bundle'], '<script type="module" src="/app.js"></script>'],
  [
    ['pixel-not-running'],
    `<script>Object.defineProperty(window, 'onrampTrack', { value: 1 })</script>${tag()}`,
  ],
  [['pixel-complains'], `${stub}${tag()}<script>onrampTrack({ orderId: 'A-1' })</script>`],
  [['beacon-blocked'], `<script>navigator.sendBeacon = () => true</script>${tag()}`],
  [['image-blocked'], `<script>window.Image = function () {}</script>${tag()}`],
  [
    ['messages-blocked'],
    `<script>navigator.sendBeacon = () => true; window.Image = function () {}</script>${tag()}`,
  ],
  [['referral-dropped'], `<script>location.replace('/app')</script>${tag()}`],
])('%o: a page is found to have it', async (codes, html) => {
  const startedMs = performance.now();
  const report = await diagnose([site.page('/signup', html)]);
  expect(report.codes.toSorted()).toEqual(codes.toSorted());
  // It looks twice, and waits 15 s for a page whose requests never end.
  expect(performance.now() - startedMs).toBeLessThan(15_000);
  expect(await provider.rows()).toEqual([]);
});

test('consent that a file of the page gives is seen', async () => {
  site.script('/consent.js', "if (false) onrampTrack('consent', true)");
  const page = site.page(
    '/signup',
    `${stub}<script src="/consent.js"></script>${tag('data-consent="required"')}`,
  );
  expect((await diagnose([page])).findings).toEqual([]);
});

test('a script that comes late is waited for', async () => {
  // Longer than a page has to be still.
  const late: Behaviour = (request, response) =>
    setTimeout(() => answer(200, pixel)(request, response), 1_500);
  const slow = await startServer(late);
  const attributes = { partnerKey: 'pk_acme', endpoint: baseUrl };
  const page = site.page(
    '/signup',
    `<script>addEventListener('load', () => {
      const script = Object.assign(document.createElement('script'), { src: '${slow.baseUrl}/onramp.js' });
      Object.assign(script.dataset, ${JSON.stringify(attributes)});
      document.head.append(script);
    })</script>`,
  );
  expect((await diagnose([page])).codes).toEqual(['tag-only-rendered']);
});

test('a nonce that a script has set is one, though the element hides it', async () => {
  const nonced = injected.replace('<script>', '<script nonce="abc">').replace('{ src', "{ nonce: 'abc', src");
  const headers = { 'content-security-policy': "script-src 'nonce-abc'" };
  expect((await diagnose([site.page('/signup', nonced, headers)])).codes).toEqual(['tag-only-rendered']);
});

test('referral-not-kept: in a sandbox', async () => {
  const page = site.page('/signup', tag(), { 'content-security-policy': 'sandbox allow-scripts' });
  expect((await diagnose([page])).codes).toEqual(['referral-not-kept']);
});

test('referral-lost: on another domain; and thank-you-silent', async () => {
  const thankYou = elsewhere.page('/thanks', tag());
  const { codes, findings } = await diagnose([site.page('/signup', tag()), '--thank-you', thankYou]);
  expect(codes).toEqual(['thank-you-silent', 'referral-lost']);
  expect(findings.map(({ page }) => page)).toEqual([thankYou, thankYou]);
});

test('what a call reports is compared with the server’s copy', async () => {
  const fields = {
    partnerKey: 'pk_acme',
    serviceName: 'Acme CRM',
    customerId: 'cus_9',
    orderId: 'A-7',
    purchasedAt: '2026-05-04T10:00:00Z',
  };
  await provider.post(fields, { authorization: `Bearer ${provider.secret}` });
  const call = "<script>onrampTrack({ customerId: 42, orderId: 'A-7' })</script>";
  const thankYou = site.page('/thanks', stub + tag() + call);
  const env = { ONRAMP_BASE_URL: baseUrl, ONRAMP_SECRET: provider.secret };
  const { findings, reported } = await diagnose([site.page('/signup', tag()), '--thank-you', thankYou], env);
  expect(reported).toEqual([
    { event: 'purchase', serviceName: 'Acme CRM', customerId: '42', orderId: 'A-7' },
  ]);
  expect(findings).toMatchObject([{ code: 'copy-customer-differs', change: 'data-customer-id="cus_9"' }]);
  expect(await provider.rows()).toMatchObject([{ customerId: 'cus_9' }]);
});
