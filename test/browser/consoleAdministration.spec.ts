// How an operator comes in and keeps providers, in a browser: by the link, by keyboard, and for everybody.
import { expect, type Page } from '@playwright/test';
import { expectForEverybody, lookAt } from '../support/everybody.ts';
import { startPathProxy } from '../support/pathProxy.ts';
import type { Provider } from '../support/service.ts';
import { signInAsOperator } from '../support/signIn.ts';
import { test } from './fixtures.ts';

test.describe.configure({ mode: 'parallel' });

/** What the page's policy keeps from running or loading is an error in the console. */
function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('console', (message) => {
    if (/policy|Trusted/i.test(message.text())) errors.push(message.text());
  });
  page.on('pageerror', (error) => void errors.push(String(error)));
  return errors;
}

const pages: readonly {
  name: string;
  path: (provider: Provider) => string;
  /** Looked at by who hasn't signed in; these come first. */
  isStranger?: boolean;
  act?: (page: Page) => Promise<void>;
}[] = [
  { name: 'signing in', path: () => 'console/sign-in', isStranger: true },
  { name: 'a link that no longer works', path: () => 'console/sign-in/unknown' },
  { name: 'signing in as a provider', path: () => 'provider/sign-in' },
  { name: 'a page that is not there', path: () => 'console/providers/pk_nobody' },
  { name: 'providers', path: () => 'console/providers' },
  { name: 'a new provider', path: () => 'console/add-provider' },
  {
    name: 'a provider',
    path: ({ partnerKey }) => `console/providers/${partnerKey}`,
    act: (page) => page.getByText('Revoke', { exact: true }).click(),
  },
  {
    name: 'a provider with errors',
    path: ({ partnerKey }) => `console/providers/${partnerKey}`,
    act: async (page) => {
      await page.getByLabel('Origins of its pages').fill('acme');
      await page.getByRole('button', { name: 'Save' }).click();
      await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
    },
  },
  {
    name: 'a new secret',
    path: ({ partnerKey }) => `console/providers/${partnerKey}`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Make a new secret' }).click();
      await page.getByRole('button', { name: 'Copy Secret' }).waitFor();
    },
  },
  {
    name: 'a sign-in link for a provider',
    path: ({ partnerKey }) => `console/providers/${partnerKey}`,
    act: async (page) => {
      await page.getByRole('button', { name: 'Make a sign-in link' }).click();
      await page.getByRole('button', { name: 'Copy Link' }).waitFor();
    },
  },
  { name: 'an order form', path: ({ partnerKey }) => `console/providers/${partnerKey}/form` },
  { name: 'listings', path: () => 'console/listings' },
  { name: 'operators', path: () => 'console/operators' },
  { name: 'the audit trail', path: () => 'console/audit' },
  { name: 'sessions', path: () => 'console/sessions' },
];

test('every page is for everybody', async ({ page, service }) => {
  test.slow();
  const provider = await service.addProvider(
    '<img src=x onerror=alert(1)> \u202Eevil',
    'https://acme.example',
  );
  const errors = watchErrors(page);
  let isStranger = true;
  for (const [turn, { name, path, act, ...seen }] of pages.entries()) {
    if (isStranger && !seen.isStranger) {
      await signInAsOperator(page, service);
      isStranger = false;
    }
    await lookAt(page, turn);
    await page.goto(`${service.baseUrl}/${path(provider)}`);
    await act?.(page);
    await expectForEverybody(page, name);
  }
  expect(errors).toEqual([]);
  // Axe leaves names behind, which no page of ours may.
  await page.goto('about:blank');
});

test('a link from another site opens the page that it names', async ({ page, service, openSite }) => {
  await signInAsOperator(page, service);
  const site = await openSite('mail.example');
  await page.goto(site.page('/', `<a href="${service.baseUrl}/console/audit?a=b">The audit trail</a>`));
  await page.getByRole('link').click();
  await expect(page.getByRole('heading', { name: 'Audit trail' })).toBeVisible();
  await page.goto('about:blank');
});

