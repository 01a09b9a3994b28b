import { type Level, levels, maxNameLength, maxPartnerKeyLength } from '../../wire/fields.ts';
import { lengthOf, toStoredText } from '../../wire/text.ts';
import { isSubdomainPattern } from '../providers/origin.ts';
import { maxValueLength } from '../provisioning/entries.ts';

/** What was entered can't be taken; the message says what can. */
export class InvalidValueError extends Error {}

/*
 * What is entered in the console or given to a command: each function returns the value as it is kept, or throws an
 * InvalidValueError.
 */

const partnerKeyPattern = new RegExp(`^[A-Za-z0-9_-]{1,${maxPartnerKeyLength}}$`);

export function readPartnerKey(text: string): string {
  if (partnerKeyPattern.test(text)) return text;
  throw new InvalidValueError(`It takes 1 to ${maxPartnerKeyLength} letters, digits, "_" and "-".`);
}

/** What people know a provider or an operator by. */
export function readName(text: string): string {
  return ofLength(toStoredText(text.trim()), maxNameLength);
}

export function readListingName(text: string): string {
  return partOfAddress(text, 'part of the link');
}

/** Of a page with the pixel; or of all subdomains. */
export function readOrigin(text: string): string {
  const url = readWebAddress(text, 'https://acme.example');
  if (url.pathname !== '/' || url.search || url.hash) {
    throw new InvalidValueError(`An origin has no path, query or fragment. Did you mean ${url.origin}?`);
  }
  if (url.hostname.includes('*') && !isSubdomainPattern(url.hostname)) {
    throw new InvalidValueError(
      'Only all subdomains of a domain can be named: https://*.acme.example. The domain itself is another origin.',
    );
  }
  return url.origin;
}

export function readLandingUrl(text: string): string {
  return readWebAddress(text, 'https://acme.example/welcome').href;
}

/** Passwords go there, so it has to be encrypted, unless it stays on this machine. */
export function readProvisionUrl(text: string): string {
  const url = readWebAddress(text, 'https://acme.example/acme-crm-provision-account/');
  if (url.protocol === 'https:' || isLoopback(url.hostname)) return url.href;
  throw new InvalidValueError('It must be an https address, since passwords are sent to it.');
}

export function readOrderPath(text: string): string {
  return partOfAddress(text, 'the address /order/<path>');
}

export function readResellerKey(text: string): string {
  return ofLength(text, maxValueLength);
}

export function readLevel(text: string): Level {
  return oneOf(levels, text);
}

export function oneOf<Word extends string>(words: readonly Word[], text: string): Word {
  const word = words.find((known) => known === text);
  if (word) return word;
  throw new InvalidValueError(`It must be one of ${words.join(', ')}.`);
}

/** @param maxLength in code points */
export function ofLength(text: string, maxLength: number): string {
  if (text !== '' && lengthOf(text) <= maxLength) return text;
  throw new InvalidValueError(`It takes 1 to ${maxLength} characters.`);
}

/** An http or https address without a password. */
export function readWebAddress(text: string, example: string): URL {
  const url = parseWebAddress(text);
  if (url) return url;
  throw new InvalidValueError(`It must be an http or https address, for example ${example}.`);
}

export function parseWebAddress(text: string): URL | undefined {
  const url = URL.parse(text);
  return url && /^https?:$/.test(url.protocol) && !url.username && !url.password ? url : undefined;
}

function partOfAddress(text: string, becomes: string): string {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(text)) return text;
  throw new InvalidValueError(`It takes 1 to 64 letters, digits, "_" and "-": it becomes ${becomes}.`);
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
