import { createHmac } from 'node:crypto';
import type { Level } from '../../wire/fields.ts';
import { parseAmount } from '../../wire/money.ts';
import { maxSignatureAgeSeconds, parseSignature, signedText } from '../../wire/signature.ts';
import { formatTime } from '../../wire/time.ts';
import { HttpProblem, wrongClock } from '../http/errors.ts';
import type { Moment } from '../ledger/knownTime.ts';
import { findSecret, isSameText } from '../providers/secret.ts';
import type { Provider } from '../store/providers.ts';
import type { Message } from './message.ts';
import { Refusal } from './refusal.ts';

/** How far a signer's clock may be ahead, in seconds. */
const maxAheadSeconds = 300;
/** When to ask again while a clock is wrong, in seconds: somebody has to set it right. */
const wrongClockRetrySeconds = '60';

/**
 * Verifies a message's signature at that moment.
 *
 * @returns when it was made, in epoch milliseconds
 * @throws Refusal, with the level of the carrier, when it is malformed, wrong or too old
 * @throws HttpProblem 503 when it is right and of a time that is yet to come, or too old by a clock alone: one of the
 * clocks is wrong, which must not cost the purchase
 */
export function verifySignature(
  message: Message & { sig: string },
  provider: Provider,
  { now, knownNow }: Moment,
  carrier: Level,
): number {
  const token = parseSignature(message.sig);
  const secret = findSecret(provider, token?.keyId);
  if (!token || !secret) {
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
  // Before all that is judged by the time, which a clock that is behind would judge wrongly for good.
  if (ageSeconds < -maxAheadSeconds) {
    throw clockIsWrong('dated more than 5 minutes ahead of the clock of the service');
  }
  if (ageSeconds > maxSignatureAgeSeconds) {
    if (knownNow / 1000 - token.timestampSeconds <= maxSignatureAgeSeconds) {
      throw clockIsWrong('older than 9 days by the clock of the service, but not by what it has stored');
    }
    throw new Refusal('expired_signature', 'The signature is older than 9 days.', { trust: carrier });
  }
  if (secret.retiredAt !== undefined && token.timestampSeconds * 1000 > secret.retiredAt) {
    const detail = 'The signature was made with a secret that had been retired before.';
    throw new Refusal('wrong_signature', detail, { trust: carrier });
  }
  return token.timestampSeconds * 1000;
}

function clockIsWrong(what: string): HttpProblem {
  const detail =
    `The signature is ${what}, so a clock is wrong. Nothing was stored; send the same again later. ` +
    'ts is in Unix seconds.';
  return new HttpProblem(
    { status: 503, code: wrongClock, title: 'A clock is wrong', detail },
    { 'retry-after': wrongClockRetrySeconds },
  );
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
