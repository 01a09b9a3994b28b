import { areSameAmounts, parseCurrency } from '../wire/money.ts';
import { trackingPath } from '../wire/paths.ts';
import { toComparedText } from '../wire/text.ts';
import { read, textAt } from './devTools.ts';
import type { Finding } from './findings.ts';
import { escapeAttribute } from './tags.ts';

/** What a page says of a purchase or signup, as it sends it. */
export type PageCopy = ReadonlyMap<string, string>;

/** What the marketplace has, read with the provider's secret. */
export interface Account {
  baseUrl: string;
  secret: string;
}

const patienceMs = 10_000;

/** Compares what a page reports with what the provider's own server has reported of the same order. */
export async function compareCopies(copy: PageCopy, account: Account): Promise<Finding[]> {
  const order = copy.get('orderId');
  const customer = copy.get('customerId');
  const byOrder = order ? await list(account, { orderId: order }) : [];
  if (!Array.isArray(byOrder)) return [byOrder];
  const row = byOrder.find(isProven);
  if (row) return compare(copy, row, order ?? '');
  const byCustomer = customer ? await list(account, { customerId: customer }) : [];
  if (!Array.isArray(byCustomer)) return [byCustomer];
  const event = copy.get('event') ?? 'purchase';
  const other = byCustomer.find((one) => isProven(one) && textAt(one, 'event') === event);
  // A signup is one for each customer, whatever order stands beside it.
  if (other && event === 'signup') return compare(copy, other, '');
  const otherOrder = textAt(other, 'orderId');
  if (other && otherOrder !== order) {
    const sentence = `The page reports customer ${customer} ${order ? `with order ${order}` : 'without an order id'}, and your server ${otherOrder ? `with order ${otherOrder}` : 'without one'}: if that is the same purchase, it counts twice. Let both name the same order id.`;
    return [
      {
        code: 'copy-key-differs',
        sentence,
        ...(otherOrder && { change: writeAttribute('data-order-id', otherOrder) }),
      },
    ];
  }
  if (other) return compare(copy, other, '');
  const what = order ? `order ${order}` : `customer ${customer ?? 'without id'}`;
  const sentence = `Your server has reported nothing of ${what}: only the page reports it, and a page proves little. If your server reports it later, look again then.`;
  const said = Object.fromEntries(
    ['serviceName', 'customerId', 'orderId'].map((name) => [name, copy.get(name) ?? '']),
  );
  const change = `await onramp.trackPurchase(${JSON.stringify(said)});`;
  return [{ code: 'copy-missing', sentence, change }];
}

function writeAttribute(name: string, value: string): string {
  return `${name}="${escapeAttribute(value)}"`;
}

/** Whether the provider's server has a part in the row. */
function isProven(row: unknown): boolean {
  return textAt(row, 'trust') === 'server';
}

function compare(copy: PageCopy, row: unknown, order: string): Finding[] {
  const findings: Finding[] = [];
  const whose = order ? `order ${order}` : 'this customer';
  // A field that a page has filled in says nothing of the server's copy.
  const said = (name: string) => (textAt(row, 'levels', name) === 'server' ? textAt(row, name) : undefined);
  const differ = (name: string) => {
    const own = copy.get(name);
    const other = said(name);
    return own && other && toComparedText(own) !== toComparedText(other) ? { own, other } : undefined;
  };
  const customer = differ('customerId');
  if (customer) {
    const sentence = `Of ${whose} the page says customer ${customer.own}, and your server customer ${customer.other}. Let both name the same one, best your own.`;
    findings.push({
      code: 'copy-customer-differs',
      sentence,
      change: writeAttribute('data-customer-id', customer.other),
    });
  }
  const service = differ('serviceName');
  if (service) {
    const sentence = `Of ${whose} the page says service "${service.own}", and your server "${service.other}": written differently, they are two services.`;
    findings.push({
      code: 'copy-service-differs',
      sentence,
      change: writeAttribute('data-service-name', service.other),
    });
  }
  const amount = { own: copy.get('amount'), other: said('amount') };
  const currency = { own: copy.get('currency'), other: said('currency') };
  const isOtherAmount = amount.own && amount.other && !areSameAmounts(amount.own, amount.other);
  const isOtherCurrency =
    currency.own && currency.other && parseCurrency(currency.own) !== parseCurrency(currency.other);
  if (isOtherAmount || isOtherCurrency) {
    const sentence = `Of ${whose} the page says ${amount.own ?? ''} ${currency.own ?? ''}, and your server ${amount.other ?? ''} ${currency.other ?? ''}. Your server's counts; let both name the gross amount in major units, as 49.90.`;
    const change = [
      ...(amount.other ? [writeAttribute('data-amount', amount.other)] : []),
      ...(currency.other ? [writeAttribute('data-currency', currency.other)] : []),
    ].join(' ');
    findings.push({ code: 'copy-amount-differs', sentence, change });
  }
  return findings;
}

/** The provider's rows, or why they can't be read. */
async function list(
  { baseUrl, secret }: Account,
  filters: Record<string, string>,
): Promise<unknown[] | Finding> {
  const address = `${baseUrl}${trackingPath}?${new URLSearchParams(filters)}`;
  try {
    const response = await fetch(address, {
      headers: { authorization: `Bearer ${secret}` },
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMs),
    });
    if (response.status === 401 || response.status === 403) {
      const sentence =
        'The marketplace does not take the secret in ONRAMP_SECRET, so nothing could be compared.';
      return { code: 'secret-refused', sentence };
    }
    const items = read(await response.json(), 'items');
    if (Array.isArray(items)) return items;
  } catch {
    // As where something else answers.
  }
  const sentence = 'At ONRAMP_BASE_URL the marketplace’s lists cannot be read, so nothing could be compared.';
  return { code: 'endpoint-unreachable', sentence };
}
