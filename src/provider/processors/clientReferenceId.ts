import { decodeBase64, encodeBase64Url } from '../base64.ts';
import { parseJson } from '../problem.ts';
import type { Referral } from '../referral.ts';
import { checkReferral } from './metadata.ts';
import { read } from './read.ts';

const prefix = 'onramp_';
/**
 * Of a payment link: alphanumeric characters, dashes and underscores, at most 200 of them; any other value is dropped
 * and the buyer sees nothing (https://docs.stripe.com/payment-links/url-parameters).
 */
const maxLength = 200;

/**
 * The referral as the `client_reference_id` of a Stripe payment link or pricing table, where no metadata can be set
 * for one buyer. Encoded, since a referral may be the name of a host, with dots. Undefined without a referral, and for
 * one that is too long (more than about 110 letters): set none then.
 */
export function toClientReferenceId(referral: Referral | null | undefined): string | undefined {
  const checked = checkReferral(referral);
  if (!checked) return undefined;
  const text = JSON.stringify([checked.id, checked.source, checked.landedAt]);
  const encoded = prefix + encodeBase64Url(new TextEncoder().encode(text));
  return encoded.length <= maxLength ? encoded : undefined;
}

/** What `toClientReferenceId` wrote; undefined for the ids of carts and customers that others put there. */
export function fromClientReferenceId(value: string | null | undefined): Referral | undefined {
  if (!value?.startsWith(prefix)) return undefined;
  const bytes = decodeBase64(value.slice(prefix.length).replaceAll('-', '+').replaceAll('_', '/'));
  const parts = bytes && parseJson(new TextDecoder().decode(bytes));
  return checkReferral({ id: read(parts, '0'), source: read(parts, '1'), landedAt: read(parts, '2') });
}
