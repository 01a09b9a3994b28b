// The guides for pages, as a reader follows them: their files as they stand, and what they promise of the ledger.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { createApp } from '../module/support/app.ts';
import { ledgerOf, readGuideFor, serveFiles } from '../provider/guides/support/site.ts';
import { compareLedger } from '../support/compareLedger.ts';
import { createLedger } from '../support/ledger.ts';
import { test } from './fixtures.ts';

const landing = '?onramp_ref=try-1';

/** Clicks what has the names, one after the other. */
async function click(page: Page, ...names: string[]): Promise<void> {
  for (const name of names) await page.getByText(name, { exact: true }).click();
}

/** What a guide's command copies from a package that the reader has installed. */
const readPackage = (path: string) =>
  readFileSync(resolve(import.meta.dirname, '../../node_modules', path), 'utf8');

test('plain HTML: signup, checkout and thank-you page', async ({
  page,
  site,
  service,
  provider,
  expectLedger,
}) => {
  const { files, promised } = await readGuideFor('plain-html', provider, service);
  serveFiles(site, files);
  await page.goto(`${site.origin}/${landing}`);
  await click(page, 'Sign up', 'Create account', 'Pay');
  await expect(page).toHaveTitle('Thank you');
  await expectLedger(ledgerOf(promised));
});

for (const [script, address] of [
  ['history.js', `/${landing}`],
  ['hash.js', `/#/${landing}`],
] as const) {
  test(`a single-page app: ${script}`, async ({ page, site, service, provider, expectLedger }) => {
    const { files, promised } = await readGuideFor('single-page-apps', provider, service);
    const index = files.get('index.html')?.replace('history.js', script) ?? '';
    serveFiles(site, new Map([...files, ['index.html', index]]));
    await page.goto(site.origin + address);
    await click(page, 'Sign up', 'Create account', 'Pay');
    await expect(page.locator('main')).toHaveText('Thank you!');
    await expectLedger(ledgerOf(promised));
  });
}

test('Vite and React: effects run twice, the purchase is sent once', async ({
  page,
  context,
  site,
  service,
  provider,
  expectLedger,
}) => {
  // Installs the bundlers where `npm test` hasn't done so before.
  test.setTimeout(180_000);
  const app = await createApp();
  const { files, commands, promised } = await readGuideFor('vite-react', provider, service);
  // Shows how often the effect has run.
  const write = ([path, text]: [string, string]) =>
    app.write(path, text.replace('useEffect(() => {', "$& document.title += '!';"));
  await Promise.all([...files].map(write));
  expect(commands).toContain('npx vite build');
  // React's development build: only that one has a StrictMode.
  await app.run('npx vite build --outDir react', { NODE_ENV: 'development' });
  const [bundle = ''] = /assets\/[^"]+/.exec(await app.read('react/index.html')) ?? [];
  serveFiles(
    site,
    new Map([
      ['index.html', await app.read('react/index.html')],
      [bundle, await app.read(`react/${bundle}`)],
    ]),
  );
  await app.remove();

  const sent: unknown[] = [];
  context.on('request', (request) => {
    if (request.method() === 'POST') sent.push(new URLSearchParams(`${request.postData()}`).get('event'));
  });
  await page.goto(`${site.origin}/${landing}`);
  await click(page, 'Sign up', 'Pay');
  await expect(page).toHaveTitle('Acme CRM!!');
  await expectLedger(ledgerOf(promised));
  expect(sent).toEqual(['visit', 'signup', 'purchase']);
});

for (const [name, library, file] of [
  ['turbo', '@hotwired/turbo/dist/', 'turbo.es2017-esm.js'],
  ['htmx', 'htmx.org/dist/', 'htmx.min.js'],
] as const) {
  test(`pages that ${name} swaps in`, async ({ page, site, service, provider, expectLedger }) => {
    const { files, commands, promised } = await readGuideFor('turbo-htmx', provider, service);
    expect(commands).toContain(`cp node_modules/${library}${file} .`);
    serveFiles(site, new Map([...files, [file, readPackage(library + file)]]));
    await page.goto(`${site.origin}/${name}.html${landing}`);
    await page.evaluate(() => document.documentElement.toggleAttribute('data-same-window'));
    await click(page, 'Pay');
    await expect(page.getByText('Thank you!')).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.hasAttribute('data-same-window'))).toBe(true);
    if (name === 'turbo') {
      await page.goBack();
      await expect(page.getByText('Pay', { exact: true })).toBeVisible();
      await page.goForward();
      await expect(page.getByText('Thank you!')).toBeVisible();
    }
    await expectLedger(ledgerOf(promised));
    // Its globals are the library's.
    await page.goto('about:blank');
  });
}

test('two domains: the referral crosses by the link', async ({ page, service, openSite }) => {
  const marketing = await openSite('acme.example');
  const app = await openSite('app.acme-cloud.example');
  const provider = await service.addProvider('Acme CRM', marketing.origin, app.origin);
  const { files, promised } = await readGuideFor('two-domains', provider, service);
  const own = [...files].map(([path, text]): [string, string] => [
    path,
    text.replaceAll('https://app.acme-cloud.example', app.origin),
  ]);
  serveFiles(marketing, new Map(own), 'marketing/');
  serveFiles(app, new Map(own), 'app/');
  await page.goto(`${marketing.origin}/${landing}`);
  await expect(page.getByText('Sign up')).toHaveAttribute('href', /plan=pro&onramp_ref=try-1$/);
  await click(page, 'Sign up', 'Pay');
  await expect(page).toHaveTitle('Thank you');
  const ledger = createLedger(service, provider);
  await expect(() => compareLedger(ledger, ledgerOf(promised))).toPass({ timeout: 25_000, intervals: [100] });
});
