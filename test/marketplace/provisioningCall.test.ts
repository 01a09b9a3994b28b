import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { createSecret } from '../../src/marketplace/providers/secret.ts';
import { Password } from '../../src/marketplace/provisioning/password.ts';
import { signWebhook, toWebhookSecret } from '../../src/provider/webhook.ts';
import { readDatabase } from './support/database.ts';
import { buyer, password, startOrdering } from './support/ordering.ts';
import {
  accounts,
  answer,
  inTurn,
  type ReceivedCall,
  refusingUrl,
  startProviderEndpoint,
} from './support/providerEndpoint.ts';
import { bearer } from './support/purchase.ts';
import { startMs } from './support/service.ts';

/** The secret as libraries for Standard Webhooks take it. */
const webhookSecretOf = (secret: string) => `whsec_${Buffer.from(secret).toString('base64')}`;

/** What a verifier of Standard Webhooks computes, given that. */
function signature(webhookSecret: string, { headers, body }: ReceivedCall): string {
  const key = Buffer.from(webhookSecret.replace('whsec_', ''), 'base64');
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  return `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
}

test('a call is one JSON message that Standard Webhooks can verify', async () => {
  const { create } = accounts({ idempotent: false });
  const endpoint = await startProviderEndpoint(create);
  const ordering = await startOrdering({ url: endpoint.url });
  const token = await ordering.placeOrder();
  const { id } = await ordering.becomes(token, { status: 'succeeded' });
  const [call] = endpoint.calls;
  expect(call).toMatchObject({
    method: 'POST',
    path: '/acme-provision-account/',
    json: buyer,
    headers: {
      'content-type': 'application/json',
      connection: 'close',
      'idempotency-key': id,
      'webhook-id': id,
      'webhook-timestamp': String(startMs / 1000),
    },
  });
  if (call) expect(call.headers['webhook-signature']).toBe(signature(webhookSecretOf(ordering.secret), call));
});

test('no order goes out unsigned: it waits where the provider has no live secret', async () => {
  const { create } = accounts({ idempotent: false });
  const endpoint = await startProviderEndpoint(create);
  const ordering = await startOrdering({ url: endpoint.url });
  await ordering.service.store.revokeSecret('pk_acme', ordering.keyId);
  const token = await ordering.placeOrder();
  const { attempts } = await ordering.becomes(token, { status: 'under_way', attempts: { length: 1 } });
  expect(attempts).toMatchObject([{ outcome: 'unreachable', reason: 'the provider has no live secret' }]);
  expect(endpoint.calls).toEqual([]);
});

test('the example of docs/provisioning.md is signed so', async () => {
  const secret = 'os_k3y1d000_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
  expect(toWebhookSecret(secret)).toBe(
    'whsec_b3NfazN5MWQwMDBfQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQQ==',
  );
  const signed = {
    id: '0198f3c2-7a10-7b3e-9c41-5d2f8e6a1b07',
    timestamp: 1_777_896_000,
    body: '{"name":"Ada Lovelace","email":"ada@buyer.example","resellerkey":"rk-1"}',
  };
  const docs = await readFile(new URL('../../docs/provisioning.md', import.meta.url), 'utf8');
  const signature = 'v1,kEvgcGixTYM+3HWDw2inI6EKRnq9fE530BXYU4zAD68=';
  expect(await signWebhook({ secret, ...signed })).toBe(signature);
  for (const text of [secret, signed.id, String(signed.timestamp), signed.body, signature]) {
    expect(docs).toContain(text);
  }
});

test('while secrets rotate, each live one signs', async () => {
  const { create } = accounts({ idempotent: false });
  const endpoint = await startProviderEndpoint(create);
  const ordering = await startOrdering({ url: endpoint.url });
  const [second, third] = [createSecret(startMs + 1), createSecret(startMs + 2)];
  await ordering.service.store.addSecret('pk_acme', second);
  await ordering.service.store.addSecret('pk_acme', third);
  await ordering.becomes(await ordering.placeOrder(), { status: 'succeeded' });
  const [call] = endpoint.calls;
  const live = [second, third].map(({ secret }) => call && signature(webhookSecretOf(secret), call));
  expect(call?.headers['webhook-signature']?.toString().split(' ')).toEqual(live);
});

test('a retry has the same key, id and body, and a fresh timestamp with its signature', async () => {
  const { create } = accounts({ idempotent: true });
  const endpoint = await startProviderEndpoint(inTurn(answer(500), create));
  const ordering = await startOrdering({ url: endpoint.url, idempotent: true, required: ['password'] });
  const token = await ordering.placeOrder({ ...buyer, password });
  await ordering.becomes(token, { attempts: { length: 1 } });
  ordering.service.time.now += 61_000;
  await ordering.becomes(token, { status: 'succeeded' });
  const [first, second] = endpoint.calls;
  expect(second?.body).toBe(first?.body);
  for (const name of ['idempotency-key', 'webhook-id'])
    expect(second?.headers[name]).toBe(first?.headers[name]);
  for (const { headers } of endpoint.calls) expect(headers['idempotency-key']).toBe(headers['webhook-id']);
  expect(second?.headers['webhook-timestamp']).toBe(String(startMs / 1000 + 61));
  if (second) {
    expect(second.headers['webhook-signature']).toBe(signature(webhookSecretOf(ordering.secret), second));
  }
});

test('a password is nowhere but at the provider, even where that echoes it', async () => {
  const endpoint = await startProviderEndpoint(
    inTurn(
      answer(503, { detail: `Later, ${password}` }),
      answer(422, {
        detail: `${'x'.repeat(480)}${password} is too weak`,
        errors: [{ pointer: '/password', detail: `${password}${password}` }],
      }),
      answer(201, { coid: password }),
      answer(201, { coid: 'c-1', password }),
    ),
  );
  const ordering = await startOrdering({ url: endpoint.url, idempotent: true, required: ['password'] });
  const { service } = ordering;
  const entered = { ...buyer, password };
  const pages: string[] = [];
  const first = await ordering.placeOrder(entered);
  await ordering.becomes(first, { attempts: { length: 1 } });
  pages.push(await ordering.page(first));
  await ordering.untilDue(first);
  const refused = await ordering.becomes(first, { status: 'failed' });
  expect(refused.failure?.errors).toEqual({ password: '[redacted][redacted]' });
  pages.push(await ordering.page(first));
  const second = await ordering.placeOrder(entered);
  await ordering.becomes(second, { status: 'undecided' });
  pages.push(await ordering.page(second));
  const third = await ordering.placeOrder(entered);
  await ordering.becomes(third, { status: 'succeeded', coid: 'c-1' });
  pages.push(await ordering.page(third));
  pages.push((await ordering.submit(await ordering.openForm(), { ...entered, name: '' })).page);
  const list = await service.list('/api/orders', ordering.secret);

  expect(endpoint.calls.map(({ json }) => json.password)).toEqual([password, password, password, password]);
  const onDisk = (await readDatabase(service.database)).toString('latin1');
  const everything = [onDisk, ...pages, ...service.logLines, JSON.stringify(list)].join('\n');
  // Any part of it in any spelling would have one of these.
  for (const part of ['pa55', 'zq7x']) expect(everything).not.toContain(part);
  expect(service.logLines.join('')).toContain('provider called');
  expect(service.logLines.join('')).not.toMatch(/Ada|ada@|too weak/);
  // The buyer's name is in the database, so the test looks in the right place.
  expect(onDisk).toContain('Ada Lovelace');
});

test('a password is forgotten once its order needs it no more, so that a late retry asks for it', async () => {
  const endpoint = await startProviderEndpoint(answer(500));
  const ordering = await startOrdering({ url: endpoint.url, required: ['password'] });
  const token = await ordering.placeOrder({ ...buyer, password });
  const order = await ordering.becomes(token, { status: 'undecided' });
  const { store, time } = ordering.service;
  await store.changeOrder(order, { status: 'waiting', nextAt: time.now }, ['undecided'], time.now);
  expect(await ordering.page(token)).toContain('Please enter the password again');
  time.now += 30_000;
  await ordering.becomes(token, { status: 'needs_password' });
  time.now += 72 * 3_600_000;
  await ordering.becomes(token, { status: 'undecided' });
  expect(endpoint.calls).toHaveLength(1);
});

test('a password does not print', () => {
  const secret = new Password(password);
  const printed = [
    String(secret),
    `${secret}`,
    JSON.stringify({ secret }),
    inspect({ secret }, { showHidden: true }),
  ];
  for (const text of printed) expect(text).toMatch(/\[redacted\]/);
  expect(printed.join()).not.toContain('zq7x');
});

test('a provider reads its orders, newest first, and nothing of what buyers entered', async () => {
  const { create } = accounts({ idempotent: false });
  const endpoint = await startProviderEndpoint(inTurn(answer(400, { detail: 'No.' }), create));
  const ordering = await startOrdering({ url: endpoint.url });
  const { service, secret } = ordering;
  await ordering.becomes(await ordering.placeOrder(), { status: 'failed' });
  service.time.now += 1_000;
  await ordering.becomes(await ordering.placeOrder(), { status: 'succeeded' });
  const other = await service.addProvider({ partnerKey: 'pk_other' });
  expect(await service.list('/api/orders', other.secret)).toEqual([]);
  expect((await service.send('/api/orders')).status).toBe(401);

  const orders = await service.list('/api/orders', secret);
  expect(orders).toEqual([
    {
      id: expect.any(String),
      partnerKey: 'pk_acme',
      status: 'succeeded',
      coid: 'acme-1',
      createdAt: '2026-05-04T12:00:01.000Z',
      attempts: [
        {
          number: 1,
          startedAt: '2026-05-04T12:00:01.000Z',
          endedAt: '2026-05-04T12:00:01.000Z',
          outcome: 'created',
          status: 201,
        },
      ],
    },
    expect.objectContaining({
      status: 'failed',
      attempts: [expect.objectContaining({ outcome: 'refused', status: 400, reason: 'No.' })],
    }),
  ]);
  const { body } = await service.send('/api/orders?limit=1', { headers: bearer(secret) });
  expect(await service.list(`/api/orders?cursor=${body.next}`, secret)).toEqual([orders[1]]);
});

test('what a buyer entered is deleted 30 days after the end, the order is not', async () => {
  const { create } = accounts({ idempotent: false });
  const endpoint = await startProviderEndpoint(create);
  const ordering = await startOrdering({ url: endpoint.url });
  const ended = await ordering.placeOrder();
  await ordering.becomes(ended, { status: 'succeeded' });
  await ordering.service.store.changeProvider('pk_acme', { provisionUrl: (await refusingUrl()).url });
  const waiting = await ordering.placeOrder();
  const { now } = ordering.service.time;
  expect(await ordering.service.store.purgeOrders(now)).toBe(0);
  expect(await ordering.service.store.purgeOrders(now + 1)).toBe(1);
  expect(await ordering.order(ended)).toMatchObject({
    status: 'succeeded',
    coid: 'acme-1',
    fields: undefined,
  });
  expect(await ordering.order(waiting)).toMatchObject({ fields: buyer });
  expect(await ordering.page(ended)).toContain('<dd>acme-1</dd>');
});
