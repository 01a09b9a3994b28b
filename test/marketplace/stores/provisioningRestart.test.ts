import { expect, test } from 'vitest';
import { type CommandLine, createCommandLine } from '../support/command.ts';
import { queryDatabase, readDatabase } from '../support/database.ts';
import { buyer, type OrderingOptions, offer, password, postForm, tokenIn } from '../support/ordering.ts';
import { patience } from '../support/patience.ts';
import {
  accounts,
  type Behaviour,
  inTurn,
  refusingUrl,
  startProviderEndpoint,
} from '../support/providerEndpoint.ts';
import type { Json } from '../support/service.ts';

async function startLine(url: string, options: Omit<OrderingOptions, 'url'> = {}) {
  const line = await createCommandLine();
  await line.addProvider();
  await line.withStore((store) => offer(store, { url, ...options }));
  return line;
}

async function placeOrder(baseUrl: string, entered: Record<string, string> = buyer): Promise<string> {
  const form = await fetch(`${baseUrl}/order/acme`);
  const order = tokenIn(await form.text());
  const { status } = await postForm(baseUrl, '/order/acme', { order, ...entered });
  expect(status).toBe(303);
  return order;
}

const page = async (baseUrl: string, token: string) =>
  await (await fetch(`${baseUrl}/orders/${token}`)).text();

/** Half a minute and the time to the next attempt pass, for the order's claims and its schedule. */
async function letTimePass({ database }: CommandLine): Promise<void> {
  await queryDatabase(database, 'update orders set held_until = 1 where held_until is not null');
  await queryDatabase(database, 'update orders set lease_until = 1 where lease_until is not null');
  await queryDatabase(
    database,
    "update orders set next_at = 1 where next_at is not null and status <> 'needs_password'",
  );
}

async function onlyOrder(line: CommandLine): Promise<Json> {
  const orders = await line.json('orders list');
  expect(orders).toHaveLength(1);
  return orders[0];
}

/** A provider that makes the account and then never answers, until it is told to. */
async function startHangingProvider({ idempotent }: { idempotent: boolean }) {
  const { made, make, create } = accounts({ idempotent });
  const hang: Behaviour = (_response, call) => void make(call);
  const endpoint = await startProviderEndpoint(inTurn(hang, create));
  return { ...endpoint, made };
}

test('killed during a call, an order of a provider that is not idempotent waits for a person, who settles it', async () => {
  const provider = await startHangingProvider({ idempotent: false });
  const line = await startLine(provider.url);
  const first = await line.serve();
  const token = await placeOrder(first.baseUrl);
  await expect.poll(() => provider.calls.length, patience).toBe(1);
  await first.end('SIGKILL');

  const second = await line.serve();
  expect(await page(second.baseUrl, token)).toContain('is being created');
  await letTimePass(line);
  await expect.poll(() => page(second.baseUrl, token), patience).toContain('We are looking into your order');
  // The buyer may send the same form again: it is the same order.
  expect((await postForm(second.baseUrl, '/order/acme', { order: token, ...buyer })).status).toBe(303);

  const { id } = await onlyOrder(line);
  expect(await line.json(`orders show ${id}`)).toMatchObject({
    status: 'undecided',
    fields: buyer,
    page: `/orders/${token}`,
    attempts: [{ outcome: 'unclear', reason: 'the service ended during the attempt' }],
  });
  await line.json(`orders settle ${id} --coid acme-1`);
  expect(await page(second.baseUrl, token)).toContain('<dd>acme-1</dd>');
  expect(provider.calls).toHaveLength(1);
  expect(provider.made).toHaveLength(1);
});

