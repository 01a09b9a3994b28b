import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createOnramp, type OnrampOptions } from '../../src/provider/index.ts';
import { createClient, secret } from './support/client.ts';
import { answer, startServer } from './support/server.ts';

const right: OnrampOptions = { baseUrl: 'https://market.example', partnerKey: 'pk_acme', secret };

describe('createOnramp', () => {
  test.each<[string, object, RegExp]>([
    ['no address', { baseUrl: undefined }, /baseUrl has to be/],
    ['an address without http', { baseUrl: 'market.example' }, /baseUrl has to be/],
    ['another protocol', { baseUrl: 'ftp://market.example' }, /baseUrl has to be/],
    ['an address with a query', { baseUrl: 'https://market.example/?a=1' }, /baseUrl has to be/],
    ['an address with a password', { baseUrl: 'https://a:b@market.example/' }, /baseUrl has to be/],
    ['no partner key', { partnerKey: '' }, /partnerKey has to be/],
    ['a partner key with a space', { partnerKey: 'pk acme' }, /partnerKey has to be/],
    ['no secret', { secret: undefined }, /secret has to be/],
    ['the partner key as secret', { secret: 'pk_acme' }, /secret has to be/],
    ['a secret with a line end', { secret: `${secret}\n` }, /secret has to be/],
    ['a time of 0', { timeoutMs: 0 }, /timeoutMs has to be/],
    ['a time that no timer holds', { timeoutMs: 2 ** 31 }, /timeoutMs has to be/],
    ['half a retry', { retries: 0.5 }, /retries has to be/],
    ['endless retries', { retries: Number.POSITIVE_INFINITY }, /retries has to be/],
    ['a fetch that is none', { fetch: 'fetch' }, /fetch has to be/],
  ])('says what is wrong with %s', (_name, changes, message) => {
    expect(() => createOnramp({ ...right, ...changes })).toThrow(TypeError);
    expect(() => createOnramp({ ...right, ...changes })).toThrow(message);
  });

  test('names every mistake, and never shows the secret', () => {
    const wrong = { baseUrl: '', partnerKey: '', secret: `${secret} `, retries: -1 };
    expect(() => createOnramp(wrong)).toThrow(/baseUrl.*partnerKey.*secret.*retries/);
    expect(() => createOnramp(wrong)).not.toThrow(new RegExp(secret));
  });

  test.each(['', '/', '/deep/path/'])('takes a base URL that ends in %j', async (path) => {
    const { baseUrl, received } = await startServer(answer(201, { status: 'created', id: '1' }));
    const { onramp } = createClient({ baseUrl: baseUrl + path });
    await onramp.createSaasTracking({ serviceName: 'Acme CRM', customerId: '42' });
    expect(received[0]?.path).toBe(`${path.replace(/\/$/, '')}/api/SaasTrackings`);
  });

  test('makes a client that shows no secret', () => {
    const onramp = createOnramp(right);
    expect(inspect(onramp, { depth: 9, showHidden: true })).not.toContain(secret);
    expect(JSON.stringify(onramp)).not.toContain(secret);
  });
});
