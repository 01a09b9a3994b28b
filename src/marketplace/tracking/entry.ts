import type { Level } from '../../wire/fields.ts';
import { purchaseKey, signupKey, visitKey } from '../../wire/key.ts';
import { digest } from '../ledger/hash.ts';
import type { Details, Part, Via } from '../ledger/tracking.ts';
import type { TrackingEntry } from '../store/trackings.ts';
import type { Message } from './message.ts';

export interface Acceptance {
  id: string;
  providerId: number;
  message: Message;
  via: Via;
  receivedAt: number;
  /** The level of what carried the message. */
  carrier: Level;
  /** Whether a signature vouches for what it covers. */
  isSigned: boolean;
  isBot: boolean;
}

/** An accepted message as the ledger takes it. */
export function trackingEntry(acceptance: Acceptance): TrackingEntry {
  const { id, providerId, message, via, receivedAt, isBot } = acceptance;
  const key = keyOf(message);
  return {
    kind: 'tracking',
    id,
    event: message.event,
    providerId,
    key: key === undefined ? undefined : digest(key),
    stamped: message.event === 'purchase' && message.stamped && message.orderId === undefined,
    serviceName: message.serviceName,
    customerId: message.customerId,
    orderId: message.orderId,
    copy: { via, receivedAt, isBot, parts: partsOf(acceptance) },
  };
}

function keyOf(message: Message): string | undefined {
  const { partnerKey, serviceName, customerId, orderId, sentPurchasedAt, stamped, details } = message;
  if (message.event === 'visit') {
    const { referral, landedAt } = details;
    return referral && landedAt !== undefined ? visitKey(partnerKey, referral, landedAt) : undefined;
  }
  if (serviceName === undefined || customerId === undefined || sentPurchasedAt === undefined)
    return undefined;
  if (message.event === 'signup') return signupKey(partnerKey, serviceName, customerId);
  return purchaseKey({
    partnerKey,
    serviceName,
    customerId,
    orderId,
    purchasedAtMs: sentPurchasedAt,
    stamped,
  });
}

/** A signature covers neither the referral and the page nor a time that the browser stamped. */
function partsOf({ message, carrier, isSigned }: Acceptance): Part[] {
  if (!isSigned) return [{ trust: carrier, details: message.details }];
  const { amount, currency, purchasedAt, ...carried } = message.details;
  const signed: Details = { ...(amount && { amount }), ...(currency && { currency }) };
  const time: Details = purchasedAt === undefined ? {} : { purchasedAt };
  const parts: Part[] = message.stamped
    ? [
        { trust: 'signed', details: signed },
        { trust: carrier, details: { ...time, ...carried } },
      ]
    : [
        { trust: 'signed', details: { ...signed, ...time } },
        { trust: carrier, details: carried },
      ];
  return parts.filter(({ trust, details }) => trust === 'signed' || Object.keys(details).length > 0);
}
