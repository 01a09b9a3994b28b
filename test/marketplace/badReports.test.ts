import { expect } from 'vitest';
import type { Fields } from './support/service.ts';
import { postReport, usage } from './support/subscription.ts';
import { test } from './support/test.ts';

const secret = `os_aaaaaaaa_${'A'.repeat(43)}`;
const seconds = /milliseconds/;

test.for<[string, Fields, string, string, RegExp]>([
  ['no customer', { coid: undefined }, '/coid', 'required', /coid is required/],
  ['an empty customer', { coid: '' }, '/coid', 'required', /coid is required/],
  ['a customer of null', { coid: null }, '/coid', 'required', /coid is required/],
  ['a customer that is an object', { coid: {} }, '/coid', 'wrong_type', /text/],
  ['a customer that is true', { coid: true }, '/coid', 'wrong_type', /text/],
  ['a customer too long', { coid: 'x'.repeat(201) }, '/coid', 'too_long', /200/],
  ['a secret for a customer', { coid: `x${secret}` }, '/coid', 'secret', /providerkey/],
  ['no product', { sku: undefined }, '/sku', 'required', /sku is required/],
  ['a product that is a list', { sku: ['crm'] }, '/sku', 'wrong_type', /text/],
  ['a product too long', { sku: 'x'.repeat(201) }, '/sku', 'too_long', /200/],
  ['a secret for a product', { sku: secret }, '/sku', 'secret', /providerkey/],
  ['no expired', { expired: undefined }, '/expired', 'required', /expired is required/],
  ['an empty expired', { expired: '' }, '/expired', 'required', /expired is required/],
  ['yes', { expired: 'yes' }, '/expired', 'invalid', /true or false/],
  ['2 for true', { expired: 2 }, '/expired', 'invalid', /true or false/],
  ['an expired that is a list', { expired: [1] }, '/expired', 'wrong_type', /true or false/],
  ['an end without date', { expired: true }, '/expired-date', 'required', /when expired is true/],
  [
    'an end of an empty date',
    { expired: 'true', 'expired-date': '' },
    '/expired-date',
    'required',
    /when expired is true/,
  ],
  ['March 7', { expired: true, 'expired-date': 'March 7' }, '/expired-date', 'invalid', /ISO 8601/],
  ['03/07/2017', { expired: true, 'expired-date': '03/07/2017' }, '/expired-date', 'invalid', /ISO 8601/],
  ['February 30th', { expired: true, 'expired-date': '2017-02-30' }, '/expired-date', 'invalid', /ISO 8601/],
  ['a date that is true', { expired: true, 'expired-date': true }, '/expired-date', 'wrong_type', /text/],
  ['seconds', { expired: true, 'expired-date': 1_488_362_400 }, '/expired-date', 'out_of_range', seconds],
  ['1999', { expired: true, 'expired-date': '1999-12-31' }, '/expired-date', 'out_of_range', /2000/],
  ['2100', { expired: true, 'expired-date': '2100-01-01' }, '/expired-date', 'out_of_range', /2100/],
  ['a negative count', { count: -1 }, '/count', 'invalid', /0 or more/],
  ['a negative count as text', { count: '-0.5' }, '/count', 'invalid', /0 or more/],
  ['a word for a count', { count: 'many' }, '/count', 'invalid', /0 or more/],
  ['a count with a comma', { count: '1,000' }, '/count', 'invalid', /0 or more/],
  ['a count that may be two', { count: '1.000' }, '/count', 'invalid', /send 1000 .*, 1\.0000/],
  ['a count with an exponent', { count: '1e3' }, '/count', 'invalid', /0 or more/],
  ['a count of 16 digits', { count: '1'.repeat(16) }, '/count', 'invalid', /15 digits/],
  ['a count of 10 decimals', { count: '0.0123456789' }, '/count', 'invalid', /9 after/],
  ['a count that is a list', { count: [1] }, '/count', 'wrong_type', /number/],
  ['a period that is a date', { period: '2026-05-01' }, '/period', 'invalid', /YYYY-MM/],
  ['a 13th month', { period: '2026-13' }, '/period', 'invalid', /YYYY-MM/],
  ['a month without zero', { period: '2026-5' }, '/period', 'invalid', /YYYY-MM/],
  ['a period before 2000', { period: '1999-12' }, '/period', 'out_of_range', /2000-01/],
  ['a period too far ahead', { period: '2026-07' }, '/period', 'out_of_range', /2026-06/],
  ['no providerkey', { providerkey: '' }, '/providerkey', 'required', /providerkey is required/],
  ['a providerkey that is an object', { providerkey: {} }, '/providerkey', 'wrong_type', /text/],
  ['a providerkey too long', { providerkey: 'k'.repeat(129) }, '/providerkey', 'too_long', /128/],
])('%s', async ([_name, elements, pointer, code, detail], { acme }) => {
  const answer = await acme.report(elements);
  expect(answer).toMatchObject({
    status: 400,
    body: {
      type: 'urn:onramp:problem:invalid_fields',
      detail: expect.stringMatching(detail),
      errors: [{ pointer, code, detail: expect.stringMatching(detail) }],
    },
  });
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(JSON.stringify(answer.body)).not.toContain('AAAA');
  expect(await acme.reports()).toEqual([]);
});

