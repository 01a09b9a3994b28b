import { type BrowserContext, expect, type Page } from '@playwright/test';
import { trackingPath, trackingPicturePath } from '../../src/wire/paths.ts';
import { blockBeacons, blockImages } from '../support/faults.ts';
import { test } from '../support/fixtures.ts';
import type { Service } from '../support/service.ts';
import { stub } from '../support/tag.ts';

const purchase = { serviceName: 'Acme CRM', customerId: '42', orderId: 'o-1' };

interface Fault {
  name: string;
  /** The page's own headers. */
  headers?: (baseUrl: string) => Record<string, string>;
  /** What the page, or something in it, did before the tag ran. */
  before?: () => void;
  /** What stands between the page and the service. */
  between?: (context: BrowserContext) => Promise<unknown>;
  /** What happens after the call, on the way to the next page. */
  afterwards?: (page: Page, service: Service) => Promise<unknown>;
  /** Whether the purchase needs the provider's next page to arrive. */
  needsNextPage?: true;
}

const policy = (text: string) => ({ 'content-security-policy': text });

/** Answers the next requests of that kind with it, then lets them through. */
function answerFirst(path: string, times: number, answer: { status: number; body?: string; type?: string }) {
  return (context: BrowserContext) =>
    context.route(
      `**${path}*`,
      (route) =>
        route.fulfill({
          status: answer.status,
          body: answer.body ?? '',
          contentType: answer.type ?? 'text/plain',
        }),
      { times },
    );
}

const onePixel = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>';

/** In every one of them the purchase is in the ledger once, and the page has not noticed. */
const faults: Fault[] = [
  {
    name: 'a policy without connect-src for the service',
    headers: () => policy("connect-src 'self'"),
  },
  {
    name: 'a policy without img-src for the service',
    headers: () => policy("img-src 'self' data:"),
  },
  {
    name: 'a policy with strict-dynamic, a nonce and trusted types',
    headers: () =>
      policy(
        "script-src 'nonce-n' 'strict-dynamic'; require-trusted-types-for 'script'; trusted-types 'none'",
      ),
  },
  { name: 'Referrer-Policy: no-referrer', headers: () => ({ 'referrer-policy': 'no-referrer' }) },
  { name: 'beacons that are dropped on the way', between: blockBeacons },
  { name: 'images that are dropped on the way', between: blockImages },
  {
    name: 'a beacon and an image that get 503',
    between: async (context) => {
      await answerFirst(trackingPath, 1, { status: 503 })(context);
      await answerFirst(trackingPicturePath, 1, { status: 503 })(context);
    },
  },
  {
    name: 'a beacon and an image that get 429',
    between: async (context) => {
      await answerFirst(trackingPath, 1, { status: 429 })(context);
      await answerFirst(trackingPicturePath, 1, { status: 429 })(context);
    },
  },
  {
    name: 'a foreign picture in the place of the first proof, and no beacon',
    between: async (context) => {
      await blockBeacons(context);
      await answerFirst(trackingPicturePath, 1, { status: 200, body: onePixel, type: 'image/svg+xml' })(
        context,
      );
    },
  },
  {
    name: 'a proxy that answers everything with its own page, at first',
    between: async (context) => {
      const html = '<!doctype html><title>Log in</title>';
      await answerFirst(trackingPath, 1, { status: 200, body: html, type: 'text/html' })(context);
      await answerFirst(trackingPicturePath, 1, { status: 200, body: html, type: 'text/html' })(context);
    },
  },
  {
    name: 'both ways blocked, and freed on the next page',
    between: async (context) => {
      await blockBeacons(context);
      await blockImages(context);
    },
    afterwards: (page) => page.context().unrouteAll(),
    needsNextPage: true,
  },
  {
    name: 'no network until the next page',
    before: () => {
      Navigator.prototype.sendBeacon = () => false;
    },
    between: blockImages,
    afterwards: (page) => page.context().unrouteAll(),
    needsNextPage: true,
  },
  {
    name: 'a page that has replaced Promise',
    before: () => {
      function broken() {
        throw new Error('no promises here');
      }
      Object.defineProperty(window, 'Promise', { value: broken });
    },
  },
  {
    name: 'a page that has given JSON.stringify and toJSON another meaning',
    before: () => {
      JSON.stringify = () => 'nothing';
      Object.assign(Array.prototype, { toJSON: () => 'nothing' });
      Object.assign(Object.prototype, { toJSON: () => 'nothing' });
    },
  },
  {
    name: 'a page that wraps sendBeacon and drops the rest of the arguments',
    before: () => {
      const beacon = navigator.sendBeacon.bind(navigator);
      navigator.sendBeacon = (url) => beacon(url);
    },
  },
  {
    name: 'a page that has lost its console',
    before: () => {
      Object.defineProperty(window, 'console', { value: undefined });
    },
  },
];

for (const { name, headers, before, between, afterwards, needsNextPage } of faults) {
  test(`a purchase arrives once in spite of ${name}`, async ({
    page,
    context,
    service,
    site,
    tag,
    expectLedger,
  }) => {
    const nonce = (html: string) => html.replaceAll('<script', '<script nonce="n"');
    const checkout = site.page('/checkout', nonce(stub + tag()), headers?.(service.baseUrl));
    if (before) await page.addInitScript(before);
    await between?.(context);
    await page.goto(checkout);
    // By name: where Promise is broken, the browser's own tools can't wait for one.
    await page.evaluate((given) => void window.onrampTrack(given), purchase);
    await afterwards?.(page, service);
    if (needsNextPage) await page.goto(site.page('/next', tag()));
    await expectLedger({ purchases: [purchase] });
    expect(context.pages()).toHaveLength(1);
  });
}

test('a purchase made offline arrives as soon as the page is online again', async ({
  page,
  context,
  site,
  tag,
  expectLedger,
}) => {
  await page.goto(site.page('/', stub + tag()));
  expect(await page.evaluate(() => window.onrampTrack('referral'))).toBeNull();
  await context.setOffline(true);
  await page.evaluate((given) => window.onrampTrack(given), purchase);
  await context.setOffline(false);
  await expectLedger({ purchases: [purchase] });
});

test('a purchase arrives from a tab that is closed in the same moment', async ({
  page,
  context,
  site,
  tag,
  expectLedger,
}) => {
  await context.newPage();
  await page.goto(site.page('/', stub + tag()));
  await page.evaluate(() => window.onrampTrack('referral'));
  await page.evaluate((given) => void window.onrampTrack(given), purchase);
  await page.close();
  await expectLedger({ purchases: [purchase] });
});
