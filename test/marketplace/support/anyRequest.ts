import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { anyText } from '../../support/anyText.ts';

/** A request that some program might send. */
export interface AnyRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** What the service knows, so that requests get past the first check. */
export interface Known {
  partnerKey: string;
  secret: string;
}

/** What a right message of each kind says; the request may change any of it. */
const rightFields = {
  tracking: {
    event: 'purchase',
    serviceName: 'Acme CRM',
    customerId: '42',
    purchasedAt: '2026-05-04T12:00:00Z',
    clock: '',
    orderId: 'A-1',
    amount: '49.90',
    currency: 'EUR',
    referral: 'r',
    referralSource: 'param',
    landedAt: 1,
    page: 'https://acme.example/',
    sig: '',
  },
  report: { coid: '42', expired: false, 'expired-date': '', sku: 'crm', count: 1, period: '2026-05' },
  order: { order: 'nkuqSUqnfNEoIbyqaopUJA', name: 'Ann', email: 'ann@example.com', phone: '' },
};
const intakes = [
  '/api/SaasTrackings',
  '/api/SaasTrackings.gif',
  '/update-subscription/',
  '/update-subscriptions',
  '/order/acme',
];
const others = [
  '/api/SaasTrackings/',
  '/orders/nkuqSUqnfNEoIbyqaopUJA',
  '/go/acme',
  '/api/rejections',
  '/api/clicks',
  '/api/subscriptions',
  '/api/subscriptions/reports',
  '/api/orders',
  '/onramp.js',
  '/logos/x',
  '/livez',
  '/readyz',
];

/** Requests of every kind: right ones, ones that are wrong in a detail, and noise. */
export function anyRequest({ partnerKey, secret }: Known): fc.Arbitrary<AnyRequest> {
  const likely = fc.constantFrom<unknown>(
    partnerKey,
    'Acme CRM',
    '42',
    42,
    'purchase',
    'signup',
    'visit',
    '2026-05-04T12:00:00Z',
    Date.now(),
    '49.90',
    'EUR',
    true,
    'false',
    '2026-05',
    'k.1.mac',
    'param',
    null,
    '',
    0,
    -1,
    1e308,
    Number.MAX_SAFE_INTEGER,
  );
  const value = fc.oneof(
    { weight: 6, arbitrary: likely },
    { weight: 2, arbitrary: anyText(400) },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  );
  const fields = fc.constantFrom(...Object.values(rightFields)).chain((right) => {
    const name = fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom(...Object.keys(right)) },
      { weight: 1, arbitrary: fc.constantFrom('partnerKey', 'providerkey', '__proto__', 'toString') },
      { weight: 1, arbitrary: anyText(20) },
    );
    return fc
      .dictionary(name, value, { maxKeys: 3 })
      .map((changes) => ({ partnerKey, providerkey: secret, ...right, ...changes }));
  });
  const form = (given: Record<string, unknown>) =>
    new URLSearchParams(
      Object.entries(given).map(([name, it]): [string, string] => [
        name,
        typeof it === 'string' ? it : JSON.stringify(it),
      ]),
    ).toString();
  const body = fc.oneof(
    { weight: 5, arbitrary: fields.map((it) => Buffer.from(JSON.stringify(it))) },
    { weight: 3, arbitrary: fields.map((it) => Buffer.from(form(it))) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((it) => Buffer.from(it)) },
    { weight: 1, arbitrary: fc.json().map((it) => Buffer.from(it)) },
    { weight: 1, arbitrary: fields.map((it) => gzipSync(JSON.stringify(it))) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(Buffer.alloc(0), Buffer.alloc(17 * 1024, 'x'), Buffer.from('[[[[')),
    },
  );
  const headerText = fc.oneof(
    fc.constantFrom(
      'application/json',
      'application/x-www-form-urlencoded',
      'application/x-www-form-urlencoded',
      'application/x-www-form-urlencoded',
      'text/plain;charset=UTF-8',
      'multipart/form-data; boundary=x',
      'gzip',
      `Bearer ${secret}`,
      'Bearer ',
      'Basic YTpi',
      'https://acme.example',
      'null',
      '42-2026-05',
    ),
    fc.string({ maxLength: 300 }).map((text) => text.replace(/[^ -~]/g, '')),
  );
  const headers = fc.dictionary(
    fc.constantFrom(
      'content-type',
      'content-encoding',
      'authorization',
      'origin',
      'referer',
      'idempotency-key',
      'x-forwarded-for',
      'accept',
      'cookie',
      'sec-fetch-site',
    ),
    headerText,
    { maxKeys: 5 },
  );
  const query = fc.oneof(
    { weight: 3, arbitrary: fc.constant('') },
    { weight: 3, arbitrary: fields.map((it) => `?${form(it)}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        '?limit=1',
        '?limit=x&cursor=%zz',
        '?cursor=1',
        '?%',
        '?a=%FF',
        '?partnerKey=&partnerKey=2',
      ),
    },
  );
  const path = fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...intakes) },
    { weight: 6, arbitrary: fc.constantFrom(...others) },
    { weight: 1, arbitrary: anyText(60).map((text) => `/${encodeURIComponent(text.toWellFormed())}`) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('//', '/%zz', '/../etc', '/go/', '/go/%00', '/order/..%2f', '*'),
    },
  );
  return fc
    .record({
      method: fc.constantFrom(
        'POST',
        'POST',
        'POST',
        'GET',
        'GET',
        'HEAD',
        'OPTIONS',
        'PUT',
        'DELETE',
        'PATCH',
      ),
      path,
      query,
      headers,
      body,
    })
    .map(({ method, headers, body, ...address }) => ({
      method,
      path: address.path + address.query,
      headers,
      body: method === 'GET' || method === 'HEAD' ? Buffer.alloc(0) : body,
    }));
}