test.for([
  ['the first period', '2000-01'],
  ['the month after this one', '2026-06'],
])('%s is taken', async ([_name, period], { acme }) => {
  expect(await acme.report({ period })).toMatchObject({ status: 201, body: { period } });
});

test('in December the month after this one is January', async ({ acme, service }) => {
  service.time.now = Date.parse('2026-12-31T12:00:00Z');
  expect(await acme.report({ period: '2027-01' })).toMatchObject({ status: 201 });
  expect(await acme.report({ period: '2027-02' })).toMatchObject({ status: 400 });
});

test('the longest ids are taken, counted in characters', async ({ acme }) => {
  const coid = '😀'.repeat(200);
  expect(await acme.report({ coid, sku: 'x'.repeat(200) })).toMatchObject({ status: 201 });
  expect(await acme.reports()).toMatchObject([{ coid }]);
});

test('all missing elements are named at once', async ({ service }) => {
  const { status, body } = await postReport(service, {});
  expect({ status, errors: body.errors }).toEqual({
    status: 400,
    errors: [
      { pointer: '/coid', code: 'required', detail: 'coid is required' },
      { pointer: '/expired', code: 'required', detail: 'expired is required' },
      { pointer: '/sku', code: 'required', detail: 'sku is required' },
      { pointer: '/providerkey', code: 'required', detail: 'providerkey is required' },
    ],
  });
});

test('all wrong elements are named at once', async ({ acme }) => {
  const { body } = await acme.report({ coid: {}, expired: 'true', sku: '', count: -1, period: 'May' });
  const errors = body.errors as { pointer: string }[];
  expect(errors.map(({ pointer }) => pointer)).toEqual([
    '/coid',
    '/expired-date',
    '/sku',
    '/count',
    '/period',
  ]);
});

test('who proves nothing is told that first', async ({ acme }) => {
  expect(await acme.report({ providerkey: 'pk_acme', coid: '' })).toMatchObject({ status: 401 });
});

test.for<[string, BodyInit, number, string]>([
  ['nothing', '', 400, 'not_an_object'],
  ['an array', `[${JSON.stringify(usage)}]`, 400, 'not_an_object'],
  ['a number', '42', 400, 'not_an_object'],
  ['half of an object', '{"coid":', 400, 'unreadable'],
  ["the article's own example, which is no JSON", `{"coid": '', "expired": ''}`, 400, 'unreadable'],
  ['a body over 16 KiB', ' '.repeat(16_385), 413, 'too_large'],
])('%s is answered, and the service lives on', async ([_name, body, status, code], { acme, service }) => {
  const headers = { 'content-type': 'application/json' };
  expect(await service.send('/update-subscription/', { method: 'POST', headers, body })).toMatchObject({
    status,
    body: { type: `urn:onramp:problem:${code}`, status },
  });
  expect(await acme.report({})).toMatchObject({ status: 201 });
});

test.for(['GET', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('%s is 405', async (method, { service }) => {
  for (const path of ['/update-subscription/', '/update-subscriptions']) {
    const answer = await service.send(path, { method });
    expect(answer).toMatchObject({ status: 405 });
    expect(answer.headers.get('allow')).toBe('POST');
  }
});
