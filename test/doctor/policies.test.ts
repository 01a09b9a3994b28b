import { expect, test } from 'vitest';
import { stub } from '../../src/doctor/examine.ts';
import { diagnose, openClinic } from './support/clinic.ts';

const { site, baseUrl, tag } = await openClinic();
const header = 'content-security-policy';
const reportOnly = `${header}-report-only`;
const whole = `script-src ${baseUrl}; connect-src ${baseUrl}; img-src ${baseUrl}`;

test.each([
  ['the policy of the README', { [header]: whole }, tag()],
  ['a nonce', { [header]: `${whole} 'self'; script-src 'nonce-a' 'strict-dynamic'` }, tag('nonce="a"')],
  [
    'one behind the tag',
    {},
    `${tag()}<meta http-equiv="content-security-policy" content="script-src 'self'">`,
  ],
  [
    'none that counts, in the body',
    {},
    `<p></p><meta http-equiv="content-security-policy" content="default-src 'none'">${tag()}`,
  ],
])('a page with %s is fine', async (_what, headers, html) => {
  expect(await diagnose(['--no-browser', site.page('/signup', html, headers)])).toMatchObject({
    findings: [],
  });
});

test.each([
  [
    'csp-blocks-script',
    { [header]: `script-src 'self'; connect-src ${baseUrl}; img-src ${baseUrl}` },
    tag(),
    `Content-Security-Policy: script-src 'self' ${baseUrl}; connect-src ${baseUrl}; img-src ${baseUrl}`,
  ],
  [
    'csp-blocks-script',
    { [header]: "script-src 'nonce-a' 'strict-dynamic'" },
    tag(),
    `<script nonce="…" async src="${baseUrl}/onramp.js" …></script>`,
  ],
  [
    'csp-blocks-script',
    {},
    `<meta http-equiv="Content-Security-Policy" content="script-src 'self'">${tag()}`,
    `<meta http-equiv="Content-Security-Policy" content="script-src 'self' ${baseUrl}">`,
  ],
  [
    'csp-blocks-stub',
    { [header]: whole },
    stub + tag(),
    expect.stringMatching(/script-src \S+ 'sha256-[\w+/]{43}='; connect-src/),
  ],
  [
    'csp-blocks-beacon',
    { [header]: "connect-src 'self'" },
    tag(),
    `Content-Security-Policy: connect-src 'self' ${baseUrl}`,
  ],
  [
    'csp-blocks-image',
    { [header]: `default-src 'self' ${baseUrl}; img-src data:` },
    tag(),
    `Content-Security-Policy: default-src 'self' ${baseUrl}; img-src data: ${baseUrl}`,
  ],
  [
    'csp-blocks-messages',
    { [header]: `default-src 'self'; script-src ${baseUrl}` },
    tag(),
    `Content-Security-Policy: default-src 'self'; script-src ${baseUrl}; connect-src 'self' ${baseUrl}; img-src 'self' ${baseUrl}`,
  ],
  [
    'csp-blocks-messages',
    { [header]: `${whole}, default-src https:` },
    tag(),
    `Content-Security-Policy: default-src https:; script-src https: ${baseUrl}; connect-src https: ${baseUrl}; img-src https: ${baseUrl}`,
  ],
  [
    'csp-report-only',
    { [reportOnly]: "connect-src 'self'" },
    tag(),
    `Content-Security-Policy-Report-Only: connect-src 'self' ${baseUrl}`,
  ],
])('%s by %o', async (code, headers, html, change) => {
  const { findings } = await diagnose(['--no-browser', site.page('/signup', html, headers)]);
  expect(findings).toContainEqual(expect.objectContaining({ code, change }));
});

test('a nonce that is not the policy’s is named as that', async () => {
  const page = site.page('/signup', tag('nonce="old"'), {
    [header]: "script-src 'nonce-new' 'strict-dynamic'",
  });
  expect((await diagnose(['--no-browser', page])).findings).toMatchObject([
    { code: 'csp-blocks-script', sentence: expect.stringContaining('not that of the policy') },
  ]);
});
