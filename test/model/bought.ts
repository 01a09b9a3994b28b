import type { Row } from '../support/ledger.ts';
import type { Bought } from './actions.ts';

const serviceName = 'Acme CRM';
const times = { a: '2024-03-01T10:00:00.000Z', b: '2024-03-01T10:00:00.001Z' };
const amounts = { a: '49.9', b: '5' };

/** What the page gives to onrampTrack. The browser's time is a number, the server's a text: they are the same. */
export function fieldsOf({ by, name }: Bought) {
  const amount = { amount: amounts[name], currency: 'EUR' };
  if (by === 'order') return { serviceName, customerId: '42', orderId: `o-${name}`, ...amount };
  if (by === 'time')
    return { serviceName, customerId: '42', purchasedAt: Date.parse(times[name]), ...amount };
  if (by === 'signup') return { event: 'signup' as const, serviceName, customerId: `trial-${name}` };
  return { serviceName, customerId: `only-${name}`, ...amount };
}

/** What the provider's server says of it. Of a purchase by its customer alone it can't say the same. */
export function serverFieldsOf(bought: Bought) {
  return { ...fieldsOf(bought), purchasedAt: bought.by === 'time' ? times[bought.name] : Date.now() };
}

/**
 * The contract's key in short: order id, or else the time that was given, or else the customer, for 24 hours; of a signup
 * the customer, for ever.
 */
export function keyOf({ by, name }: Bought): string {
  return `${by} ${name}`;
}

/** The key of a row of the ledger; a row that is none of ours has a key that no purchase has. */
export function keyOfRow({ event, orderId, customerId, purchasedAt }: Row): string {
  if (event === 'signup') return `signup ${String(customerId).slice(6)}`;
  if (orderId) return `order ${String(orderId).slice(2)}`;
  const name = (['a', 'b'] as const).find((known) => times[known] === purchasedAt);
  if (name) return `time ${name}`;
  return `customer ${String(customerId).slice(5)}`;
}

/** The fields that a row has to have whoever reported it. */
export function rowOf({ by, name }: Bought): Row {
  if (by === 'signup') return { serviceName, customerId: `trial-${name}` };
  return {
    serviceName,
    customerId: by === 'customer' ? `only-${name}` : '42',
    ...(by === 'order' && { orderId: `o-${name}` }),
    amount: amounts[name],
    currency: 'EUR',
  };
}
