import { createHmac, hash, type KeyObject } from 'node:crypto';

/** The first 128 bits of the text's SHA-256: enough that no two texts of a ledger ever meet. */
export function digest(text: string): Uint8Array {
  // Asked for its bytes, Node makes an ArrayBuffer of their own, which takes longer than the hash.
  return Buffer.from(hash('sha256', text, 'hex').slice(0, 32), 'hex');
}

/** All that is left of a customer who was forgotten: HMAC-SHA256 under a key that the database made for this. */
export function forgottenHash(key: KeyObject, providerId: number, customerId: string): Uint8Array {
  return createHmac('sha256', key)
    .update(JSON.stringify(['forgotten.v1', providerId, customerId]))
    .digest();
}

/** As text, for maps and comparisons, to which the same bytes in two objects are two. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}
