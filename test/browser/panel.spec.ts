import { expect, type Page } from '@playwright/test';
import { panelOn, withPanel } from '../support/panel.ts';
import { purchase, track as trackPurchase } from '../support/purchase.ts';
import { stub } from '../support/tag.ts';
import { test } from './fixtures.ts';

const sig = `k1.1790000000.${'m'.repeat(43)}`;

test('the report has everything but the signature, and is copied', async ({
  context,
  page,
  site,
  tag,
  expectLedger,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const thanks = tag({ ...purchase, sig, track: 'purchase' });
  await page.goto(withPanel(site.page('/thanks', thanks)));
  const { root, button, text } = panelOn(page);
  await text();
  await button('Copy report').click();
  await expect(root.getByText('Copied.')).toBeVisible();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  expect(report).toContain('data-sig = (hidden, 57 characters) (attribute)');
  for (const part of ['onramp report', `${site.origin}/thanks`, 'data-customer-id = 42', 'beacon: through']) {
    expect(report).toContain(part);
  }
  expect(report).not.toContain('mmm');
  expect(await root.textContent()).not.toContain('mmm');
  await expectLedger({ rejections: 1 });
});

test('where copying is not allowed, the report is shown to be copied', async ({
  page,
  site,
  tag,
  expectLedger,
}) => {
  await page.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'clipboard'));
  await page.goto(withPanel(site.page('/', tag())));
  const { root, button } = panelOn(page);
  await button('Copy report').click();
  const report = root.getByRole('textbox', { name: 'Report' });
  await expect(report).toBeFocused();
  await expect(report).toHaveValue(/onramp report/);
  await expectLedger({});
});

