import type { Level } from '../../wire/fields.ts';
import { orderKey, purchaseKey, refundKey, signupKey, visitKey } from '../../wire/key.ts';
import { parseAmount } from '../../wire/money.ts';
import { toComparedText } from '../../wire/text.ts';
import { digest } from '../ledger/hash.ts';
import {
  type Details,
  type IgnoredFields,
  identityDetails,
  identityNames,
  isPayment,
  isProven,
  type Part,
  type Spelling,
  type Via,
} from '../ledger/tracking.ts';
import type { TrackingEntry } from '../store/trackingStatements.ts';
import type { Message } from './message.ts';

export interface Acceptance {
  id: string;
  providerId: number;
  message: Message;
  via: Via;
  receivedAt: number;
  /** The level of what carried the message. */
  carrier: Level;
  /** When a signature was made that vouches for what it covers, in epoch milliseconds; undefined where there is none. */
  signedAt: number | undefined;
  isBot: boolean;
  ignored: IgnoredFields;
}

/** An accepted message as the ledger takes it. */
export function trackingEntry(acceptance: Acceptance): TrackingEntry {
  const { id, providerId, message, via, receivedAt, isBot, ignored, carrier, signedAt } = acceptance;
  const { event, partnerKey } = message;
  const identity = comparedIdentity(message);
  const { serviceName, customerId, orderId } = identity;
  const key = keyOf(acceptance, identity);
  const detail = identityDetails[event];
  const orderHash =
    event !== 'signup' && orderId !== undefined && serviceName !== undefined
      ? digest(orderKey(partnerKey, serviceName, orderId))
      : undefined;
  const spelling = spellingOf(message, identity);
  return {
    kind: 'tracking',
    id,
    event,
    providerId,
    key: key === undefined ? undefined : digest(key),
    order:
      isPayment(event) && orderHash
        ? { key: orderHash, isProven: signedAt !== undefined || isProven(carrier) }
        : undefined,
    refundedOrder: event === 'refund' ? orderHash : undefined,
    stamped: event === 'purchase' && message.stamped && orderId === undefined,
    serviceName,
    customerId,
    orderId,
    ...(detail && { [detail]: undefined }),
    copy: {
      via,
      receivedAt,
      isBot,
      parts: partsOf(acceptance, detail && identity[detail] ? { [detail]: identity[detail] } : {}),
      ...(spelling && { spelling }),
      ...(Object.keys(ignored).length > 0 && { ignored }),
    },
  };
}

type Identity = Pick<Message, 'serviceName' | 'customerId' | 'orderId'>;

function comparedIdentity({ serviceName, customerId, orderId }: Message): Identity {
  return {
    serviceName: serviceName && toComparedText(serviceName),
    customerId: customerId && toComparedText(customerId),
    orderId: orderId && toComparedText(orderId),
  };
}

function spellingOf(message: Message, compared: Identity): Spelling | undefined {
  const others = identityNames.filter((name) => message[name] !== compared[name]);
  if (others.length === 0) return undefined;
  return Object.fromEntries(others.map((name) => [name, message[name]]));
}

function keyOf(acceptance: Acceptance, identity: Identity): string | undefined {
  const { event, partnerKey, sentPurchasedAt, stamped, details } = acceptance.message;
  if (event === 'visit') {
    const { referral, landedAt } = details;
    return referral && landedAt !== undefined ? visitKey(partnerKey, referral, landedAt) : undefined;
  }
  const { serviceName, customerId, orderId } = identity;
  if (serviceName === undefined || customerId === undefined || sentPurchasedAt === undefined)
    return undefined;
  if (event === 'signup') return signupKey(partnerKey, serviceName, customerId);
  const payment = { partnerKey, serviceName, customerId, purchasedAtMs: sentPurchasedAt };
  if (event === 'refund') {
    const { amount = '', currency = '' } = details;
    return refundKey({ ...payment, orderId: orderId ?? '', amount: parseAmount(amount) ?? '', currency });
  }
  const purchasedAtMs = signedTime(acceptance) ?? sentPurchasedAt;
  return purchaseKey({ ...payment, orderId, purchasedAtMs, stamped });
}

/**
 * The time of a purchase that nothing but the browser's clock tells from others: that of its signature, where it has
 * one. Else one signature would be a new purchase with each clock that it is sent with.
 */
function signedTime({ message, signedAt }: Acceptance): number | undefined {
  return message.stamped && message.orderId === undefined ? signedAt : undefined;
}

/** A signature covers neither the referral and the page nor a time that the browser stamped. */
function partsOf(acceptance: Acceptance, identityDetail: Details): Part[] {
  const { message, carrier, signedAt } = acceptance;
  if (signedAt === undefined) return [{ trust: carrier, details: { ...message.details, ...identityDetail } }];
  const { amount, currency, purchasedAt, ...carried } = message.details;
  const signed: Details = { ...(amount && { amount }), ...(currency && { currency }) };
  const provenTime = message.stamped ? signedTime(acceptance) : purchasedAt;
  if (provenTime !== undefined) signed.purchasedAt = provenTime;
  else if (purchasedAt !== undefined) Object.assign(carried, { purchasedAt });
  const parts: Part[] = [
    { trust: 'signed', details: signed },
    { trust: carrier, details: carried },
  ];
  return parts.filter(({ trust, details }) => trust === 'signed' || Object.keys(details).length > 0);
}
