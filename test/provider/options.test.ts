import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { createOnramp, type OnrampOptions } from '../../src/provider/index.ts';
import { checkOptions } from '../../src/provider/options.ts';
import { createClient, nextSecret, secret } from './support/client.ts';
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
    ['a partner key of 129 characters', { partnerKey: 'p'.repeat(129) }, /partnerKey has to be/],
    ['a partner key that is no text', { partnerKey: 7 }, /partnerKey has to be/],
    ['an address with a user', { baseUrl: 'https://a@market.example/' }, /baseUrl has to be/],
    ['an address with a fragment', { baseUrl: 'https://market.example/#a' }, /baseUrl has to be/],
    ['a protocol that begins alike', { baseUrl: 'httpsx://market.example' }, /baseUrl has to be/],
    ['a protocol that ends alike', { baseUrl: 'xhttp://market.example' }, /baseUrl has to be/],
    ['a secret with a line end', { secret: `${secret}\n` }, /: take the blank or the end of line off/],
    ['a secret with a blank before it', { secret: ` ${secret}` }, /secret has to be/],
    ['a secret without a name', { secret: 'os__abc' }, /secret has to be/],
    ['a secret in capitals', { secret: 'os_ABC_abc' }, /secret has to be/],
    ['no secret of a list', { secret: [] }, /secret has to be/],
    ['a list with one that is none', { secret: [secret, 'pk_acme'] }, /secret has to be/],
    ['a list with what is no text', { secret: [secret, 7] }, /secret has to be/],
    ['a listener that is none', { onIgnored: 'warn' }, /onIgnored has to be/],
    ['half a millisecond', { timeoutMs: 0.5 }, /timeoutMs has to be/],
    ['11 retries', { retries: 11 }, /retries has to be/],
    ['fewer than no retries', { retries: -1 }, /retries has to be/],
    ['a time of 0', { timeoutMs: 0 }, /timeoutMs has to be/],
    ['a time that no timer holds', { timeoutMs: 2 ** 31 }, /timeoutMs has to be/],
    ['half a retry', { retries: 0.5 }, /retries has to be/],
    ['endless retries', { retries: Number.POSITIVE_INFINITY }, /retries has to be/],
    ['a fetch that is none', { fetch: 'fetch' }, /fetch has to be/],
  ])('says what is wrong with %s', (_name, changes, message) => {
    expect(() => createOnramp({ ...right, ...changes })).toThrow(TypeError);
    expect(() => createOnramp({ ...right, ...changes })).toThrow(message);
  });

  test.each<[string, object]>([
    ['a partner key of 128 characters', { partnerKey: 'p'.repeat(128) }],
    ['http', { baseUrl: 'http://market.example' }],
    ['a URL', { baseUrl: new URL('https://market.example/deep/path//') }],
    ['no secret by intent', { secret: null }],
    ['two secrets', { secret: [secret, nextSecret] }],
    ['a time of 1', { timeoutMs: 1 }],
    ['the longest time of a timer', { timeoutMs: 2 ** 31 - 1 }],
    ['no retries', { retries: 0 }],
    ['10 retries', { retries: 10 }],
  ])('takes %s', (_name, changes) => {
    expect(() => createOnramp({ ...right, ...changes })).not.toThrow();
  });

  test('of several secrets lets the first speak, and shows none', () => {
    const checked = checkOptions({ ...right, secret: [nextSecret, secret] });
    expect(checked).toMatchObject({
      key: { secret: nextSecret, keyId: 'm2p8w4z6' },
      secrets: [nextSecret, secret],
      timeoutMs: 10_000,
      retries: 3,
      fetch: globalThis.fetch,
    });
    expect(checkOptions({ ...right, baseUrl: 'https://market.example/a//' }).baseUrl).toBe(
      'https://market.example/a',
    );
    expect(checkOptions({ ...right, secret: null })).toMatchObject({ key: null, secrets: [] });
  });

  test('names every mistake, and never shows the secret', () => {
    const wrong = { baseUrl: '', partnerKey: '', secret: `${secret} `, retries: -1 };
    expect(() => createOnramp(wrong)).toThrow(/baseUrl .*; partnerKey .*; secret .*; retries .*\.$/);
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
