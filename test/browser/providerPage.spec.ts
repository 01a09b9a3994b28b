// The provider's page in a real browser, beside the provider's own site with the lines that it is given there.
import { expect, type Page } from '@playwright/test';
import { startBelowPath } from '../support/belowPath.ts';
import { signInAsProvider } from '../support/signIn.ts';
import { test } from './fixtures.ts';

/** The line of that title, of the guide, as the page's button copies it. */
async function lineOf(page: Page, guide: string, title: RegExp): Promise<string> {
  const block = page.locator(`#${guide} .copyable`).filter({ hasText: title });
  return (await block.locator('code').textContent()) ?? '';
}

const lamp = (page: Page, name: string) => page.locator(`[data-lamp=${name}]`);
const lit = /Arrived/;

test.beforeEach(async ({ page, service, provider }) => {
  await signInAsProvider(page, service, provider);
});

test('a test referral is followed through, and the lamps light while it goes on', async ({
  page,
  context,
  service,
  site,
  provider,
  ledger,
}) => {
  const landing = await lineOf(page, 'plain', /may land on/);
  const checkout = await lineOf(page, 'plain', /after checkout/);
  const order = { customerId: 'c-7', orderId: '<b>A-7</b>', amount: '49.90', currency: 'EUR' };
  site.page('/pricing', landing);
  site.page(
    '/thanks',
    checkout.replace(/onrampTrack\(\{.*\}\)/, () => `onrampTrack(${JSON.stringify(order)})`),
  );
  for (const name of ['visit', 'browser', 'server', 'match'])
    await expect(lamp(page, name)).toContainText('Waiting');

  await page.fill('#site', `${site.origin}/pricing`);
  await page.getByRole('button', { name: 'Make a test referral' }).click();
  const [visitor] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('link', { name: 'Open your site', exact: true }).click(),
  ]);
  await expect(lamp(page, 'visit')).toHaveText(lit);
  await expect(lamp(page, 'visit')).toContainText('test');
  await visitor.goto(`${site.origin}/thanks`);
  await expect(lamp(page, 'browser')).toHaveText(lit);
  await expect(lamp(page, 'browser')).toContainText(order.orderId);
  await expect(lamp(page, 'server')).toContainText('Waiting');

  const { partnerKey, secret } = provider;
  const copy = { partnerKey, serviceName: 'Acme CRM', purchasedAt: Date.now(), ...order };
  const { status } = await fetch(`${service.baseUrl}/api/SaasTrackings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
    body: JSON.stringify(copy),
  });
  expect(status).toBe(200);
  await expect(lamp(page, 'match')).toHaveText(lit);
  await expect(page.locator('#causes')).toBeHidden();

  for (const row of await ledger.rows()) expect(row).toMatchObject({ test: true });
  const figures = await fetch(`${service.baseUrl}/api/figures?from=2020-01-01&to=2100-01-01`, {
    headers: { authorization: `Bearer ${secret}` },
  });
  expect((await figures.json()).items).toMatchObject([{ clicks: 0, visits: 0, purchases: 0, tests: 3 }]);
});

test('after a minute in the dark the page says why, by itself', async ({ page, provider }) => {
  await page.clock.install();
  await page.reload();
  await expect(page.locator('#cause-list')).toBeHidden();
  await page.clock.runFor(61_000);
  await expect(page.locator('#cause-list li')).toHaveCount(3);
  await expect(page.locator('#cause-list')).toBeVisible();
  expect(await page.textContent('h1 + p')).toContain(provider.partnerKey);
});

test('the lines with attributes alone report a purchase', async ({ page, site, expectLedger }) => {
  site.page('/thanks', await lineOf(page, 'attributes', /after checkout/));
  await page.goto(`${site.origin}/thanks`);
  await expectLedger({
    purchases: [{ customerId: '42', orderId: 'A-1001', amount: '49.90', trust: 'origin' }],
  });
});

test("a tag manager's custom HTML reports a purchase", async ({ page, site, expectLedger }) => {
  const first = await lineOf(page, 'tag-manager', /First tag/);
  const second = await lineOf(page, 'tag-manager', /Second tag/);
  const values: Record<string, string> = { 'Customer ID': '42', 'Transaction ID': 'A-1001' };
  const filled = second.replace(/\{\{([^}]+)\}\}/g, (_, name) => JSON.stringify(values[name]) ?? 'undefined');
  // As tag managers do: elements made anew, with the source alone.
  const put = `for (const html of ${JSON.stringify([first, filled]).replaceAll('<', '\\u003c')}) {
    const parsed = new DOMParser().parseFromString(html, 'text/html');
    for (const old of parsed.querySelectorAll('script')) {
      const made = document.createElement('script');
      if (old.src) made.src = old.src; else made.text = old.text;
      document.body.append(made);
    }
  }`;
  site.page('/thanks', `<body><script>${put}</script>`);
  await page.goto(`${site.origin}/thanks`);
  await expectLedger({ purchases: [{ customerId: '42', orderId: 'A-1001', trust: 'origin' }] });
});

test('the lines for a strict policy run under it', async ({ page, site, expectLedger }) => {
  const header = await lineOf(page, 'csp', /In the header/);
  const [name = '', policy = ''] = header.split(/: (.*)/s);
  const line = await lineOf(page, 'csp', /after checkout/);
  site.page('/thanks', line, { [name]: `default-src 'none'; ${policy}` });
  await page.goto(`${site.origin}/thanks`);
  await expectLedger({ purchases: [{ customerId: '42', orderId: 'A-1001', trust: 'origin' }] });
});

test('a copy button copies the line', async ({ page, context, provider }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.locator('#plain').getByRole('button', { name: /Copy/ }).first().click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    await lineOf(page, 'plain', /may land on/),
  );
  expect(await lineOf(page, 'plain', /may land on/)).toContain(provider.partnerKey);
});

test('below a path that only a proxy knows of, every page is found, and the line has that path', async ({
  page,
  service,
  provider,
}) => {
  const proxied = await startBelowPath(service.baseUrl, '/market');
  try {
    const { baseUrl } = proxied;
    await signInAsProvider(page, { baseUrl }, provider);
    await expect.poll(() => lineOf(page, 'plain', /may land on/)).toContain(`src="${baseUrl}/onramp.js"`);
    const wrong: string[] = [];
    page.on('response', (response) => {
      if (response.status() >= 400) wrong.push(`${response.status()} ${response.url()}`);
    });
    for (const name of ['Set up', 'Figures', 'Purchases', 'Rejections', 'Reconciliation', 'Keys']) {
      await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();
      await expect(page.locator('h1')).toHaveText(name);
      expect(page.url()).toContain('/market/provider');
    }
    await page.goto(`${baseUrl}/provider/reconciliation`);
    await page.fill('#pasted', 'order id,date\nA-1,2026-03-10');
    await page.click('#read');
    await expect(page.locator('#rows tr')).toHaveCount(1);
    expect(wrong).toEqual([]);
  } finally {
    await page.goto('about:blank');
    await proxied.stop();
  }
});
