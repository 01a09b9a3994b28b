// What is left to another process, as the database tells it: of the rest ../provisioningRestart.test.ts is proof enough.
import { expect, test } from 'vitest';
import { patience } from '../support/patience.ts';
import { accounts, type Behaviour, startProviderEndpoint } from '../support/providerEndpoint.ts';
import { letTimePass, page, placeOrder, startHangingProvider, startLine } from '../support/restarting.ts';

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
