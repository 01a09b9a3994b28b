/** What a signature covers; all texts as stored, "" for what is not sent. */
export interface SignedFields {
  partnerKey: string;
  serviceName: string;
  customerId: string;
  orderId: string;
  /** 2017-03-01T10:00:00.000Z; "" for a time that the sender stamped itself. */
  purchasedAt: string;
  amount: string;
  currency: string;
}

/** The parts of a signature token `kid.ts.mac`. */
export interface SignatureToken {
  /** Names the secret. */
  keyId: string;
  /** When it was signed, in Unix seconds. */
  timestampSeconds: number;
  /** base64url of the HMAC-SHA256, 43 characters. */
  mac: string;
}

const token = /^([A-Za-z0-9_-]{1,64})\.(\d{1,12})\.([A-Za-z0-9_-]{43})$/;

/** Oldest signature that is believed, in seconds: a purchase may wait 7 days in a browser's outbox. */
export const maxSignatureAgeSeconds = 9 * 86_400;

/** Takes a token apart; undefined when it isn't one. */
export function parseSignature(text: string): SignatureToken | undefined {
  const match = token.exec(text);
  if (!match?.[1] || !match[2] || !match[3]) return undefined;
  return { keyId: match[1], timestampSeconds: Number(match[2]), mac: match[3] };
}

/** The exact text whose HMAC-SHA256 under the provider's secret is the token's mac. */
export function signedText(keyId: string, timestampSeconds: number, fields: SignedFields): string {
  return JSON.stringify([
    'saas-tracking.v1',
    keyId,
    timestampSeconds,
    fields.partnerKey,
    fields.serviceName,
    fields.customerId,
    fields.orderId,
    fields.purchasedAt,
    fields.amount,
    fields.currency,
  ]);
}
