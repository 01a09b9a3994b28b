import { type BrowserContext, expect, type Page } from '@playwright/test';
import { flip, test } from '../support/demo.ts';

const buyer = { name: 'Ada Lovelace', email: 'ada@buyer.example', company: 'Engines Ltd' };

/** Presses "Order here" on the listing in the console's window, and waits for the form in its own tab. */
async function openForm(page: Page): Promise<Page> {
  const opened = page.context().waitForEvent('page');
  await page.frameLocator('#frame').getByRole('link', { name: 'Order here' }).click();
  return await opened;
}

async function send(form: Page, { name, email, company } = buyer) {
  await form.getByLabel('Name', { exact: true }).fill(name);
  await form.getByLabel('Email address').fill(email);
  await form.getByLabel('Password').fill('difference engine');
  await form.getByLabel('Company').fill(company);
  await form.getByRole('button', { name: 'Create my account' }).click();
}

async function order(page: Page, entries = buyer): Promise<Page> {
  const form = await openForm(page);
  await send(form, entries);
  return form;
}

function watchErrors(context: BrowserContext): unknown[] {
  const errors: unknown[] = [];
  context.on('weberror', (error) => errors.push(error.error()));
  return errors;
}

test('an account ordered on the marketplace’s form is made by Acme, and the buyer reads the customer id', async ({
  page,
  demo,
}) => {
  const errors = watchErrors(page.context());
  await page.goto(demo);
  await page.getByRole('link', { name: 'Order form' }).click();
  const buyersPage = await order(page);
  await expect(buyersPage.getByRole('heading', { name: 'Your account is ready' })).toBeVisible();
  await expect(buyersPage.getByText('cust_1042')).toBeVisible();

  await expect(page.locator('#orders')).toContainText('cust_1042');
  await expect(page.locator('#orders .badge')).toHaveText('Account made');
  await expect(page.locator('#accounts')).toContainText(buyer.company);
  await expect(page.locator('#sum-accounts')).toHaveText('1');
  expect(errors).toEqual([]);
});

test('an order waits while Acme’s server is down, and is made once it is up', async ({ page, demo }) => {
  await page.goto(`${demo}order`);
  await flip(page, "Take Acme's server down", true);
  const buyersPage = await order(page);
  await expect(page.locator('#orders .badge')).toHaveText('Waits for Acme', { timeout: 20_000 });
  await expect(page.locator('#orders .attempts li')).toHaveCount(4);
  await expect(page.locator('#sum-accounts')).toHaveText('0');

  await flip(page, "Take Acme's server down", false);
  await page.getByRole('button', { name: 'Send it now' }).click();
  await expect(page.locator('#orders .badge')).toHaveText('Account made');
  await expect(page.locator('#sum-accounts')).toHaveText('1');
  await buyersPage.getByRole('link', { name: 'look again now' }).click();
  await expect(buyersPage.getByText('cust_1042')).toBeVisible();
});

test('an account whose answer got lost is not made a second time', async ({ page, demo }) => {
  await page.goto(`${demo}order`);
  await flip(page, "Lose Acme's answers", true);
  await order(page);
  await expect(page.locator('#sum-accounts')).toHaveText('1');
  await expect(page.locator('#orders .attempts li').first()).toContainText('no clear answer');
  await expect(page.locator('#orders .badge')).toHaveText('Waits for Acme', { timeout: 20_000 });

  await flip(page, "Lose Acme's answers", false);
  await page.getByRole('button', { name: 'Send it now' }).click();
  await expect(page.locator('#orders .badge')).toHaveText('Account made');
  await expect(page.locator('#orders')).toContainText('cust_1042');
  await expect(page.locator('#sum-attempts')).toHaveText('5');
  await expect(page.locator('#sum-accounts')).toHaveText('1');
});

