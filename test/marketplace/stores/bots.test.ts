import { expect } from 'vitest';
import { createBotCheck } from '../../../src/marketplace/http/bots.ts';
import { readDatabase } from '../support/database.ts';
import { bearer, purchase } from '../support/purchase.ts';
import { startMs } from '../support/service.ts';
import { test } from '../support/test.ts';

const browser = {
  'user-agent':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
};
const crawler = {
  'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
};

const headless =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36';

test('what a bot sends is taken as from anybody, and labelled', async ({ acme, service }) => {
  expect(await acme.post(purchase, crawler)).toMatchObject({ status: 201 });
  expect(await acme.picture({ ...purchase, customerId: 'cust-2' }, crawler)).toMatchObject({
    picture: '3x1',
  });
  const visit = { partnerKey: 'pk_acme', event: 'visit', referral: 'r', landedAt: startMs };
  expect(await acme.post(visit, crawler)).toMatchObject({ status: 201 });
  expect(await acme.rows()).toMatchObject([
    { bot: true },
    { bot: true },
    { bot: true, copies: [{ bot: true }] },
  ]);
  expect((await readDatabase(service.database)).includes('Googlebot')).toBe(false);
});

test('what a browser sends has no label', async ({ acme }) => {
  await acme.post(purchase, browser);
  const [row] = await acme.rows();
  expect(row).not.toHaveProperty('bot');
  expect(JSON.stringify(row)).not.toContain('bot');
});

test('a purchase that a bot has reported loses the label once anybody else reports it', async ({ acme }) => {
  await acme.post(purchase, crawler);
  await acme.post(purchase, browser);
  expect((await acme.rows())[0]).not.toHaveProperty('bot');
  await acme.post(purchase, crawler);
  const [row] = await acme.rows();
  expect(row).toMatchObject({ copies: [{ trust: 'unsigned', via: 'post' }] });
  expect(JSON.stringify(row)).not.toContain('bot');
});

test('each way and level has a label of its own', async ({ acme }) => {
  await acme.post(purchase, crawler);
  await acme.post(acme.sign(purchase), browser);
  const [row] = await acme.rows();
  expect(row).not.toHaveProperty('bot');
  expect(row?.copies).toMatchObject([{ trust: 'unsigned', bot: true }, { trust: 'signed' }]);
});

test("a provider's backend is a program and no bot, with its secret or as in 2017 without", async ({
  acme,
}) => {
  await acme.post(purchase, { ...bearer(acme.secret), 'user-agent': 'python-requests/2.32' });
  for (const [index, program] of ['python-requests/2.32', 'curl/8.5.0', 'Java/21.0.1', 'node'].entries()) {
    await acme.post({ ...purchase, customerId: `cust-${index}` }, { 'user-agent': program });
  }
  expect(JSON.stringify(await acme.rows())).not.toContain('bot');
});

test('a crawler is one by whatever it calls itself', async ({ acme }) => {
  for (const [index, name] of ['Googlebot/2.1 (+http://www.google.com/bot.html)', headless].entries()) {
    await acme.post({ ...purchase, customerId: `cust-${index}` }, { 'user-agent': name });
  }
  expect(await acme.rows()).toMatchObject([{ bot: true }, { bot: true }]);
});

test("a crawler that follows the marketplace's link is sent on, and its click is labelled", async ({
  acme,
  service,
}) => {
  await acme.addListing('acme');
  for (const headers of [browser, crawler]) {
    expect(await service.send('/go/acme', { headers })).toMatchObject({ status: 302 });
  }
  const [last, first] = await acme.clicks();
  expect(last).toMatchObject({ bot: true });
  expect(first).not.toHaveProperty('bot');
});

test('who has no User-Agent is no browser; texts without end are not remembered for ever', () => {
  const isBot = createBotCheck();
  expect(isBot(undefined)).toBe(true);
  expect(isBot('')).toBe(true);
  for (let number = 0; number < 10_000; number++) isBot(`Mozilla/5.0 ${number}`);
  expect(isBot(crawler['user-agent'])).toBe(true);
  expect(isBot(browser['user-agent'])).toBe(false);
});
