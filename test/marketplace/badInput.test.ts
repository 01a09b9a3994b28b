import { describe, expect } from 'vitest';
import { purchase } from './support/purchase.ts';
import { startMs } from './support/service.ts';
import { test } from './support/test.ts';

const form = 'application/x-www-form-urlencoded';
const json = JSON.stringify(purchase);

test.for<[string, BodyInit, string, number, string]>([
  ['nothing', '', 'application/json', 400, 'not_an_object'],
  ['an empty form', '', form, 400, 'not_an_object'],
  ['white space', ' \n ', 'application/json', 400, 'not_an_object'],
  ['an array', `[${json}]`, 'application/json', 400, 'not_an_object'],
  ['a number', '42', 'application/json', 400, 'not_an_object'],
  ['null', 'null', 'application/json', 400, 'not_an_object'],
  ['half of an object', json.slice(0, -5), 'application/json', 400, 'unreadable'],
  ['an array that calls itself a form', '[]', form, 400, 'not_an_object'],
  [
    'a form that calls itself JSON',
    new URLSearchParams(purchase).toString(),
    'application/json',
    400,
    'not_an_object',
  ],
  [
    'broken UTF-8',
    Buffer.from([...Buffer.from('{"partnerKey":"pk_'), 0xc3, 0x28]),
    'application/json',
    400,
    'unreadable',
  ],
  ['an empty object', '{}', 'application/json', 400, 'invalid_fields'],
  ['a body of 16 KiB', ' '.repeat(16_384), 'application/json', 400, 'not_an_object'],
  ['a body over 16 KiB', ' '.repeat(16_385), 'application/json', 413, 'too_large'],
  ['a body of 1 MB', '{'.repeat(1_000_000), 'application/json', 413, 'too_large'],
  ['deep nesting', '['.repeat(16_000), 'application/json', 400, 'unreadable'],
])(
  '%s is answered, and the service lives on',
  async ([_name, body, contentType, status, code], { acme, service }) => {
    const answer = await service.postRaw(body, contentType);
    expect(answer).toMatchObject({ status, body: { type: `urn:onramp:problem:${code}`, status } });
    expect(answer.body.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(await acme.post(purchase)).toMatchObject({ status: 201 });
  },
);

test('a stray percent sign is one', async ({ acme }) => {
  const fields = new URLSearchParams({ ...purchase, customerId: '' });
  await acme.postRaw(`${fields}&orderId=1`.replace('customerId=', 'customerId=100%+%zz+M%C3%BCller'), form);
  expect(await acme.rows()).toMatchObject([{ customerId: '100% %zz Müller' }]);
});

test('a chunked body over 16 KiB is answered as well', async ({ service }) => {
  const chunks = new ReadableStream({
    start(controller) {
      for (let count = 0; count < 40; count++) controller.enqueue(Buffer.alloc(1_000, ' '));
      controller.close();
    },
  });
  const init = { method: 'POST', body: chunks, duplex: 'half' };
  expect(await service.send('/api/SaasTrackings', init)).toMatchObject({ status: 413 });
});

test.for<[string, object, string, string, RegExp]>([
  ['no customer', { customerId: null }, '/customerId', 'required', /required/],
  ['a customer that is an object', { customerId: {} }, '/customerId', 'wrong_type', /text/],
  ['a customer that is true', { customerId: true }, '/customerId', 'wrong_type', /text/],
  ['a name too long', { serviceName: 'x'.repeat(201) }, '/serviceName', 'too_long', /200/],
  ['an order id too long', { orderId: 'x'.repeat(201) }, '/orderId', 'too_long', /200/],
  ['an order id that is a list', { orderId: ['7'] }, '/orderId', 'wrong_type', /text/],
  ['an unknown event', { event: 'sale' }, '/event', 'invalid', /purchase, signup, visit/],
  ['a partner key with spaces', { partnerKey: 'pk acme' }, '/partnerKey', 'invalid', /letters/],
  ['a partner key too long', { partnerKey: 'k'.repeat(129) }, '/partnerKey', 'too_long', /128/],
  ['February 30th', { purchasedAt: '2017-02-30' }, '/purchasedAt', 'invalid', /ISO 8601/],
  ['a time that is none', { purchasedAt: 'March 7' }, '/purchasedAt', 'invalid', /ISO 8601/],
  ['a time that is true', { purchasedAt: true }, '/purchasedAt', 'wrong_type', /text/],
  ['seconds', { purchasedAt: 1_488_362_400 }, '/purchasedAt', 'out_of_range', /multiply by 1000/],
  ['seconds as text', { purchasedAt: '1488362400' }, '/purchasedAt', 'out_of_range', /multiply by 1000/],
  ['before 2000', { purchasedAt: '1999-12-31T23:59:59Z' }, '/purchasedAt', 'out_of_range', /2000/],
  ['more than a day ahead', { purchasedAt: startMs + 86_400_001 }, '/purchasedAt', 'out_of_range', /a day/],
])('%s', async ([_name, fields, pointer, code, detail], { acme }) => {
  expect(await acme.post({ ...purchase, ...fields })).toMatchObject({
    status: 400,
    body: { errors: [{ pointer, code, detail: expect.stringMatching(detail) }] },
  });
});

describe('what a template left unfilled is no name of anything', () => {
  const leftovers = [
    'undefined',
    ' null\n',
    'None',
    'NaN',
    '[object Object]',
    '{{ user.id }}',
    '<%= id %>',
    `\${id}`,
  ];
  test.for(['serviceName', 'customerId', 'orderId'])('%s', async (name, { acme }) => {
    for (const text of leftovers) {
      const detail = `${name} is ${JSON.stringify(text.trim())}: a template that was not filled in`;
      const errors = [
        { pointer: `/${name}`, code: 'not_filled_in', detail: expect.stringContaining(detail) },
      ];
      expect(await acme.post({ ...purchase, [name]: text })).toMatchObject({
        status: 400,
        body: { errors },
      });
      expect(await acme.rejections('?limit=1')).toMatchObject([{ errors, [name]: text }]);
    }
    expect(await acme.rows()).toEqual([]);
    for (const text of ['Undefined Ltd', 'nullify', '{id}', '$5', '#1']) {
      expect(await acme.post({ ...purchase, [name]: text })).toMatchObject({ status: 201 });
    }
  });

  test('a visit goes without it', async ({ acme }) => {
    const visit = { partnerKey: 'pk_acme', event: 'visit', serviceName: 'undefined' };
    expect(await acme.post(visit)).toMatchObject({ status: 201, body: { ignored: ['serviceName'] } });
  });

  test('a secret in it is neither answered nor kept', async ({ acme }) => {
    const mac = 'm'.repeat(43);
    const { body } = await acme.post({
      ...purchase,
      customerId: `{{ ${acme.secret} }}`,
      orderId: `{{ ${acme.keyId}.1.${mac} }}`,
    });
    const shown = JSON.stringify([body, await acme.rejections()]);
    expect(shown).toContain('{{ (secret left out) }}');
    expect(shown).toContain(`{{ ${acme.keyId}.1.(mac left out) }}`);
    expect(shown).not.toContain(acme.secret);
    expect(shown).not.toContain(mac);
  });
});

test('all wrong fields are named at once', async ({ service }) => {
  const { body } = await service.post({
    event: 'sale',
    customerId: {},
    orderId: false,
    purchasedAt: 'soon',
  });
  const errors = body.errors as { pointer: string }[];
  expect(errors.map(({ pointer }) => pointer)).toEqual([
    '/partnerKey',
    '/event',
    '/serviceName',
    '/customerId',
    '/orderId',
    '/purchasedAt',
  ]);
});
