import { maxNameLength } from '../wire/fields.ts';
import { signedText } from '../wire/signature.ts';
import { createArgumentReader, needObject } from './arguments.ts';
import { encodeBase64Url } from './base64.ts';
import { encodeText, hmacSha256 } from './hmac.ts';
import { type ClientParts, needSecret } from './parts.ts';

/** What a signature covers, beside the partner key. What is undefined, null or empty isn't signed. */
export interface SignablePurchase {
  serviceName: string;
  customerId: string | number;
  orderId?: string | number | null | undefined;
  /** A Date, ISO 8601 (without an offset: UTC) or epoch milliseconds; left out, the page stamps its time. */
  purchasedAt?: Date | string | number | null | undefined;
  /** In major units: 49.9 or '49.90'. */
  amount?: string | number | null | undefined;
  /** ISO 4217, any case. */
  currency?: string | null | undefined;
}

/** The argument of `onrampTrack`, to be handed over as it is: the signature covers what isn't in it as well. */
export interface SignedPurchase {
  serviceName: string;
  customerId: string;
  orderId?: string;
  purchasedAt?: string;
  amount?: string;
  currency?: string;
  /** `kid.ts.mac`, see docs/api.md. */
  sig: string;
}

/**
 * See Onramp.
 *
 * @throws OnrampError `invalid`, that names every wrong field
 * @throws TypeError when the client has no secret
 */
export async function signPurchase(parts: ClientParts, purchase: SignablePurchase): Promise<SignedPurchase> {
  const { partnerKey, environment } = parts;
  const { secret, keyId } = needSecret(parts, 'signPurchase');
  needObject('signPurchase', purchase);
  const reader = createArgumentReader();
  const fields = {
    serviceName: reader.required('serviceName', purchase.serviceName, maxNameLength),
    customerId: reader.required('customerId', purchase.customerId, maxNameLength),
    orderId: reader.text('orderId', purchase.orderId, maxNameLength) ?? '',
    purchasedAt: reader.time('purchasedAt', purchase.purchasedAt) ?? '',
    amount: reader.amount('amount', purchase.amount) ?? '',
    currency: reader.currency('currency', purchase.currency) ?? '',
  };
  reader.check();
  const timestampSeconds = Math.floor(environment.now() / 1000);
  const text = signedText(keyId, timestampSeconds, { partnerKey, ...fields });
  const mac = encodeBase64Url(await hmacSha256(encodeText(secret), encodeText(text)));
  const { serviceName, customerId, ...optional } = fields;
  const present = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== ''));
  return { serviceName, customerId, ...present, sig: `${keyId}.${timestampSeconds}.${mac}` };
}
