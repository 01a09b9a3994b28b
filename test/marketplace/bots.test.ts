import { expect, test } from 'vitest';
import { createBotCheck } from '../../src/marketplace/http/bots.ts';
import { readDatabase } from './support/database.ts';
import { bearer, purchase, signed } from './support/purchase.ts';
import { startMs, startService } from './support/service.ts';

const browser = {
  'user-agent':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
};
const crawler = {
  'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
};

async function startWithAcme() {
  const service = await startService();
  const provider = await service.addProvider();
  return { service, provider, list: () => service.list('/api/SaasTrackings', provider.secret) };
}

test('what a bot sends is taken as from anybody, and labelled', async () => {
  const { service, list } = await startWithAcme();
  expect(await service.post(purchase, crawler)).toMatchObject({ status: 201 });
  expect(await service.picture({ ...purchase, customerId: 'cust-2' }, crawler)).toMatchObject({
    picture: '3x1',
  });
  const visit = { partnerKey: 'pk_acme', event: 'visit', referral: 'r', landedAt: startMs };
  expect(await service.post(visit, crawler)).toMatchObject({ status: 201 });
  expect(await list()).toMatchObject([{ bot: true }, { bot: true }, { bot: true, copies: [{ bot: true }] }]);
  expect((await readDatabase(service.database)).includes('Googlebot')).toBe(false);
});

test('what a browser sends has no label', async () => {
  const { service, list } = await startWithAcme();
  await service.post(purchase, browser);
  const [row] = await list();
  expect(row).not.toHaveProperty('bot');
  expect(JSON.stringify(row)).not.toContain('bot');
});

test('a purchase that a bot has reported loses the label once anybody else reports it', async () => {
  const { service, list } = await startWithAcme();
  await service.post(purchase, crawler);
  await service.post(purchase, browser);
  expect((await list())[0]).not.toHaveProperty('bot');
  await service.post(purchase, crawler);
  const [row] = await list();
  expect(row).toMatchObject({ copies: [{ trust: 'unsigned', via: 'post' }] });
  expect(JSON.stringify(row)).not.toContain('bot');
});

test('each way and level has a label of its own', async () => {
  const { service, provider, list } = await startWithAcme();
  await service.post(purchase, crawler);
  await service.post(signed(purchase, provider, startMs), browser);
  const [row] = await list();
  expect(row).not.toHaveProperty('bot');
  expect(row?.copies).toMatchObject([{ trust: 'unsigned', bot: true }, { trust: 'signed' }]);
});

test("a provider's server is a program and no bot", async () => {
  const { service, provider, list } = await startWithAcme();
  await service.post(purchase, { ...bearer(provider.secret), 'user-agent': 'python-requests/2.32' });
  expect(JSON.stringify(await list())).not.toContain('bot');
});

test("a crawler that follows the marketplace's link is sent on, and its click is labelled", async () => {
  const { service, provider } = await startWithAcme();
  const { id: providerId = 0 } = (await service.store.findProvider(provider.partnerKey)) ?? {};
  await service.store.putListing({ name: 'acme', providerId, landingUrl: 'https://acme.example/' });
  for (const headers of [browser, crawler]) {
    expect(await service.send('/go/acme', { headers })).toMatchObject({ status: 302 });
  }
  const [last, first] = await service.list('/api/clicks', provider.secret);
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
