import { type BrowserContext, expect, type Page } from '@playwright/test';
import { flip, readSums } from '../support/demo.ts';
import { test } from '../workerFixtures.ts';

// One after the other, in one demo.
test.describe.configure({ mode: 'default' });

interface Buyer {
  name: string;
  email: string;
  company: string;
}

let buyers = 0;

/** Acme makes one account for each email address, and its tests share a demo. */
function createBuyer(): Buyer {
  const number = ++buyers;
  return { name: 'Ada Lovelace', email: `ada-${number}@buyer.example`, company: `Engines ${number} Ltd` };
}

/** Presses "Order here" on the listing in the console's window, and waits for the form in its own tab. */
async function openForm(page: Page): Promise<Page> {
  const opened = page.context().waitForEvent('page');
  await page.frameLocator('#frame').getByRole('link', { name: 'Order here' }).click();
  return await opened;
}

async function send(form: Page, { name, email, company }: Buyer) {
  await form.getByLabel('Name', { exact: true }).fill(name);
  await form.getByLabel('Email address').fill(email);
  await form.getByLabel('Password').fill('difference engine');
  await form.getByLabel('Company').fill(company);
  await form.getByRole('button', { name: 'Create my account' }).click();
}

async function order(page: Page, buyer: Buyer): Promise<Page> {
  const form = await openForm(page);
  await send(form, buyer);
  return form;
}

/** The order that was placed last, as the console shows it. */
const newestOrder = (page: Page) => page.locator('#orders .entry').first();

/** The account's number at Acme, once the buyer's page has it. */
async function readCustomerId(buyersPage: Page): Promise<string> {
  return (await buyersPage.getByText(/^cust_\d+$/).textContent()) ?? '';
}

function watchErrors(context: BrowserContext): unknown[] {
  const errors: unknown[] = [];
  context.on('weberror', (error) => errors.push(error.error()));
  return errors;
}

test('an order waits while Acme’s server is down, and is made once it is up', async ({ page, demo }) => {
  await page.goto(`${demo}order`);
  const before = await readSums(page);
  await flip(page, "Take Acme's server down", true);
  const buyersPage = await order(page, createBuyer());
  const placed = newestOrder(page);
  await expect(placed.locator('.badge')).toHaveText('Waits for Acme', { timeout: 20_000 });
  await expect(placed.locator('.attempts li')).toHaveCount(4);
  await expect(page.locator('#sum-accounts')).toHaveText(String(before('accounts')));

  await flip(page, "Take Acme's server down", false);
  await page.getByRole('button', { name: 'Send it now' }).click();
  await expect(placed.locator('.badge')).toHaveText('Account made');
  await expect(page.locator('#sum-accounts')).toHaveText(String(before('accounts') + 1));
  // It looks by itself as well, now or half a minute later.
  await buyersPage.reload();
  await expect(placed).toContainText(await readCustomerId(buyersPage));
});

test('an account whose answer got lost is not made a second time', async ({ page, demo }) => {
  await page.goto(`${demo}order`);
  const before = await readSums(page);
  await flip(page, "Lose Acme's answers", true);
  await order(page, createBuyer());
  const placed = newestOrder(page);
  await expect(page.locator('#sum-accounts')).toHaveText(String(before('accounts') + 1));
  await expect(placed.locator('.badge')).toHaveText('Waits for Acme', { timeout: 20_000 });
  await expect(placed.locator('.attempts li').first()).toContainText('no clear answer');

  await flip(page, "Lose Acme's answers", false);
  await page.getByRole('button', { name: 'Send it now' }).click();
  await expect(placed.locator('.badge')).toHaveText('Account made');
  await expect(placed).toContainText(/cust_\d+/);
  await expect(page.locator('#sum-attempts')).toHaveText(String(before('attempts') + 5));
  await expect(page.locator('#sum-accounts')).toHaveText(String(before('accounts') + 1));
});

