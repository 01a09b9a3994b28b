import { expect, test } from 'vitest';
import type { Fields } from '../marketplace/support/service.ts';
import { diagnose, openClinic } from './support/clinic.ts';

const { site, provider, baseUrl, tag } = await openClinic();
const env = { ONRAMP_BASE_URL: `${baseUrl}/`, ONRAMP_SECRET: provider.secret };
const page = site.page('/signup', tag());

/** What the doctor says to a thank-you page with these attributes. */
function compare(attributes: string, environment: Record<string, string> = env) {
  // Of an attribute that stands twice, the first counts.
  const thankYou = site.page('/thanks', tag().replace('async', `async data-track="purchase" ${attributes}`));
  return diagnose(['--no-browser', page, '--thank-you', thankYou], environment);
}

async function report(fields: Fields) {
  const purchase = {
    partnerKey: 'pk_acme',
    serviceName: 'Acme CRM',
    purchasedAt: '2026-05-04T10:00:00Z',
    ...fields,
  };
  await provider.post(purchase, { authorization: `Bearer ${provider.secret}` });
}

await report({ customerId: '42', orderId: 'A-1', amount: '49.90', currency: 'EUR' });
await report({ customerId: 'cus_9', orderId: 'A-2' });

test.each([
  ['the same', 'data-customer-id="42" data-order-id="A-1" data-amount="49.9" data-currency="eur"'],
  ['less', 'data-customer-id=" 42 " data-order-id="A-1"'],
])('page and server that say %s are fine', async (_what, attributes) => {
  expect((await compare(attributes)).findings).toEqual([]);
});

test.each([
  ['copy-customer-differs', 'data-customer-id="42" data-order-id="A-2"', 'data-customer-id="cus_9"'],
  [
    'copy-service-differs',
    'data-customer-id="42" data-order-id="A-1" data-service-name="acme"',
    'data-service-name="Acme CRM"',
  ],
  [
    'copy-amount-differs',
    'data-customer-id="42" data-order-id="A-1" data-amount="4990" data-currency="EUR"',
    'data-amount="49.90" data-currency="EUR"',
  ],
  [
    'copy-amount-differs',
    'data-customer-id="42" data-order-id="A-1" data-amount="49.90" data-currency="USD"',
    'data-amount="49.90" data-currency="EUR"',
  ],
  ['copy-key-differs', 'data-customer-id="42" data-order-id="1"', 'data-order-id="A-1"'],
  [
    'copy-missing',
    'data-customer-id="43" data-order-id="A-3"',
    expect.stringContaining('"customerId":"43","orderId":"A-3"'),
  ],
])('%s', async (code, attributes, change) => {
  const { findings } = await compare(attributes);
  expect(findings).toMatchObject([{ code, change }]);
});

test('what the page reports is told', async () => {
  const { reported } = await compare('data-customer-id="42" data-order-id="A-1" data-amount="49.90"');
  const shown = { serviceName: 'Acme CRM', customerId: '42', orderId: 'A-1', amount: '49.90' };
  expect(reported).toEqual([{ event: 'purchase', ...shown }]);
});

test('secret-refused', async () => {
  const { codes } = await compare('data-customer-id="42" data-order-id="A-1"', {
    ...env,
    ONRAMP_SECRET: 'os_1_wrong',
  });
  expect(codes).toEqual(['secret-refused']);
});

test('base-url-differs', async () => {
  const other = { ...env, ONRAMP_BASE_URL: baseUrl.replace('127.0.0.1', 'localhost') };
  const { codes } = await compare('data-customer-id="42" data-order-id="A-1"', other);
  expect(codes).toContain('base-url-differs');
});
