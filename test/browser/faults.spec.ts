import { type BrowserContext, expect } from '@playwright/test';
import { trackingPath, trackingPicturePath } from '../../src/wire/paths.ts';
import { blockBeacons, blockImages } from '../support/faults.ts';
import { test } from '../support/fixtures.ts';
import { purchase, track } from '../support/purchase.ts';
import { stub } from '../support/tag.ts';

interface Fault {
  name: string;
  /** The page's own headers. */
  headers?: Record<string, string>;
  /** What the page, or something in it, did before the tag ran. */
  before?: () => void;
  /** What stands between the page and the service. */
  between?: (context: BrowserContext) => Promise<unknown>;
  /** Whether what stands between goes away only when the page was left, so that it takes another one. */
  untilLeft?: true;
}

const policy = (text: string) => ({ 'content-security-policy': text });

interface Answer {
  status: number;
  body?: string;
  contentType?: string;
}

/** Answers the first beacon with it, and lets the next ones through. */
function answerBeacon(context: BrowserContext, answer: Answer) {
  return context.route(`**${trackingPath}`, (route) => route.fulfill(answer), { times: 1 });
}

/** Answers the first image with it, and lets the next ones through. */
function answerImage(context: BrowserContext, answer: Answer) {
  return context.route(`**${trackingPicturePath}*`, (route) => route.fulfill(answer), { times: 1 });
}

const onePixel = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>';

/** In every one of them the purchase is in the ledger once, and the page has not noticed. */
const faults: Fault[] = [
  {
    name: 'a policy without connect-src for the service',
    headers: policy("connect-src 'self'"),
  },
  {
    name: 'a policy without img-src for the service',
    headers: policy("img-src 'self' data:"),
  },
  {
    name: 'a policy with strict-dynamic, a nonce and trusted types',
    headers: policy(
      "script-src 'nonce-n' 'strict-dynamic'; require-trusted-types-for 'script'; trusted-types 'none'",
    ),
  },
  { name: 'Referrer-Policy: no-referrer', headers: { 'referrer-policy': 'no-referrer' } },
  {
    name: 'Referrer-Policy: no-referrer, and no beacon that could name the origin',
    headers: { 'referrer-policy': 'no-referrer' },
    before: () => {
      Navigator.prototype.sendBeacon = () => false;
    },
  },
  { name: 'beacons that are dropped on the way', between: blockBeacons },
  { name: 'images that are dropped on the way', between: blockImages },
  {
    name: 'a beacon and an image that get 503',
    between: async (context) => {
      await answerBeacon(context, { status: 503 });
      await answerImage(context, { status: 503 });
    },
  },
  {
    name: 'a beacon and an image that get 429',
    between: async (context) => {
      await answerBeacon(context, { status: 429 });
      await answerImage(context, { status: 429 });
    },
  },
  {
    name: 'a foreign picture in the place of the first proof, and no beacon',
    between: async (context) => {
      await blockBeacons(context);
      await answerImage(context, { status: 200, body: onePixel, contentType: 'image/svg+xml' });
    },
  },
  {
    name: 'a proxy that answers everything with its own page, at first',
    between: async (context) => {
      const login = { status: 200, body: '<!doctype html><title>Log in</title>', contentType: 'text/html' };
      await answerBeacon(context, login);
      await answerImage(context, login);
    },
  },
  {
    name: 'both ways blocked until the page is left',
    between: async (context) => {
      await blockBeacons(context);
      await blockImages(context);
    },
    untilLeft: true,
  },
  {
    name: 'a beacon that is refused and images blocked until the page is left',
    before: () => {
      Navigator.prototype.sendBeacon = () => false;
    },
    between: blockImages,
    untilLeft: true,
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

for (const { name, headers, before, between, untilLeft } of faults) {
  test(`a purchase arrives once in spite of ${name}`, async ({ page, context, site, tag, expectLedger }) => {
    const html = (stub + tag()).replaceAll('<script', '<script nonce="n"');
    const checkout = site.page('/checkout', html, headers);
    if (before) await page.addInitScript(before);
    await between?.(context);
    await page.goto(checkout);
    // Its promise isn't waited for: a page with a Promise of its own may have none that works.
    await page.evaluate((given) => void window.onrampTrack(given), purchase);
    if (untilLeft) {
      await page.goto(site.page('/without-tag', ''));
      await context.unrouteAll();
      await page.goto(site.page('/next', tag()));
    }
    await expectLedger({ purchases: [{ ...purchase, trust: 'origin' }] });
  });
}

test('a purchase made offline arrives as soon as the page is online again', async ({
  page,
  context,
  site,
  tag,
  expectLedger,
}) => {
  // Its timers stand still: only the event can bring the purchase.
  await page.clock.install();
  await page.goto(site.page('/', stub + tag()));
  expect(await page.evaluate(() => window.onrampTrack('referral'))).toBeNull();
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.addScriptTag({ content: 'navigator.sendBeacon = () => true' });
  await context.setOffline(true);
  await track(page);
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
  // The last page of a window would take the browser's queue with it.
  await context.newPage();
  await page.goto(site.page('/', stub + tag()));
  expect(await page.evaluate(() => window.onrampTrack('referral'))).toBeNull();
  await page.evaluate((given) => void window.onrampTrack(given), purchase);
  await page.close();
  await expectLedger({ purchases: [purchase] });
});
