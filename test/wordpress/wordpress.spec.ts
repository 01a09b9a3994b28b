import { expect, type Page } from '@playwright/test';
import { test as base } from '../browser/fixtures.ts';
import { createLedger } from '../support/ledger.ts';
import { startWordPress, type WordPress } from './wordpress.ts';

const test = base.extend<object, { wordPress: WordPress }>({
  wordPress: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from a pattern
    async ({}, use) => {
      const wordPress = await startWordPress();
      await use(wordPress);
      await wordPress.stop();
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

test.describe.configure({ mode: 'serial' });

/** What WordPress' own pages have. */
test.use({ foreignGlobals: ['twemoji', 'wp', '_wpemojiSettings'] });

async function signIn(page: Page, origin: string, name: string): Promise<void> {
  await page.goto(`${origin}/wp-login.php`);
  await page.getByLabel('Username or Email Address').fill(name);
  await page.locator('#user_pass').fill('password');
  await page.getByRole('button', { name: 'Log In' }).click();
  await page.waitForURL(/wp-admin/);
}

test('from the guide’s zip by the settings page to the ledger, and nothing stays', async ({
  browser,
  service,
  wordPress,
}) => {
  const { origin } = wordPress;
  const provider = await service.addProvider('Acme CRM', origin);
  const admin = await browser.newPage();
  const front = await browser.newPage();

  await signIn(admin, origin, 'admin');
  await admin.goto(`${origin}/wp-admin/plugin-install.php?tab=upload`);
  await admin.locator('input[type=file]').setInputFiles(wordPress.zip);
  await admin.getByRole('button', { name: 'Install Now' }).click();
  await admin.getByRole('link', { name: 'Activate Plugin' }).click();
  await admin.waitForURL(/plugins\.php/);
  await front.goto(origin);
  expect(await front.content(), 'nothing before it is set').not.toContain('onramp.js');

  await admin.locator('[data-slug=onramp-pixel]').getByRole('link', { name: 'Settings' }).click();
  const save = async (fields: Record<string, string>) => {
    for (const [label, value] of Object.entries(fields)) await admin.getByLabel(label).fill(value);
    await admin.getByRole('button', { name: 'Save Changes' }).click();
    await admin.waitForURL(/settings-updated/);
  };
  await save({ 'Partner key': 'no key!', 'Address of the marketplace': 'market.example' });
  await expect(admin.getByText('A partner key has letters')).toBeVisible();
  await expect(admin.getByText('The address starts with https://')).toBeVisible();
  await save({
    'Partner key': ` ${provider.partnerKey} `,
    'Address of the marketplace': `${service.baseUrl}/`,
    'Service name': 'R&D "CRM"',
  });
  await expect(admin.getByLabel('Service name')).toHaveValue('R&D "CRM"');

  await front.goto(`${origin}/?onramp_ref=test`);
  const tag = front.locator('script[src$="/onramp.js"]');
  await expect(tag).toHaveCount(1);
  await expect(tag).toHaveAttribute('data-endpoint', service.baseUrl);
  await expect(tag).toHaveAttribute('data-cfasync', 'false');

  await front.goto(`${origin}/?order=1001`);
  await front.goto(`${origin}/?order=1001`);
  await front.goto(`${origin}/?order=1002`);
  await front.goto(`${origin}/?order=9001`);
  const ledger = createLedger(service, provider);
  await expect(async () => expect(await ledger.purchases()).toHaveLength(2)).toPass();
  const bought = {
    serviceName: 'R&D "CRM"',
    amount: '49.90',
    currency: 'EUR',
    purchasedAt: '2026-11-20T09:00:00.000Z',
    referral: 'test',
    trust: 'origin',
  };
  const purchases = await ledger.purchases();
  expect(purchases).toContainEqual(expect.objectContaining({ ...bought, customerId: '42', orderId: '1001' }));
  expect(purchases).toContainEqual(
    expect.objectContaining({ ...bought, customerId: 'guest-1002', orderId: '1002' }),
  );
  expect(await ledger.visits()).toHaveLength(1);

  // Consent, by the WP Consent API.
  await admin.getByLabel('Store and send nothing').check();
  await save({});
  await front.context().clearCookies();
  await front.evaluate(() => localStorage.clear());
  await front.goto(`${origin}/?order=1003&onramp_ref=later`);
  const keys = () => front.evaluate(() => Object.keys(localStorage));
  expect([await front.context().cookies(), await keys()]).toEqual([[], []]);
  const answer = (detail: object) =>
    front.evaluate(
      (given) => document.dispatchEvent(new CustomEvent('wp_listen_for_consent_change', { detail: given })),
      detail,
    );
  await answer({ marketing: 'allow' });
  await expect(async () => expect(await ledger.purchases()).toHaveLength(3)).toPass();
  await answer({ marketing: 'deny' });
  expect([await front.context().cookies(), await keys()]).toEqual([[], []]);

  // Who may not, and who comes without the page's own nonce.
  await signIn(front, origin, 'reader');
  const refused = await front.goto(`${origin}/wp-admin/options-general.php?page=onramp-pixel`);
  expect(refused?.status()).toBe(403);
  const form = { option_page: 'onramp_pixel', action: 'update', 'onramp_pixel[partner_key]': 'pk_evil' };
  expect((await admin.request.post(`${origin}/wp-admin/options.php`, { form })).status()).toBe(403);
  await admin.reload();
  await expect(admin.getByLabel('Partner key')).toHaveValue(provider.partnerKey);

  expect(await wordPress.complaints()).toEqual([]);
  expect(await wordPress.uninstall()).toEqual([]);
});
