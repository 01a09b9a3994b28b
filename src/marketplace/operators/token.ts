import { createHash, randomBytes } from 'node:crypto';

/** A new operator's token, `ot_<256 random bits as base64url>`: by it, the operator's programs read. */
export function createOperatorToken(): string {
  return `ot_${createRandomKey()}`;
}

/** 256 random bits as base64url: what nobody guesses. */
export function createRandomKey(): string {
  return randomBytes(32).toString('base64url');
}

/** What is kept of such a key: who reads the database can't sign in. Random, it needs no salt and no slow hash. */
export function hashOfKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
