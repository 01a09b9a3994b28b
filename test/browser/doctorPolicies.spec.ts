import { expect } from '@playwright/test';
import { type Case, cases } from '../doctor/support/policies.ts';
import { test } from '../workerFixtures.ts';

/** The doctor's verdicts on policies, which test/doctor/policy.test.ts holds it to, are Chromium's. */
test('Chromium allows and forbids the same', async ({ page }) => {
  const verdicts = new Map<number, boolean>();
  await page.addInitScript(tryInFrame, cases);
  // A frame tells what was stopped, and what ran.
  page.on('console', (message) => {
    const [, word, number] = /^(stopped|ran) (\d+)$/.exec(message.text()) ?? [];
    if (word) verdicts.set(Number(number), word === 'ran');
  });
  await page.route('**', async (route) => {
    const url = new URL(route.request().url());
    const framed = /^\/page-(\d+)$/.exec(url.pathname)?.[1];
    const asked = url.searchParams.get('case');
    if (asked) verdicts.set(Number(asked), true);
    const one = framed === undefined ? undefined : cases[Number(framed)];
    if (!one)
      return await route.fulfill({
        headers: { 'access-control-allow-origin': '*' },
        contentType: 'text/html',
        body: '',
      });
    const headers = { 'content-type': 'text/html', 'content-security-policy': one.policy };
    return await route.fulfill({ headers, body: `<!doctype html>${elementOf(one, Number(framed))}` });
  });
  await page.goto('http://acme.example/');
  // One page in frames instead of a page each, which takes ten times as long.
  await page.evaluate((length) => {
    for (let number = 0; number < length; number++) {
      document.body.append(Object.assign(document.createElement('iframe'), { src: `/page-${number}` }));
    }
  }, cases.length);
  await expect.poll(() => verdicts.size).toBe(cases.length);
  const differing = cases.filter((one, number) => verdicts.get(number) !== one.isAllowed);
  expect(differing).toEqual([]);
});

/** The query counts for no policy. */
function addressOf({ url = '' }: Case, number: number): string {
  return `${url}${url.includes('?') ? '&' : '?'}case=${number}`;
}

function elementOf(one: Case, number: number): string {
  const { kind, text, nonce, integrity, isInjected } = one;
  const checked = integrity ? ` crossorigin="anonymous" integrity="${integrity}"` : '';
  const attribute = `${nonce ? ` nonce="${nonce}"` : ''}${checked}`;
  if (kind === 'inline') return `<script${attribute}>${text}</script>`;
  if (kind !== 'script' || isInjected) return '';
  return `<script async${attribute} src="${addressOf(one, number)}"></script>`;
}

/** Runs before all else in each frame, as no policy can forbid. */
function tryInFrame(all: readonly Case[]): void {
  const number = Number(/^\/page-(\d+)$/.exec(location.pathname)?.[1]);
  const one = all[number];
  if (!one) return;
  const { kind, url = '', isInjected } = one;
  const address = `${url}?case=${number}`;
  document.addEventListener('securitypolicyviolation', ({ blockedURI }) => {
    if (blockedURI === 'inline' || (url !== '' && blockedURI.startsWith(url)))
      console.log(`stopped ${number}`);
  });
  document.addEventListener('DOMContentLoaded', () => {
    if (kind === 'inline' && 'ran' in window) console.log(`ran ${number}`);
    if (kind === 'beacon') navigator.sendBeacon(address);
    if (kind === 'image') new Image().src = address;
    if (kind !== 'script' || !isInjected) return;
    const script = document.createElement('script');
    script.src = address;
    document.head.append(script);
  });
}
