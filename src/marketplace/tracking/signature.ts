import { createHmac } from 'node:crypto';
import type { Level } from '../../wire/fields.ts';
import { parseAmount } from '../../wire/money.ts';
import { maxSignatureAgeSeconds, parseSignature, signedText } from '../../wire/signature.ts';
import { formatTime } from '../../wire/time.ts';
import { findSecret, isSameText } from '../providers/secret.ts';
import type { Provider } from '../store/providers.ts';
import type { Message } from './message.ts';
import { Refusal } from './refusal.ts';

/** A token wherever it stands in a text; what precedes its mac is no secret. */
const tokenAnywhere = /([A-Za-z0-9_-]{1,64}\.\d{1,12}\.)[A-Za-z0-9_-]{43}/g;
/** How far a signer's clock may be ahead, in seconds. */
const maxAheadSeconds = 300;

/**
 * Verifies a message's signature at that time, in epoch milliseconds.
 *
 * @returns when it was made, in epoch milliseconds
 * @throws Refusal, with the level of the carrier, when it is malformed, wrong or too old
 */
export function verifySignature(
  message: Message & { sig: string },
  provider: Provider,
  now: number,
  carrier: Level,
): number {
  const token = parseSignature(message.sig);
  const secret = findSecret(provider, token?.keyId);
  const retiredSeconds = secret?.retiredAt === undefined ? 0 : (now - secret.retiredAt) / 1000;
  if (!token || !secret || retiredSeconds > maxSignatureAgeSeconds) {
    const detail = token
      ? 'The signature names a secret that this provider does not have, or no longer has.'
      : 'sig is not a signature token of the form kid.ts.mac.';
    throw new Refusal('wrong_signature', detail, { trust: carrier });
  }
  const text = signedText(token.keyId, token.timestampSeconds, signedFields(message));
  const mac = createHmac('sha256', secret.secret).update(text).digest('base64url');
  if (!isSameText(mac, token.mac)) {
    const detail = 'The signature does not match the fields that were sent.';
    throw new Refusal('wrong_signature', detail, { trust: carrier });
  }
  const ageSeconds = now / 1000 - token.timestampSeconds;
  if (ageSeconds > maxSignatureAgeSeconds || ageSeconds < -maxAheadSeconds) {
    const detail =
      ageSeconds < 0
        ? 'The signature is dated more than 5 minutes ahead. ts is in Unix seconds.'
        : 'The signature is older than 9 days.';
    throw new Refusal('expired_signature', detail, { trust: carrier });
  }
  return token.timestampSeconds * 1000;
}

/** The text without the mac of any token in it, which still says whose it was and of when. */
export function redactMacs(text: string): string {
  return text.replace(tokenAnywhere, '$1(mac left out)');
}

function signedFields(message: Message) {
  const { sentPurchasedAt, stamped } = message;
  return {
    partnerKey: message.partnerKey,
    serviceName: message.serviceName ?? '',
    customerId: message.customerId ?? '',
    orderId: message.orderId ?? '',
    purchasedAt: stamped || sentPurchasedAt === undefined ? '' : formatTime(sentPurchasedAt),
    amount: parseAmount(message.details.amount ?? '') ?? '',
    currency: message.details.currency ?? '',
  };
}
