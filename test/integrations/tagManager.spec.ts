import { expect, type JSHandle, type Page } from '@playwright/test';
import { test as base } from '../browser/fixtures.ts';
import { readGuide } from '../provider/guides/support/guide.ts';
import { purchase } from '../support/purchase.ts';
import { stub } from '../support/tag.ts';
import { type Container, createContainer } from './tagManager/container.ts';
import { readTemplate } from './tagManager/template.ts';

const template = readTemplate();

const test = base.extend<{
  /** The values of a tag's fields. */
  fields: (values?: Record<string, unknown>) => Record<string, unknown>;
}>({
  fields: async ({ service, provider: { partnerKey } }, use) => {
    const { serviceName } = purchase;
    const settings = {
      event: 'page',
      partnerKey,
      endpoint: service.baseUrl,
      serviceName,
      consentType: 'none',
    };
    await use((values = {}) => ({ ...settings, ...values }));
  },
});

test.use({ foreignGlobals: ['dataLayer'] });

/** Puts Tag Manager with the template into the page. */
function loadContainer(page: Page): Promise<JSHandle<Container>> {
  return page.evaluateHandle(createContainer, template);
}

function fire(container: JSHandle<Container>, fields: Record<string, unknown>) {
  return container.evaluate((loaded, given) => loaded.fire(given), fields);
}

test('a tag for every page and one for the purchase share one script', async ({
  page,
  site,
  fields,
  expectLedger,
}) => {
  await page.goto(`${site.page('/thanks', '')}?onramp_ref=r-1`);
  const container = await loadContainer(page);
  const sold = { customerId: 42, orderId: 'o-1', amount: 49.9, currency: 'EUR' };
  const fired = await Promise.all([
    fire(container, fields()),
    fire(container, fields({ event: 'purchase', ...sold })),
  ]);
  expect(fired).toEqual([
    { outcome: 'success', said: [] },
    { outcome: 'success', said: [] },
  ]);
  // Success is said when the purchase is in the outbox or the beacon queue: the page may be left.
  await page.goto('about:blank');
  await expectLedger({
    visits: 1,
    purchases: [{ ...purchase, amount: '49.9', currency: 'EUR', referral: 'r-1' }],
  });
});

test('a tag beside the page’s own stub and tag counts once, and a signup later', async ({
  page,
  site,
  tag,
  fields,
  expectLedger,
}) => {
  await page.goto(site.page('/thanks', stub + tag({ ...purchase, track: 'purchase' })));
  const container = await loadContainer(page);
  const { customerId, orderId } = purchase;
  await fire(container, fields({ event: 'purchase', customerId, orderId }));
  expect(await fire(container, fields({ event: 'signup', customerId: '43' }))).toMatchObject({
    outcome: 'success',
  });
  await expectLedger({ purchases: [purchase], signups: [{ customerId: '43' }] });
});

test('a purchase waits for Consent Mode, goes when it is granted, and withdrawal deletes', async ({
  page,
  context,
  site,
  fields,
  ledger,
  expectLedger,
}) => {
  await page.goto(`${site.page('/thanks', '')}?onramp_ref=r-1`);
  const container = await loadContainer(page);
  await container.evaluate((loaded) => loaded.updateConsent({ ad_storage: false }));
  const sold = { event: 'purchase', consentType: 'ad_storage', customerId: '42', orderId: 'o-1' };
  expect(await fire(container, fields(sold))).toMatchObject({ outcome: 'success' });
  const stored = () => page.evaluate(() => [document.cookie, ...Object.keys(localStorage)].join());
  expect(await stored()).toBe('');
  expect(await ledger.rows()).toEqual([]);

  await container.evaluate((loaded) => loaded.updateConsent({ ad_storage: true }));
  await expectLedger({ visits: 1, purchases: [{ ...purchase, referral: 'r-1' }] });
  expect(await stored()).toContain('onramp_');

  await container.evaluate((loaded) => loaded.updateConsent({ ad_storage: false }));
  expect(await stored()).toBe('');
  expect(await context.cookies()).toEqual([]);
});

test('what a visitor granted before is said at once; what the page has not learned yet deletes nothing', async ({
  page,
  context,
  site,
  fields,
  expectLedger,
}) => {
  const address = site.page('/', '');
  await page.goto(`${address}?onramp_ref=r-1`);
  await fire(await loadContainer(page), fields({ consentType: 'analytics_storage' }));
  await expectLedger({ visits: 1 });

  await page.goto(address);
  const container = await loadContainer(page);
  await container.evaluate((loaded) => loaded.updateConsent({ analytics_storage: false }));
  await fire(container, fields({ consentType: 'analytics_storage' }));
  expect(await context.cookies()).toMatchObject([{ value: expect.stringContaining('r-1') }]);
});

test('a script that is blocked is a failure of the tag', async ({ page, site, fields }) => {
  await page.route('**/onramp.js?*', (route) => route.abort());
  await page.goto(site.page('/thanks', ''));
  const container = await loadContainer(page);
  expect(await fire(container, fields())).toEqual({ outcome: 'failure', said: [] });
});

test('the guide’s Custom HTML does without the template', async ({
  page,
  service,
  provider,
  site,
  expectLedger,
}) => {
  const { files, promised } = await readGuide('guides/tag-manager');
  const variables: Record<string, string> = {
    'Customer id': "'42'",
    'Order id': "'A-1001'",
    'Order total': "'49.90'",
    'Order currency': "'EUR'",
  };
  const html = ['data-layer.html', 'every-page.html', 'thank-you.html']
    .map((name) => files.get(name))
    .join('')
    .replace('https://market.example', service.baseUrl)
    .replace('pk_acme', provider.partnerKey)
    .replace(/{{(.*?)}}/g, (_, name) => variables[name] ?? '');
  await page.goto(`${site.page('/thanks', html)}?onramp_ref=test`);
  await expectLedger({ visits: 1, purchases: [...promised] });
});