test('times are shown in the zone of the browser', async ({ browser, service }) => {
  const context = await browser.newContext({ timezoneId: 'Australia/Darwin' });
  const page = await context.newPage();
  await signInAsOperator(page, service);
  await page.goto(`${service.baseUrl}/console/sessions`);
  await expect(page.getByText('Times are in Australia/Darwin.')).toBeVisible();
  await page.goto(`${service.baseUrl}/console/sessions?zone=Asia/Tehran`);
  await expect(page.getByText('Times are in Asia/Tehran.')).toBeVisible();
  // Where the cookie is gone, the page is loaded once more.
  await context.clearCookies({ name: 'zone' });
  await page.goto(`${service.baseUrl}/console/sessions`);
  await expect(page.getByText('Times are in Australia/Darwin.')).toBeVisible();
  await context.close();
});

test('without scripts, a provider is added, gets a link and is signed in', async ({ browser, service }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await signInAsOperator(page, service);
  await page.goto(`${service.baseUrl}/console/add-provider`);
  await page.getByLabel('Name', { exact: true }).fill('No scripts');
  await page.getByRole('button', { name: 'Add the provider' }).click();
  await page.getByRole('link', { name: 'Go on to' }).click();
  await page.getByRole('button', { name: 'Make a sign-in link' }).click();
  const href = await page.locator('a[data-copy]').getAttribute('href');
  await page.goto(new URL(href ?? '', page.url()).href);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${service.baseUrl}/provider`);
  await context.close();
});

test('below a path of a proxy, all links, files, forms and cookies lead there', async ({ page, service }) => {
  const proxy = await startPathProxy(service.baseUrl, '/market/ledger');
  const failed: string[] = [];
  page.on('response', (response) => {
    if (response.status() >= 400) failed.push(response.url());
  });
  await signInAsOperator(page, { ...service, baseUrl: proxy.baseUrl });
  for (const name of ['Providers', 'Listings', 'Operators', 'Audit', 'Purchases', 'Overview']) {
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name }).click();
    await expect(page.getByRole('link', { name, exact: true }).first()).toHaveAttribute(
      'aria-current',
      'page',
    );
  }
  await page.goto(`${proxy.baseUrl}/console/add-provider`);
  await page.getByLabel('Name', { exact: true }).fill('Behind a proxy');
  await page.getByRole('button', { name: 'Add the provider' }).click();
  await page.getByRole('link', { name: 'Go on to' }).click();
  await page.getByRole('button', { name: 'Make a sign-in link' }).click();
  await expect(page.locator('a[data-copy]')).toHaveText(new RegExp(`^${proxy.baseUrl}/provider/sign-in/`));
  const paths = (await page.context().cookies()).map(({ name, path }) => [name, path]);
  expect(paths.sort()).toEqual([
    ['onramp_console', '/market/ledger/console'],
    ['zone', '/market/ledger/'],
  ]);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(`${proxy.baseUrl}/console/sign-in`);
  expect(failed).toEqual([]);
  await page.goto('about:blank');
  proxy.stop();
});

test('keyboard alone adds a listing', async ({ page, service, provider }) => {
  await signInAsOperator(page, service);
  await page.goto(`${service.baseUrl}/console/listings?provider=${provider.partnerKey}`);
  await page.keyboard.press('Tab');
  await expect(page.locator('.skip')).toBeFocused();
  await page.keyboard.press('Enter');
  const name = page.getByLabel('Name', { exact: true });
  for (let presses = 0; presses < 20; presses++) {
    if (await name.evaluate((field) => field === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.type(provider.partnerKey);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.type('https://acme.example/welcome');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toContainText('Added');
  await expect(page.getByRole('link', { name: `/go/${provider.partnerKey}` })).toBeVisible();
});
