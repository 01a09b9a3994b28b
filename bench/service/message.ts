import type { Way } from './plan.ts';

/** Providers of a ledger when it is new; what the many are compared with. */
export const fewProviders = 10;
export const manyProviders = 10_000;

/** What partner keys begin with; five digits of the provider's number follow, from 0. All messages are of one length. */
export const keyStart = 'pk_acme_';

export function partnerKeyOf(provider: number): string {
  return keyStart + String(provider).padStart(5, '0');
}

/** What is one purchase's own: a provider's key, eight digits of the customer, the order id. */
export interface Purchase {
  partnerKey: string;
  customer: string;
  orderId: string;
}

/** A purchase as a thank-you page sends it, as the text that goes over the wire. */
export function renderRequest(way: Way, purchase: Purchase): string {
  if (way === 'gif') return head(`GET /api/SaasTrackings.gif?${query(purchase)}`, []);
  const content = body(purchase);
  return (
    head('POST /api/SaasTrackings', [
      'Content-Type: application/json',
      // All that is sent is ASCII.
      `Content-Length: ${content.length}`,
    ]) + content
  );
}

function head(first: string, own: readonly string[]): string {
  return [
    `${first} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Origin: https://acme.example',
    'User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'Accept: */*',
    'Accept-Encoding: gzip, deflate',
    ...own,
    '\r\n',
  ].join('\r\n');
}

function body({ partnerKey, customer, orderId }: Purchase): string {
  return (
    `{"partnerKey":"${partnerKey}","serviceName":"Acme CRM","customerId":"customer-${customer}",` +
    `"orderId":"${orderId}","purchasedAt":"2026-03-01T10:00:00.000Z","amount":"49.90","currency":"EUR",` +
    '"referral":"r_8fJx2kQw9LmZ4tVb","referralSource":"param","landedAt":1772359200000,' +
    '"page":"https://acme.example/thank-you"}'
  );
}

function query({ partnerKey, customer, orderId }: Purchase): string {
  return (
    `partnerKey=${partnerKey}&serviceName=Acme%20CRM&customerId=customer-${customer}&orderId=${orderId}` +
    '&purchasedAt=2026-03-01T10%3A00%3A00.000Z&amount=49.90&currency=EUR' +
    '&referral=r_8fJx2kQw9LmZ4tVb&referralSource=param&landedAt=1772359200000' +
    '&page=https%3A%2F%2Facme.example%2Fthank-you'
  );
}

/** Digits of the number after the run's name in each order id. */
const numberDigits = 9;

/** The order id of the run's purchase with that number. */
export function orderIdOf(run: string, number: number): string {
  return run + String(number).padStart(numberDigits, '0');
}

/** Eight digits that come in no order, so that an index by customer is touched all over. */
export function customerOf(number: number): string {
  return (Math.imul(number, 2_654_435_761) >>> 0).toString(16).padStart(8, '0');
}

/** The same for load.lua, which fills it by string.format: the partner key, the customer as a number, the order id. */
export function requestFormat(way: Way, run: string): string {
  const example = { partnerKey: 'PARTNER_KEY_0', customer: 'CUSTOMER', orderId: orderIdOf(run, 0) };
  return renderRequest(way, example)
    .replaceAll('%', '%%')
    .replace(example.partnerKey, '%s')
    .replace(example.customer, '%08x')
    .replace(example.orderId, '%s');
}
