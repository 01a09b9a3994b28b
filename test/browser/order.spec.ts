// The page of an order, in a browser: what becomes of the order shows and is said without the page being loaded anew.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, type Page } from '@playwright/test';
import { test as base } from './fixtures.ts';

interface Endpoint {
  url: string;
  /** Answers the call that waits. */
  answer(status: number, body: object): Promise<void>;
}

const test = base.extend<{ endpoint: Endpoint; orderForm: string }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from a pattern
  endpoint: async ({}, use) => {
    const waiting = Promise.withResolvers<ServerResponse>();
    const server = createServer((_request, response) => waiting.resolve(response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await use({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
      async answer(status, body) {
        const response = await waiting.promise;
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      },
    });
    server.closeAllConnections();
    server.close();
  },

  orderForm: async ({ service, provider, endpoint }, use) => {
    await service.openOrderForm(provider.partnerKey, provider, endpoint.url);
    await use(`${service.baseUrl}/order/${provider.partnerKey}`);
  },
});

async function order(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.getByLabel('Name').fill('Ada Lovelace');
  await page.getByLabel('Email address').fill('ada@buyer.example');
  await page.getByRole('button', { name: 'Create my account' }).click();
  await expect(page.getByRole('heading', { name: 'Your account is being created' })).toBeVisible();
}

/** What the page's policy keeps from running or loading is an error in the console. */
function watchConsole(page: Page): string[] {
  const errors: string[] = [];
  page.on('console', (message) => {
    // Browsers ask for that by themselves.
    const isIcon = message.location().url.endsWith('/favicon.ico');
    if (message.type() === 'error' && !isIcon) errors.push(message.text());
  });
  page.on('pageerror', (error) => void errors.push(String(error)));
  return errors;
}

test('shows and says by itself that the account is made, on the page that was loaded first', async ({
  page,
  endpoint,
  orderForm,
}) => {
  const errors = watchConsole(page);
  const posting = page.waitForRequest((request) => request.method() === 'POST');
  await order(page, orderForm);
  // By which the service knows its own page, where a browser doesn't say which site it is.
  expect((await (await posting).allHeaders()).origin).toBe(new URL(orderForm).origin);
  await expect(page.getByText('This page shows by itself what becomes of it.')).toBeVisible();
  await expect(page.getByRole('status')).toBeEmpty();
  const loadedAt = await page.evaluate(() => performance.timeOrigin);
  await page.getByRole('link', { name: 'Look again now' }).focus();
  await endpoint.answer(201, { coid: 'acme-1' });
  await expect(page.getByRole('heading', { name: 'Your account is ready' })).toBeFocused();
  await expect(page.getByText('acme-1')).toBeVisible();
  await expect(page.getByRole('status')).toHaveText(/^Your account is ready – Acme CRM$/);
  await expect(page).toHaveTitle(/^Your account is ready/);
  expect(await page.evaluate(() => performance.timeOrigin)).toBe(loadedAt);
  expect(errors).toEqual([]);
});

test('brings the form to be corrected, with which the order goes on', async ({
  page,
  endpoint,
  orderForm,
}) => {
  await order(page, orderForm);
  await endpoint.answer(422, { errors: { email: 'This address is taken.' } });
  await expect(page.getByRole('heading', { name: 'Your account was not created' })).toBeVisible();
  await page.getByLabel('Email address').fill('ada@other.example');
  await page.getByRole('button', { name: 'Create my account' }).click();
  await expect(page.getByRole('heading', { name: 'Your account is being created' })).toBeVisible();
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('the page stays as it is, says nothing else, and leads to what became of it', async ({
    page,
    endpoint,
    orderForm,
  }) => {
    await order(page, orderForm);
    await expect(page.getByText('This page shows by itself')).toBeHidden();
    await endpoint.answer(201, { coid: 'acme-1' });
    const made = page.getByText('acme-1');
    await expect(async () => {
      // There is none on the page of an account that is made.
      if (!(await made.isVisible())) await page.getByRole('link', { name: 'Look again now' }).click();
      await expect(made).toBeVisible({ timeout: 500 });
    }).toPass();
  });
});