test('a refused order tells the buyer why, and goes through once it is corrected', async ({ page, demo }) => {
  await page.goto(`${demo}order`);
  await order(page);
  await expect(page.locator('#sum-accounts')).toHaveText('1');

  const buyersPage = await order(page);
  await expect(buyersPage.getByRole('heading', { name: 'Your account was not created' })).toBeVisible();
  await expect(buyersPage.getByRole('alert')).toContainText('an account for this email address already');
  await expect(page.locator('#orders .badge').first()).toHaveText('Not made');

  await flip(page, 'Refuse the email address', true);
  await send(buyersPage, { ...buyer, email: 'lovelace@buyer.example' });
  await expect(buyersPage.getByRole('heading', { name: 'Your account was not created' })).toBeVisible();
  await expect(page.locator('#sum-accounts')).toHaveText('1');

  await flip(page, 'Refuse the email address', false);
  await send(buyersPage, { ...buyer, email: 'lovelace@buyer.example' });
  await expect(buyersPage.getByText('cust_1043')).toBeVisible();
  await expect(page.locator('#sum-accounts')).toHaveText('2');
});

test('a usage that is reported, reported again, corrected and ended is billed as it is in the end', async ({
  page,
  demo,
}) => {
  const errors = watchErrors(page.context());
  await page.goto(`${demo}order`);
  await order(page);
  await expect(page.locator('#sum-accounts')).toHaveText('1');
  await page.getByRole('link', { name: 'Usage' }).click();
  await expect(page.locator('#sum-reports')).toHaveText('0');

  const customer = page.frameLocator('#frame').getByRole('region', { name: buyer.company });
  await customer.getByLabel('Messages sent').fill('240');
  await customer.getByRole('button', { name: 'Report the usage' }).click();
  await expect(page.locator('#sum-usage')).toHaveText('240');
  await customer.getByRole('button', { name: 'Run the job again' }).click();
  await expect(page.locator('#sum-reports')).toHaveText('2');
  await expect(page.locator('#sum-usage')).toHaveText('240');

  await customer.getByLabel('Messages sent').fill('204');
  await customer.getByRole('button', { name: 'Correct the usage' }).click();
  await expect(page.locator('#sum-usage')).toHaveText('204');
  await expect(page.locator('#reports s')).toHaveText(['240', '240']);

  await customer.getByRole('button', { name: 'Cancel the subscription' }).click();
  await expect(page.locator('#subscriptions .badge')).toHaveText(/^Ended on \d{4}-\d\d-\d\d$/);
  await expect(page.locator('#subscriptions')).toContainText('204 messages');
  await expect(customer.getByRole('status')).toContainText('ended on');
  await expect(page.locator('#sum-subscriptions')).toHaveText('1');
  expect(errors).toEqual([]);
});

test('who bought on Acme’s own site is billed too, and a pause of the service ends no job for good', async ({
  page,
  demo,
}) => {
  await page.goto(demo);
  const journey = page.frameLocator('#frame');
  await journey.getByRole('link', { name: 'Go to Acme CRM' }).click();
  await journey.getByRole('link', { name: 'Start with Acme CRM' }).click();
  await journey.getByRole('button', { name: 'Create account' }).click();
  await journey.getByRole('button', { name: 'Continue to payment' }).click();
  await journey.getByRole('button', { name: /^Pay/ }).click();
  await expect(journey.getByRole('heading', { name: 'Thank you!' })).toBeVisible();

  await page.getByRole('link', { name: 'Usage' }).click();
  await flip(page, "Pause the marketplace's service", true);
  const customer = journey.getByRole('region', { name: 'Example Ltd' });
  await customer.getByRole('button', { name: 'Report the usage' }).click();
  await expect(customer.getByRole('alert')).toContainText('Not reported, after 4 tries', { timeout: 30_000 });
  await flip(page, "Pause the marketplace's service", false);
  await customer.getByRole('button', { name: 'Run the job again' }).click();
  await expect(page.locator('#sum-usage')).toHaveText('120');
  await expect(page.locator('#subscriptions')).toContainText('crm-team');
});
