import { toStoredText } from '../../../wire/text.ts';

/** The customer that a refused message names, as it would have been stored. */
export function customerIdOf(payload: Readonly<Record<string, unknown>>): string | undefined {
  const { customerId } = payload;
  if (typeof customerId !== 'string' && typeof customerId !== 'number') return undefined;
  return toStoredText(String(customerId).trim()) || undefined;
}

/**
 * Whether the refused message is about the customer: by its customerId or, where it has none, by any text that has
 * the id in it, not as a part of a longer word or number. Another customer's message stays that customer's.
 */
export function isAbout(payload: Readonly<Record<string, unknown>>, customerId: string): boolean {
  const named = customerIdOf(payload);
  if (named !== undefined) return named === customerId;
  const literally = customerId.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const word = new RegExp(`(?<![\\p{L}\\p{N}])${literally}(?![\\p{L}\\p{N}])`, 'u');
  return Object.values(payload).some((value) => word.test(String(value)));
}
