import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import {
  type Account,
  createProvisionAccountHandler,
  ProvisionRefused,
  toNodeListener,
} from '../../src/provider/index.ts';
import { buyer, password, startOrdering } from './support/ordering.ts';
import { refusingUrl } from './support/providerEndpoint.ts';

/** A provider that uses the kit, with the provision function of its own. */
async function startWithKit(provision: (account: Account) => Promise<string>) {
  const { url, port } = await refusingUrl();
  const ordering = await startOrdering({ url, idempotent: true, required: ['password'] });
  const handler = createProvisionAccountHandler(
    { secret: ordering.secret, provision, required: ['name', 'email', 'password'] },
    () => ordering.service.time.now,
  );
  const server = createServer(toNodeListener(handler)).listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return ordering;
}

test("a provider's kit verifies an order, makes the account and its coid reaches the buyer", async () => {
  const accounts: Account[] = [];
  const ordering = await startWithKit(async (account) => `kit-${accounts.push(account)}`);
  const token = await ordering.placeOrder({ ...buyer, password });
  await ordering.becomes(token, { status: 'succeeded', coid: 'kit-1' });
  expect(accounts).toMatchObject([buyer]);
  expect(accounts[0]?.password?.reveal()).toBe(password);
});

test('what a kit refuses, the buyer reads at the field', async () => {
  const ordering = await startWithKit(async () => {
    throw new ProvisionRefused('There is one already.', {
      errors: { email: 'This address has an account.' },
    });
  });
  const token = await ordering.placeOrder({ ...buyer, password });
  const { failure } = await ordering.becomes(token, { status: 'failed' });
  expect(failure).toEqual({
    detail: 'There is one already.',
    errors: { email: 'This address has an account.' },
  });
});