test('killed during a call, an order of an idempotent provider goes on with the same key: one account', async () => {
  const provider = await startHangingProvider({ idempotent: true });
  const line = await startLine(provider.url, { idempotent: true });
  const first = await line.serve();
  const token = await placeOrder(first.baseUrl);
  await expect.poll(() => provider.calls.length, patience).toBe(1);
  await first.end('SIGKILL');

  const second = await line.serve();
  await letTimePass(line);
  await expect.poll(() => page(second.baseUrl, token), patience).toContain('<dd>acme-1</dd>');
  expect(new Set(provider.calls.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
  expect(provider.made).toHaveLength(1);
});

test('killed during a call, an order with a password asks the buyer for it, and it is not on the disk', async () => {
  const provider = await startHangingProvider({ idempotent: true });
  const line = await startLine(provider.url, { idempotent: true, required: ['password'] });
  const first = await line.serve();
  const token = await placeOrder(first.baseUrl, { ...buyer, password });
  await expect.poll(() => provider.calls.length, patience).toBe(1);
  await first.end('SIGKILL');

  const second = await line.serve();
  await letTimePass(line);
  await expect.poll(() => page(second.baseUrl, token), patience).toContain('Please enter the password again');
  await expect.poll(async () => (await onlyOrder(line)).status, patience).toBe('needs_password');
  const without = await postForm(second.baseUrl, `/orders/${token}`, { password: '' });
  expect([without.status, without.page.includes('Enter your password')]).toEqual([422, true]);
  expect(provider.calls).toHaveLength(1);
  const sent = await postForm(second.baseUrl, `/orders/${token}`, { password });
  expect([sent.status, sent.headers.get('location')]).toEqual([303, `../orders/${token}`]);
  await expect.poll(() => page(second.baseUrl, token), patience).toContain('<dd>acme-1</dd>');
  expect(provider.made).toHaveLength(1);
  expect(provider.calls.map(({ json }) => json.password)).toEqual([password, password]);

  const bytes = await readDatabase(line.database);
  expect(bytes.includes('zq7x')).toBe(false);
  expect(bytes.includes(buyer.name)).toBe(true);
});

test('an order that waits goes on after a restart; with a password, its page asks for that half a minute later', async () => {
  const { url, port } = await refusingUrl();
  const line = await startLine(url, { required: ['password'] });
  const first = await line.serve();
  const token = await placeOrder(first.baseUrl, { ...buyer, password });
  await expect.poll(() => onlyOrder(line), patience).toHaveProperty('attempts[0].outcome', 'unreachable');
  await first.end('SIGKILL');

  const { made, create } = accounts({ idempotent: false });
  const provider = await startProviderEndpoint(create, { port });
  const second = await line.serve();
  // Another process might still have it.
  expect(await page(second.baseUrl, token)).toContain('is being created');
  await letTimePass(line);
  expect(await page(second.baseUrl, token)).toContain('Please enter the password again');
  await postForm(second.baseUrl, `/orders/${token}`, { password });
  await expect.poll(() => page(second.baseUrl, token), patience).toContain('<dd>acme-1</dd>');
  expect(made).toHaveLength(1);
  expect(provider.calls).toHaveLength(1);
});

test('a command has an undecided order sent again, by a service that runs', async () => {
  const { made, create } = accounts({ idempotent: false });
  const fail: Behaviour = (response) => void response.writeHead(500).end();
  const provider = await startProviderEndpoint(inTurn(fail, create));
  const line = await startLine(provider.url);
  const { baseUrl } = await line.serve();
  const token = await placeOrder(baseUrl);
  await expect.poll(() => page(baseUrl, token), patience).toContain('We are looking into your order');
  const { id } = await onlyOrder(line);
  await line.json(`orders retry ${id}`);
  await expect.poll(() => page(baseUrl, token), patience).toContain('<dd>acme-1</dd>');
  expect(made).toHaveLength(1);
  expect(await line.run(`orders retry ${id}`)).toMatchObject({ exitCode: 1 });
  expect(await line.run(`orders settle ${id} --failed`)).toMatchObject({ exitCode: 1 });
});

test('two services on one database make one account of each order', async () => {
  const { made, create } = accounts({ idempotent: false });
  const slowly: Behaviour = (...call) => void setTimeout(create, 20, ...call);
  const provider = await startProviderEndpoint(slowly);
  const line = await startLine(provider.url);
  const services = await Promise.all([line.serve(), line.serve()]);
  const tokens = await Promise.all(
    Array.from({ length: 40 }, (_, index) => placeOrder(services[index % 2]?.baseUrl ?? '')),
  );
  await expect
    .poll(async () => await line.json('orders list --status succeeded'), patience)
    .toHaveLength(tokens.length);
  expect(made).toHaveLength(tokens.length);
  expect(new Set(made.map(({ key }) => key)).size).toBe(tokens.length);
});

test('told to end, a service waits for the call that is under way and keeps what came of it', async () => {
  const answers: (() => void)[] = [];
  const { create } = accounts({ idempotent: false });
  const provider = await startProviderEndpoint((...call) => void answers.push(() => create(...call)));
  const line = await startLine(provider.url);
  const service = await line.serve();
  await placeOrder(service.baseUrl);
  await expect.poll(() => answers.length, patience).toBe(1);
  const ended = service.end('SIGTERM');
  const isRefused = () =>
    fetch(`${service.baseUrl}/livez`).then(
      () => false,
      () => true,
    );
  await expect.poll(isRefused, patience).toBe(true);
  answers[0]?.();
  expect(await ended).toBe(0);
  expect(await onlyOrder(line)).toMatchObject({ status: 'succeeded', coid: 'acme-1' });
  expect(provider.calls).toHaveLength(1);
});
