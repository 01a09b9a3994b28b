import { expect, test } from 'vitest';
import { createCommandLine } from './support/command.ts';
import { buyer, offer, postForm, tokenIn } from './support/ordering.ts';
import { patience } from './support/patience.ts';
import { accounts, answer, inTurn, startProviderEndpoint } from './support/providerEndpoint.ts';
import { type Service, startService } from './support/service.ts';

/** A provider whose endpoint answers 401 at first, and two orders of which one has met that. */
async function startWithWrongSecret() {
  const { create } = accounts({ idempotent: false });
  return await startWithAnswers(inTurn(answer(401, { detail: 'Who?' }), create));
}

/** A provider whose endpoint answers so, and two orders that have met that. */
async function startWithAnswers(answers: Parameters<typeof startProviderEndpoint>[0]) {
  const line = await createCommandLine();
  await line.addProvider();
  const endpoint = await startProviderEndpoint(answers);
  const service = await startService({
    database: line.database,
    surroundings: { pollMs: 10, random: () => 0.5 },
  });
  // Commands have the machine's clock.
  service.time.now = Date.now();
  await offer(service.store, { url: endpoint.url });

  async function placeOrder() {
    const form = await service.send('/order/acme');
    const order = tokenIn(String(form.body.text));
    await postForm(service.baseUrl, '/order/acme', { order, ...buyer });
    await expect
      .poll(async () => (await service.store.findOrderByToken(order))?.status, patience)
      .not.toBe('under_way');
  }
  await placeOrder();
  await placeOrder();
  return { line, service, endpoint };
}

/** How many orders are stuck, by reason. */
async function stuck({ metrics }: Service): Promise<Record<string, string>> {
  const { text } = await metrics.read();
  const series = text.matchAll(/^onramp_orders_stuck\{reason="(\w+)"\} (\d+)$/gm);
  return Object.fromEntries([...series].map(([, reason, count]) => [reason, count]));
}

test('an order that a wrong secret keeps is counted, listed with what to mend, and sent again by a command', async () => {
  const { line, service, endpoint } = await startWithWrongSecret();
  expect(await stuck(service)).toMatchObject({ unauthorized: '1', undecided: '0', tls: '0' });
  const [waiting, ...others] = await line.json('orders list --status needs_attention');
  expect(others).toEqual([]);
  expect(waiting).toMatchObject({
    fault: 'unauthorized',
    attempts: [{ outcome: 'misconfigured', status: 401 }],
  });
  const told = [
    `${waiting.id}: the provider's endpoint answered 401: it does not accept our signature.`,
    'Have the provider compare its secret',
    'provision check pk_acme',
    `Once it is mended: onramp-marketplace orders retry ${waiting.id}`,
  ];
  const [list, shown] = [await line.run('orders list'), await line.run(`orders show ${waiting.id}`)];
  for (const text of told) {
    for (const said of [waiting.advice, list.stdout, shown.stdout]) expect(said).toContain(text);
  }
  // Only of those that are kept.
  expect(list.stdout.match(/the provider's endpoint/g)).toHaveLength(1);

  await line.json(`orders retry ${waiting.id}`);
  service.time.now = Date.now() + 1_000;
  await expect.poll(async () => await line.json('orders list --status succeeded'), patience).toHaveLength(2);
  expect(await stuck(service)).toMatchObject({ unauthorized: '0' });
  expect(endpoint.calls).toHaveLength(3);
});

test('an order of which nobody knows what became says whom to ask, and what then', async () => {
  const { line } = await startWithAnswers(answer(201, 'Welcome!'));
  const [{ id, advice }, other] = await line.json('orders list --status undecided');
  const both = await line.run('orders list');
  expect(both.stdout).toContain('\n2 orders: nobody knows whether there is an account.');
  expect(both.stdout).toContain('onramp-marketplace orders settle <order> --coid <coid>');
  expect(both.stdout.match(/nobody knows/g)).toHaveLength(1);

  await line.json(`orders settle ${other.id} --failed`);
  const [list, shown] = [await line.run('orders list'), await line.run(`orders show ${id}`)];
  for (const said of [advice, list.stdout, shown.stdout]) {
    expect(said).toContain(`${id}: nobody knows whether there is an account.`);
    expect(said).toContain(`onramp-marketplace orders settle ${id} --coid <coid>`);
  }
  expect((await line.run(`orders show ${other.id}`)).stdout).not.toContain('nobody knows');
});

test('an order that waits for a person can be settled', async () => {
  const { line } = await startWithWrongSecret();
  const [{ id }] = await line.json('orders list --status needs_attention');
  expect(await line.json(`orders settle ${id} --coid c-1`)).toMatchObject({
    status: 'succeeded',
    coid: 'c-1',
  });
  expect((await line.run('orders list')).stdout).not.toContain('endpoint');
});

test.each<[string, () => Promise<never>]>([
  ['fails', () => Promise.reject(new Error('away'))],
  ['never answers', () => new Promise(() => undefined)],
])('the other metrics are there while the database %s', async (_name, countStuckOrders) => {
  const service = await startService({ wrapStore: (store) => ({ ...store, countStuckOrders }) });
  const { text } = await service.metrics.read();
  expect(text).not.toContain('onramp_orders_stuck{');
  expect(text).toContain('onramp_queue_entries 0');
});
