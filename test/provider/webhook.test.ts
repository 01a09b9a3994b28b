import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { isWebhookSecret, signWebhook, toWebhookSecret, verifyWebhook } from '../../src/provider/webhook.ts';
import { webhookVectors } from '../support/vectors.ts';

const [, order, orderWithNextSecret] = webhookVectors;
if (!order || !orderWithNextSecret) throw new Error('test/vectors/webhooks.json lacks the order');

interface Changes {
  secret?: string | string[];
  signature?: string | undefined;
  id?: string;
  timestamp?: string;
  body?: string;
  laterSeconds?: number;
}

/** Verifies the vector's message, or what a change makes of it. */
function verify(vector: typeof order = webhookVectors[0], changes: Changes = {}) {
  if (!vector) throw new Error('no vector');
  const { secret = vector.secret, laterSeconds = 0 } = changes;
  const { id, timestamp, body, signature } = { ...vector, ...changes };
  const headers = new Headers();
  if (id) headers.set('webhook-id', id);
  if (timestamp) headers.set('webhook-timestamp', String(timestamp));
  if (signature) headers.set('webhook-signature', signature);
  const now = (vector.timestamp + laterSeconds) * 1000;
  return verifyWebhook({ secret, headers, body: new TextEncoder().encode(body), now });
}

describe.each(webhookVectors)('$name', (vector) => {
  const { secret, webhookSecret, id, timestamp, body, signature } = vector;

  test('is signed literally so, with the secret in either form', async () => {
    expect(toWebhookSecret(secret)).toBe(webhookSecret);
    expect(await signWebhook({ secret, id, timestamp, body })).toBe(signature);
    expect(await signWebhook({ secret: webhookSecret, id, timestamp, body })).toBe(signature);
    const bytes = new TextEncoder().encode(body);
    expect(await signWebhook({ secret, id, timestamp, body: bytes })).toBe(signature);
  });

  test('is verified', async () => {
    expect(await verify(vector)).toEqual({ id, timestamp });
  });

  test('is signed likewise by standardwebhooks', () => {
    expect(new Webhook(webhookSecret).sign(id, new Date(timestamp * 1000), body)).toBe(signature);
  });
});

test('standardwebhooks verifies what is signed here, and what it signs is verified here', async () => {
  const timestamp = Math.floor(Date.now() / 1000);
  const { webhookSecret, secret, id, body } = order;
  const theirs = new Webhook(webhookSecret);
  const message = { 'webhook-id': id, 'webhook-timestamp': String(timestamp) };
  const signature = await signWebhook({ secret, id, timestamp, body });
  expect(theirs.verify(body, { ...message, 'webhook-signature': signature })).toEqual(JSON.parse(body));
  const headers = new Headers({
    ...message,
    'webhook-signature': theirs.sign(id, new Date(timestamp * 1000), body),
  });
  const verified = verifyWebhook({
    secret,
    headers,
    body: new TextEncoder().encode(body),
  });
  expect(await verified).toEqual({ id, timestamp });
});

describe('during a rotation', () => {
  const both = `${order.signature} ${orderWithNextSecret.signature}`;

  test.each([
    ['the old secret', [order.secret]],
    ['the new one', [orderWithNextSecret.secret]],
    ['both', [orderWithNextSecret.secret, order.secret]],
  ])('a message with two signatures is verified with %s', async (_name, secret) => {
    expect(await verify(order, { secret, signature: both })).toMatchObject({ id: order.id });
  });

  test('a list of secrets signs with each', async () => {
    const { id, timestamp, body } = order;
    const secret = [order.secret, orderWithNextSecret.secret];
    expect(await signWebhook({ secret, id, timestamp, body })).toBe(both);
  });

  test('a message with one signature is verified with either of two secrets', async () => {
    const secret = ['os_other123_x', order.secret];
    expect(await verify(order, { secret })).toMatchObject({ id: order.id });
  });
});