test('an account ordered on the marketplace’s form is made by Acme; a second one is refused until it is corrected', async ({
  page,
  demo,
}) => {
  const errors = watchErrors(page.context());
  const buyer = createBuyer();
  await page.goto(demo);
  await page.getByRole('link', { name: 'Order form' }).click();
  const before = await readSums(page);
  const madePage = await order(page, buyer);
  await expect(madePage.getByRole('heading', { name: 'Your account is ready' })).toBeVisible();
  await expect(newestOrder(page)).toContainText(await readCustomerId(madePage));
  await expect(newestOrder(page).locator('.badge')).toHaveText('Account made');
  await expect(page.locator('#accounts')).toContainText(buyer.company);
  await expect(page.locator('#sum-accounts')).toHaveText(String(before('accounts') + 1));
  expect(errors).toEqual([]);

  const buyersPage = await order(page, buyer);
  await expect(buyersPage.getByRole('heading', { name: 'Your account was not created' })).toBeVisible();
  await expect(buyersPage.getByRole('alert')).toContainText('an account for this email address already');
  await expect(newestOrder(page).locator('.badge')).toHaveText('Not made');

  await flip(page, 'Refuse the email address', true);
  const corrected = { ...buyer, email: `lovelace-${buyer.email}` };
  await send(buyersPage, corrected);
  await expect(buyersPage.getByRole('heading', { name: 'Your account was not created' })).toBeVisible();
  await expect(page.locator('#sum-accounts')).toHaveText(String(before('accounts') + 1));

  await flip(page, 'Refuse the email address', false);
  await send(buyersPage, corrected);
  expect(await readCustomerId(buyersPage)).not.toBe(await readCustomerId(madePage));
  await expect(page.locator('#sum-accounts')).toHaveText(String(before('accounts') + 2));
});

test('a usage that is reported, reported again, corrected and ended is billed as it is in the end', async ({
  page,
  demo,
}) => {
  const errors = watchErrors(page.context());
  const buyer = createBuyer();
  await page.goto(`${demo}order`);
  const customerId = await readCustomerId(await order(page, buyer));
  await page.getByRole('link', { name: 'Usage' }).click();
  const before = await readSums(page);
  const subscription = page.locator('#subscriptions .entry').filter({ hasText: customerId });
  const replaced = page.locator('#reports .entry').filter({ hasText: customerId }).locator('s');

  const customer = page.frameLocator('#frame').getByRole('region', { name: buyer.company });
  await customer.getByLabel('Messages sent').fill('240');
  await customer.getByRole('button', { name: 'Report the usage' }).click();
  await expect(page.locator('#sum-usage')).toHaveText(String(before('usage') + 240));
  await customer.getByRole('button', { name: 'Run the job again' }).click();
  await expect(page.locator('#sum-reports')).toHaveText(String(before('reports') + 2));
  await expect(page.locator('#sum-usage')).toHaveText(String(before('usage') + 240));

  await customer.getByLabel('Messages sent').fill('204');
  await customer.getByRole('button', { name: 'Correct the usage' }).click();
  await expect(page.locator('#sum-usage')).toHaveText(String(before('usage') + 204));
  await expect(replaced).toHaveText(['240', '240']);

  await customer.getByRole('button', { name: 'Cancel the subscription' }).click();
  await expect(subscription.locator('.badge')).toHaveText(/^Ended on \d{4}-\d\d-\d\d$/);
  await expect(subscription).toContainText('204 messages');
  await expect(customer.getByRole('status')).toContainText('ended on');
  await expect(page.locator('#sum-subscriptions')).toHaveText(String(before('subscriptions') + 1));
  expect(errors).toEqual([]);
});

test('who bought on Acme’s own site is billed too, and a pause of the service ends no job for good', async ({
  page,
  demo,
}) => {
  const { company } = createBuyer();
  await page.goto(demo);
  const journey = page.frameLocator('#frame');
  await journey.getByRole('link', { name: 'Go to Acme CRM' }).click();
  await journey.getByRole('link', { name: 'Start with Acme CRM' }).click();
  await journey.getByLabel('Company').fill(company);
  await journey.getByRole('button', { name: 'Create account' }).click();
  await journey.getByRole('button', { name: 'Continue to payment' }).click();
  await journey.getByRole('button', { name: /^Pay/ }).click();
  await expect(journey.getByRole('heading', { name: 'Thank you!' })).toBeVisible();

  await page.getByRole('link', { name: 'Usage' }).click();
  const before = await readSums(page);
  await flip(page, "Pause the marketplace's service", true);
  const customer = journey.getByRole('region', { name: company });
  await customer.getByRole('button', { name: 'Report the usage' }).click();
  await expect(customer.getByRole('alert')).toContainText('Not reported, after 4 tries', { timeout: 30_000 });
  await flip(page, "Pause the marketplace's service", false);
  await customer.getByRole('button', { name: 'Run the job again' }).click();
  await expect(page.locator('#sum-usage')).toHaveText(String(before('usage') + 120));
  await expect(page.locator('#subscriptions .entry').first()).toContainText('crm-team');
});
