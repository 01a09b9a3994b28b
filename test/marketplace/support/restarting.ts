// Orders of services in processes of their own, which end and are started again.
import { expect } from 'vitest';
import { type CommandLine, createCommandLine } from './command.ts';
import { queryDatabase } from './database.ts';
import { buyer, type OrderingOptions, offer, postForm, tokenIn } from './ordering.ts';
import { accounts, type Behaviour, inTurn, startProviderEndpoint } from './providerEndpoint.ts';
import type { Json } from './service.ts';

/** The command line with pk_acme, whose order page is /order/acme, with a database of its own. */
export async function startLine(url: string, options: Omit<OrderingOptions, 'url'> = {}) {
  const line = await createCommandLine();
  await line.addProvider();
  await line.withStore((store) => offer(store, { url, ...options }));
  return line;
}

/** Opens the form and sends it; returns the order's token. */
export async function placeOrder(baseUrl: string, entered: Record<string, string> = buyer): Promise<string> {
  const form = await fetch(`${baseUrl}/order/acme`);
  const order = tokenIn(await form.text());
  const { status } = await postForm(baseUrl, '/order/acme', { order, ...entered });
  expect(status).toBe(303);
  return order;
}

/** The order's page as text of HTML. */
export const page = async (baseUrl: string, token: string) =>
  await (await fetch(`${baseUrl}/orders/${token}`)).text();

/** Half a minute and the time to the next attempt pass, for the order's claims and its schedule. */
export async function letTimePass({ database }: CommandLine): Promise<void> {
  await queryDatabase(database, 'update orders set held_until = 1 where held_until is not null');
  await queryDatabase(database, 'update orders set lease_until = 1 where lease_until is not null');
  await queryDatabase(
    database,
    "update orders set next_at = 1 where next_at is not null and status <> 'needs_password'",
  );
}

/** As `orders list` shows it. */
export async function onlyOrder(line: CommandLine): Promise<Json> {
  const orders = await line.json('orders list');
  expect(orders).toHaveLength(1);
  return orders[0];
}

/** A provider that makes the account and then never answers, until it is told to. */
export async function startHangingProvider({ idempotent }: { idempotent: boolean }) {
  const { made, make, create } = accounts({ idempotent });
  const hang: Behaviour = (_response, call) => void make(call);
  const endpoint = await startProviderEndpoint(inTurn(hang, create));
  return { ...endpoint, made };
}