describe('is refused', () => {
  test.each<[string, Changes, string]>([
    ['without an id', { id: '' }, 'missing_headers'],
    ['without a timestamp', { timestamp: '' }, 'missing_headers'],
    ['without a signature', { signature: '' }, 'missing_headers'],
    ['with a timestamp that is none', { timestamp: '1e9' }, 'invalid_headers'],
    ['with a timestamp in milliseconds', { timestamp: `${order.timestamp}000` }, 'invalid_headers'],
    ['with a timestamp of 13 digits', { timestamp: '1'.repeat(13) }, 'invalid_headers'],
    ['with an id of 256 characters', { id: 'x'.repeat(256) }, 'invalid_headers'],
    ['with a blank in the id', { id: 'a b' }, 'invalid_headers'],
    ['with an id beyond ASCII', { id: 'é' }, 'invalid_headers'],
    ['301 s later', { laterSeconds: 301 }, 'too_old'],
    ['301 s before', { laterSeconds: -301 }, 'too_new'],
    ['with another body', { body: `${order.body} ` }, 'wrong_signature'],
    ['with another id', { id: `${order.id}0` }, 'wrong_signature'],
    ['with another timestamp', { timestamp: String(order.timestamp + 1) }, 'wrong_signature'],
    ['with the signature of another secret', { signature: orderWithNextSecret.signature }, 'wrong_signature'],
    ['with another version', { signature: order.signature.replace('v1,', 'v2,') }, 'wrong_signature'],
    ['with a part of the signature', { signature: order.signature.slice(0, 20) }, 'wrong_signature'],
    ['with a signature that is no base64', { signature: 'v1,***' }, 'wrong_signature'],
    ['with an empty signature', { signature: 'v1,' }, 'wrong_signature'],
    ['without any secret', { secret: [] }, 'wrong_signature'],
  ])('%s', async (_name, changes, reason) => {
    await expect(verify(order, changes)).rejects.toMatchObject({ name: 'WebhookError', reason });
  });

  test('but not 300 s before or later', async () => {
    expect(await verify(order, { laterSeconds: 300 })).toMatchObject({ id: order.id });
    expect(await verify(order, { laterSeconds: -300 })).toMatchObject({ id: order.id });
  });
});

test.each([
  ['NaN as the time', { now: Number.NaN }],
  ['NaN as the tolerance', { toleranceSeconds: Number.NaN }],
  ['no tolerance', { toleranceSeconds: 0 }],
])('with %s, which any message would stand, nothing is verified', async (_name, changes) => {
  const headers = new Headers({
    'webhook-id': order.id,
    'webhook-timestamp': String(order.timestamp),
    'webhook-signature': order.signature,
  });
  const body = new TextEncoder().encode(order.body);
  const verified = verifyWebhook({
    secret: order.secret,
    headers,
    body,
    now: order.timestamp * 1000,
    ...changes,
  });
  await expect(verified).rejects.toThrow(TypeError);
});

test.each([
  ['an id with a full stop', { id: 'a.b' }],
  ['an id with a space', { id: 'a b' }],
  ['no id', { id: '' }],
  ['milliseconds', { timestamp: Date.now() }],
  ['half a second', { timestamp: 1.5 }],
  ['an empty secret', { secret: '' }],
  ['a secret that is no base64 after whsec_', { secret: 'whsec_*' }],
])('signs nothing with %s', async (_name, changes) => {
  await expect(signWebhook({ ...order, ...changes })).rejects.toThrow(TypeError);
});

test.each<[unknown, boolean]>([
  ['os_k7f3q9x2_abc', true],
  ['whsec_YWJj', true],
  ['whsec_', false],
  ['whsec_*', false],
  ['pk_acme', false],
  ['my os_abc', false],
  ['', false],
  [undefined, false],
  [['os_k7f3q9x2_abc'], false],
])('%j may be a secret: %j', (secret, expected) => {
  expect(isWebhookSecret(secret)).toBe(expected);
});

test('an id of 255 characters is signed and verified', async () => {
  const id = 'x'.repeat(255);
  const signature = await signWebhook({ ...order, id });
  expect(await verify(order, { id, signature })).toMatchObject({ id });
});

test.each([
  ['without headers', {}, 'The headers webhook-id, webhook-timestamp and webhook-signature are needed.'],
  [
    'with a timestamp that is none',
    { timestamp: 'now' },
    'webhook-id has to be printable ASCII, webhook-timestamp Unix seconds.',
  ],
  ['too late', { laterSeconds: 301 }, 'webhook-timestamp is more than 300 s in the past.'],
  ['too early', { laterSeconds: -301 }, 'webhook-timestamp is more than 300 s in the future.'],
  [
    'by another secret',
    { secret: 'os_other_x' },
    'No signature in webhook-signature is of this body under a valid secret.',
  ],
])('%s it says so', async (name, changes, message) => {
  const missing = name === 'without headers' ? { signature: '' } : {};
  await expect(verify(order, { ...changes, ...missing })).rejects.toThrow(message);
});
