import { createHmac } from 'node:crypto';

/** All that is left of a customer who was forgotten: HMAC-SHA256 under a key that the database made for this. */
export function forgottenHash(key: Uint8Array, providerId: number, customerId: string): Uint8Array {
  return createHmac('sha256', key)
    .update(JSON.stringify(['forgotten.v1', providerId, customerId]))
    .digest();
}
