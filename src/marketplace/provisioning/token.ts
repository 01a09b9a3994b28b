import { randomBytes } from 'node:crypto';

/**
 * A new order token: 128 random bits. It is minted with the form, in a hidden field, and becomes the address of the
 * order that the form makes: whoever sends the form twice comes to the same order, and nobody else can guess it.
 */
export function createOrderToken(): string {
  return randomBytes(16).toString('base64url');
}

export function isOrderToken(text: unknown): text is string {
  return typeof text === 'string' && /^[\w-]{22}$/.test(text);
}
