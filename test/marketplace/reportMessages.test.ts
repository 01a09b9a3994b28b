import { describe, expect } from 'vitest';
import { createSecret } from '../../src/marketplace/providers/secret.ts';
import { postReport, usage } from './support/subscription.ts';
import { test } from './support/test.ts';

const form = 'application/x-www-form-urlencoded';

test.for([
  '/update-subscription',
  '/update-subscription/',
  '/update-subscriptions',
  '//update-subscriptions/',
])('POST %s', async (path, { acme, service }) => {
  const elements = { ...usage, providerkey: acme.secret };
  expect(await postReport(service, elements, {}, path)).toMatchObject({ status: 201 });
  expect(await acme.reports()).toHaveLength(1);
});

describe('ways to write the same report', () => {
  const texts = { ...usage, expired: 'false', count: '120' };
  test.for<[string, (secret: string) => string, string]>([
    ['JSON', (providerkey) => JSON.stringify({ ...usage, providerkey }), 'application/json'],
    ['JSON of another type', (providerkey) => JSON.stringify({ ...usage, providerkey }), 'text/plain'],
    ['JSON of a type that is none', (providerkey) => JSON.stringify({ ...usage, providerkey }), 'garbage'],
    ['all texts', (providerkey) => JSON.stringify({ ...texts, providerkey }), 'application/json'],
    ['false as PHP writes it', (providerkey) => JSON.stringify({ ...usage, expired: 0, providerkey }), form],
    [
      'a form of PHP',
      (providerkey) => new URLSearchParams({ ...texts, expired: '0', providerkey }).toString(),
      form,
    ],
    ['a form', (providerkey) => new URLSearchParams({ ...texts, providerkey }).toString(), form],
    [
      'unknown elements',
      (providerkey) => JSON.stringify({ ...usage, providerkey, 'expired-date': null, colour: 'red' }),
      'application/json',
    ],
  ])('%s', async ([_name, write, contentType], { acme, service }) => {
    const init = { method: 'POST', headers: { 'content-type': contentType }, body: write(acme.secret) };
    expect(await service.send('/update-subscription/', init)).toMatchObject({ status: 201 });
    const { id, receivedAt, ...report } = (await acme.reports())[0] ?? {};
    expect(report).toEqual({
      partnerKey: acme.partnerKey,
      coid: 'cust-1',
      sku: 'crm-basic',
      period: '2026-05',
      expired: false,
      count: '120',
      counted: true,
    });
  });
});

test.for([1, '1', 'TRUE'])('an end as %j', async (expired, { acme }) => {
  const ended = { expired, 'expired-date': '2026-05-03' };
  expect(await acme.report(ended)).toMatchObject({
    status: 201,
    body: { subscription: { status: 'terminated' } },
  });
});

test('a count as other countries write it', async ({ acme }) => {
  expect(await acme.report({ count: '1.234,5' })).toMatchObject({
    status: 201,
    body: { subscription: { count: '1234.5' } },
  });
});

/** Secrets and keys are named by whose they are; a name in capitals stands for a secret. */
test.for<[name: string, providerkey: string, authorization: string | undefined, status: number]>([
  ['the secret', 'ACME', undefined, 201],
  ['the second secret', 'SECOND', undefined, 201],
  ['a retired secret', 'RETIRED', undefined, 401],
  ['a secret of nobody', `os_aaaaaaaa_${'A'.repeat(43)}`, undefined, 401],
  ['a secret with another end', 'CHANGED', undefined, 401],
  ['the partner key alone', 'pk_acme', undefined, 401],
  ['a partner key of nobody', 'pk_nobody', undefined, 401],
  ['the partner key with the secret', 'pk_acme', 'Bearer ACME', 201],
  ['the partner key with a retired secret', 'pk_acme', 'Bearer RETIRED', 401],
  ["the partner key with another's secret", 'pk_acme', 'Bearer OTHER', 401],
  ['a partner key of nobody with a secret', 'pk_nobody', 'Bearer ACME', 401],
  ['the partner key with Basic', 'pk_acme', 'Basic cGs6', 401],
  ['both secrets of one provider', 'ACME', 'Bearer SECOND', 201],
  ['secrets of two providers', 'ACME', 'Bearer OTHER', 401],
  ['the secret beside a wrong header', 'ACME', 'ACME', 401],
  ['the secret of a disabled provider', 'DISABLED', undefined, 403],
  ['the partner key of a disabled provider', 'pk_disabled', undefined, 401],
])('%s: %s, Authorization: %s is answered with %i', async (row, { acme, addProvider, service }) => {
  const [_name, providerkey, authorization, status] = row;
  const { store, time } = service;
  const [live, second] = [createSecret(time.now), createSecret(time.now)];
  for (const secret of [live, second]) await store.addSecret(acme.partnerKey, secret);
  const [other, disabled] = [await addProvider(), await addProvider({ disabled: true })];
  const meanings: Record<string, string> = {
    ACME: live.secret,
    SECOND: second.secret,
    RETIRED: acme.secret,
    CHANGED: `${live.secret.slice(0, -4)}AAAA`,
    OTHER: other.secret,
    DISABLED: disabled.secret,
    pk_acme: acme.partnerKey,
    pk_disabled: disabled.partnerKey,
  };
  const say = (text: string) => text.replace(/\w+$/, (name) => meanings[name] ?? name);
  const headers = authorization === undefined ? {} : { authorization: say(authorization) };
  const answer = await postReport(service, { ...usage, providerkey: say(providerkey) }, headers);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
  const keys = [acme, other, disabled].map(({ partnerKey }) => partnerKey);
  const stored = (await store.listReports({ limit: 100 })).map(({ partnerKey }) => partnerKey);
  expect(stored.filter((key) => keys.includes(key))).toEqual(status === 201 ? [acme.partnerKey] : []);
});