test('the keyboard reaches all of it, and the page hears nothing of that', async ({
  page,
  site,
  tag,
  expectLedger,
}) => {
  const listens = `<input autofocus aria-label="Coupon"><script>
    window.heard = [];
    for (const type of ['keydown', 'click', 'focusin']) addEventListener(type, (event) => heard.push(event.target.localName));
  </script>`
    .replaceAll('window.heard', 'document.heard')
    .replaceAll('heard.push', 'document.heard.push');
  await page.goto(withPanel(site.page('/', listens + tag())));
  const { root, button, section, text } = panelOn(page);
  await text();
  const field = page.getByLabel('Coupon');
  await expect(field).toBeFocused();
  const stops: string[] = [];
  const collapse = root.getByRole('button', { name: 'Collapse' });
  await page.keyboard.press('Tab');
  await expect(collapse).toBeFocused();
  for (let count = 0; count < 10 && !(await button('Copy report').evaluate(isFocused)); count++) {
    await page.keyboard.press('Tab');
    stops.push(await focusedText(page));
  }
  expect(stops).toEqual([
    'Close',
    'Ways to the marketplace',
    'Ask again',
    'Purchases in this browser',
    'Calls of onrampTrack',
    'Referral',
    'Settings',
    'Copy report',
  ]);

  // What is drawn anew keeps the focus.
  await button('Ask again').focus();
  await page.keyboard.press('Enter');
  await expect(button('Ask again')).toBeFocused();
  await expect(section('Ways').getByText('Let through')).toHaveCount(2);

  await collapse.focus();
  await page.keyboard.press('Enter');
  const expand = root.getByRole('button', { name: 'Expand' });
  await expect(expand).toHaveAttribute('aria-expanded', 'false');
  await expect(section('Referral')).toBeHidden();
  await page.keyboard.press('Enter');
  await expect(section('Referral')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(root).toHaveCount(0);
  await expect(field).toBeFocused();
  const heard = await page.evaluate(() => Reflect.get(document, 'heard'));
  expect(new Set(heard)).toEqual(new Set(['input']));
  await expectLedger({});
});

test('the page sees the same onrampTrack, and the same storage, with the panel and after it', async ({
  context,
  page,
  site,
  tag,
  expectLedger,
}) => {
  const stored = () => page.evaluate(() => [document.cookie, Object.keys(localStorage)]);
  await page.goto(withPanel(site.page('/', stub + tag())));
  const { button, text } = panelOn(page);
  const track = await page.evaluateHandle(() => window.onrampTrack);
  await text();
  expect(await track.evaluate((before) => before === window.onrampTrack)).toBe(true);
  expect(await stored()).toEqual(['', []]);
  expect(await trackPurchase(page)).toMatchObject({ status: 'sent' });
  await button('Close').click();
  expect(await trackPurchase(page)).toMatchObject({ status: 'duplicate' });
  const keys = await page.evaluate(() => Object.keys(localStorage).length);
  expect([keys, (await context.cookies()).length]).toEqual([1, 0]);
  await expectLedger({ purchases: [purchase] });
});

test('without the switch nothing is loaded but the script', async ({ page, site, tag, expectLedger }) => {
  const scripts: string[] = [];
  page.on('request', (request) => request.resourceType() === 'script' && scripts.push(request.url()));
  await page.goto(site.page('/', stub + tag({ ...purchase, track: 'purchase' })));
  await expectLedger({ purchases: [purchase] });
  expect(scripts).toEqual([expect.stringMatching(/\/onramp\.js$/)]);
});

test('a strict policy and Trusted Types have nothing to forbid', async ({
  page,
  site,
  service,
  tag,
  expectLedger,
}) => {
  const { baseUrl } = service;
  const policy = `default-src 'none'; script-src ${baseUrl}; connect-src ${baseUrl}; img-src ${baseUrl} data:; require-trusted-types-for 'script'; trusted-types 'none'`;
  const violations: string[] = [];
  page.on('console', (message) => message.type() === 'error' && violations.push(message.text()));
  await page.goto(withPanel(site.page('/', tag(), { 'content-security-policy': policy })));
  const { root, summary, text } = panelOn(page);
  await text();
  await expect(summary).toHaveText(/Nothing wrong found/);
  expect(await root.evaluate((panel) => getComputedStyle(panel).borderRadius)).toBe('12px');
  expect(violations).toEqual([]);
  await expectLedger({});
});

test('it fits a phone, and leaves room for the page', async ({ page, site, tag, expectLedger }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  const broken = tag({ costumerId: '42', marketplaceHosts: `https://${'market-'.repeat(12)}.example/` });
  // An SVG's script and an image in the place of the document's own property are no trouble either.
  const odd = '<svg><script></script></svg><img name="scripts" src="data:,">';
  const own = '<style>onramp-debug, div { display: none !important; width: 50px !important }</style>';
  await page.goto(withPanel(site.page('/', odd + own + broken)));
  const { root, text } = panelOn(page);
  await text();
  const box = await root.boundingBox();
  expect(box).toMatchObject({ x: 0, width: 320 });
  expect(box?.height).toBeLessThan(400);
  const widths = await root.evaluate((panel) =>
    [...panel.querySelectorAll('*')].map((part) => part.getBoundingClientRect().right),
  );
  expect(Math.max(...widths)).toBeLessThanOrEqual(320);
  await expectLedger({});
});

test('there is one panel, whatever the page does: a later tag, a body drawn anew, a document written anew', async ({
  page,
  site,
  tag,
  expectLedger,
}) => {
  await page.goto(withPanel(site.page('/', stub + tag())));
  const { root, section, text } = panelOn(page);
  await text();
  const later = tag({ ...purchase, track: 'purchase' });
  await page.evaluate((html) => {
    const body = document.createElement('body');
    body.append(document.createRange().createContextualFragment(html));
    document.body.replaceWith(body);
  }, later);
  await expect(section('Purchases in this browser')).toContainText('order o-1');
  await root.getByRole('heading', { name: 'Settings' }).click();
  await expect(section('Settings')).toContainText('data-order-id');
  // Its attributes count still: the pixel holds on to the tag that it ran for.
  await page.evaluate(() => document.body.replaceChildren());
  await section('Ways').getByText('It knows your partner key').waitFor();
  await expect(section('Settings')).toContainText('data-order-id');
  await expect(root).toHaveCount(1);
  await page.evaluate((html) => {
    document.open();
    document.write(`<!doctype html><title>Thanks</title>${html}`);
    document.close();
  }, later);
  await expect(root).toHaveCount(1);
  await expect(section('Calls of onrampTrack')).toContainText('duplicate');
  await expectLedger({ purchases: [purchase] });
});

test('a tag that comes later is looked at as soon as it has run: its proof may come before the next look', async ({
  page,
  site,
  tag,
  expectLedger,
}) => {
  // There is no next look.
  await page.addInitScript(() => Object.assign(window, { setInterval: () => 0 }));
  await page.goto(withPanel(site.page('/', stub + tag())));
  const { section, text } = panelOn(page);
  await text();
  await page.evaluate(
    (html) => document.body.append(document.createRange().createContextualFragment(html)),
    tag({ ...purchase, track: 'purchase' }),
  );
  await expect(section('Purchases in this browser')).toContainText('order o-1');
  await expectLedger({ purchases: [purchase] });
});

test('a purchase that was proven before the panel looked is told by what the page has sent', async ({
  page,
  site,
  tag,
  expectLedger,
}) => {
  await page.addInitScript(() => Object.assign(window, { setInterval: () => 0 }));
  await page.goto(withPanel(site.page('/', stub + tag())));
  const { button, section, text } = panelOn(page);
  await text();
  await trackPurchase(page, purchase);
  const isProven = () => page.evaluate(() => Object.values(localStorage).every((stored) => stored === ''));
  await expect.poll(isProven).toBe(true);
  await button('Ask again').click();
  await expect(section('Purchases in this browser')).toContainText('order o-1');
  await expectLedger({ purchases: [purchase] });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`every text has contrast enough: ${colorScheme}`, async ({ page, site, tag, expectLedger }) => {
    await page.emulateMedia({ colorScheme });
    const broken = tag({ costumerId: '42', marketplaceHosts: 'https://market.example', cfasync: 'false' });
    await page.goto(withPanel(site.page('/', broken)));
    const { root, text } = panelOn(page);
    await text();
    expect(await root.evaluate(measureContrast)).toEqual({ texts: expect.any(Number), tooLow: [] });
    await expectLedger({});
  });
}

function isFocused(element: Element): boolean {
  const root = element.getRootNode();
  return root instanceof ShadowRoot && root.activeElement === element;
}

function focusedText(page: Page): Promise<string> {
  return page.evaluate(() => {
    const focused = document.activeElement?.shadowRoot?.activeElement;
    return (focused?.querySelector('h3') ?? focused)?.textContent ?? '';
  });
}

/** By the formula of WCAG 2.2, 1.4.3, for what is drawn on opaque grounds. */
function measureContrast(panel: Element) {
  const channelsOf = (colour: string) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = channelsOf(colour).map((channel) => {
      const part = channel / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const groundOf = (element: Element | null): string => {
    if (!element) return 'rgb(255, 255, 255)';
    const colour = getComputedStyle(element).backgroundColor;
    return channelsOf(colour)[3] === 0 ? groundOf(element.parentElement) : colour;
  };
  for (const details of panel.querySelectorAll('details')) details.open = true;
  const texts = [...panel.querySelectorAll('*')].filter((element) =>
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim()),
  );
  const tooLow = texts.flatMap((element) => {
    const [darker = 0, lighter = 0] = [getComputedStyle(element).color, groundOf(element)]
      .map(luminance)
      .sort((one, other) => one - other);
    const contrast = (lighter + 0.05) / (darker + 0.05);
    return contrast < 4.5 ? [`${contrast.toFixed(2)}: ${element.textContent}`] : [];
  });
  return { texts: texts.length, tooLow };
}
