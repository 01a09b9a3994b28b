import { expect, test } from 'vitest';
import { readDatabase } from './support/database.ts';
import { buyer, password, postForm } from './support/ordering.ts';
import { patience } from './support/patience.ts';
import {
  accounts,
  type Behaviour,
  inTurn,
  refusingUrl,
  startProviderEndpoint,
} from './support/providerEndpoint.ts';
import {
  letTimePass,
  onlyOrder,
  page,
  placeOrder,
  startHangingProvider,
  startLine,
} from './support/restarting.ts';

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
