import { readFile, writeFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import { fillLedger } from '../support/fillLedger.ts';
import { signInAsProvider } from '../support/signIn.ts';
import { test } from './fixtures.ts';

const lastAt = Date.parse('2026-03-10T12:00:00Z');
const head = 'Order Number;Order Date;Customer ID;Order Total;Currency';

function line(number: number, total = '49,90') {
  const day = new Date(lastAt - number * 1000).toISOString().slice(0, 10).split('-').reverse().join('.');
  return `A-${number};${day};c-${number};${total};EUR`;
}

async function countOf(page: Page, outcome: string): Promise<number> {
  return Number((await page.textContent(`dd[data-outcome=${outcome}]`))?.replaceAll(',', ''));
}

test.beforeEach(async ({ page, service, provider }) => {
  await signInAsProvider(page, service, provider);
  await page.goto(`${service.baseUrl}/provider/reconciliation`);
});

test('a hundred thousand lines are compared within five seconds, and none leaves the browser', async ({
  page,
  service,
  provider,
}) => {
  test.setTimeout(120_000);
  const count = 100_000;
  await fillLedger(service, provider, { count, lastAt });
  // Line 3 has another amount, the last one is not here, and A-7 is in it twice.
  const lines = Array.from({ length: count }, (_, number) => line(number, number === 2 ? '49,91' : '49,90'));
  const text = [head, ...lines, line(7), line(count)].join('\r\n');

  const sent: string[] = [];
  page.on('request', (request) =>
    sent.push(`${request.method()} ${request.url()} ${request.postData() ?? ''}`),
  );
  const file = test.info().outputPath('orders.csv');
  await writeFile(file, text);
  // More than once, since another test may have the processor meanwhile.
  await expect(async () => {
    await page.reload();
    const startedAt = Date.now();
    await page.setInputFiles('#file', file);
    await page.locator('#rows tr').first().waitFor({ timeout: 60_000 });
    const tookMs = Date.now() - startedAt;
    test.info().annotations.push({ type: 'measured', description: `${tookMs} ms` });
    expect(tookMs).toBeLessThan(5_000);
  }).toPass();

  expect(await countOf(page, 'matched')).toBe(count - 1);
  expect(await countOf(page, 'different')).toBe(1);
  expect(await countOf(page, 'missing')).toBe(1);
  expect(await countOf(page, 'twice')).toBe(1);
  expect(await countOf(page, 'extra')).toBe(0);
  expect(sent.length).toBeGreaterThan(0);
  for (const request of sent) {
    expect(request).toMatch(/^GET /);
    expect(request).not.toMatch(/A-\d/);
  }
});

test('what was refused says why, and the result downloads as CSV that runs nothing', async ({
  page,
  provider,
  service,
}) => {
  await page.request.post(`${service.baseUrl}/api/SaasTrackings`, {
    data: { partnerKey: provider.partnerKey, serviceName: 'Acme CRM', orderId: '=1+1' },
    failOnStatusCode: false,
  });
  await page.fill(
    '#pasted',
    `order id,amount,date\n=1+1,5.00,2026-03-10\n<img src=x onerror=alert(1)>,5.00,2026-03-10`,
  );
  await page.click('#read');
  await expect(page.locator('#rows tr')).toHaveCount(2);
  await page.selectOption('#outcome', 'refused');
  await expect(page.locator('#rows tr')).toHaveCount(1);
  await expect(page.locator('#rows')).toContainText('customerId');
  await page.selectOption('#outcome', '');
  await page.fill('#search', 'onerror');
  await expect(page.locator('#rows tr')).toHaveCount(1);
  await page.fill('#search', '');
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')]);
  const csv = await readFile(await download.path(), 'utf8');
  expect(csv).toContain(`"'=1+1"`);
});

test('where the columns say nothing of themselves, they are asked for', async ({
  page,
  service,
  provider,
}) => {
  await fillLedger(service, provider, { count: 1, lastAt });
  await page.fill('#pasted', 'foo;bar\nA-0;x y\nA-0;x y');
  await page.click('#read');
  await expect(page.locator('#columns')).toBeFocused();
  await expect(page.locator('#result')).toBeHidden();
  await page.selectOption('#column-orderId', { label: 'foo' });
  await page.fill('#from', '2026-03-01');
  await page.fill('#to', '2026-02-28');
  await page.getByRole('button', { name: 'Compare' }).click();
  expect(await page.locator('#to').evaluate((field: HTMLInputElement) => field.validationMessage)).toContain(
    'before',
  );
  await expect(page.locator('#result')).toBeHidden();
  await page.fill('#to', '2026-03-31');
  await page.getByRole('button', { name: 'Compare' }).click();
  await expect(page.locator('#result')).toBeVisible();
  expect(await countOf(page, 'matched')).toBe(1);
  expect(await countOf(page, 'twice')).toBe(1);
});

test('after a session has ended the page says what to do', async ({ page, context }) => {
  await context.clearCookies();
  await page.fill('#pasted', 'order id,date\nA-1,2026-03-10');
  await page.click('#read');
  await expect(page.getByRole('alert')).toContainText('Sign in again');
});
