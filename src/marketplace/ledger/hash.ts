import { createHmac, hash } from 'node:crypto';

/** The first 128 bits of the text's SHA-256: enough that no two texts of a ledger ever meet. */
export function digest(text: string): Uint8Array {
  return hash('sha256', text, 'buffer').subarray(0, 16);
}

/** All that is left of a customer who was forgotten: HMAC-SHA256 under a key that the database made for this. */
export function forgottenHash(key: Uint8Array, providerId: number, customerId: string): Uint8Array {
  return createHmac('sha256', key)
    .update(JSON.stringify(['forgotten.v1', providerId, customerId]))
    .digest();
}
