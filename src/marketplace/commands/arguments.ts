import { InvalidArgumentError, type Option } from 'commander';
import { type FieldName, fieldNames } from '../../wire/account.ts';
import { dayMs, type Level, levels, maxNameLength, maxPartnerKeyLength } from '../../wire/fields.ts';
import { lengthOf, toComparedText, toStoredText } from '../../wire/text.ts';
import { parseTime } from '../../wire/time.ts';
import { isId } from '../ledger/id.ts';
import { isSubdomainPattern } from '../providers/origin.ts';
import { keyIdPattern } from '../providers/secret.ts';
import { maxValueLength } from '../provisioning/entries.ts';
import { type OrderStatus, orderStatuses } from '../store/orders.ts';
import { type Capability, capabilities } from '../store/schema.ts';

const hourMs = 3_600_000;

const partnerKeyPattern = new RegExp(`^[A-Za-z0-9_-]{1,${maxPartnerKeyLength}}$`);

export const originHelp =
  'origin of a page with the pixel, https://*.acme.example for all its subdomains; repeat it for more';
export const levelHelp = `refuse purchases and signups below it: ${levels.join(', ')}`;

/** Lets the option stand in the environment too, where an empty variable counts as none. */
export function orVariable(option: Option, name: string): Option {
  return process.env[name] === '' ? option : option.env(name);
}

/*
 * What commander asks of an argument or an option: each returns its value, or throws an InvalidArgumentError that says
 * what it takes.
 */

export function parsePartnerKey(text: string): string {
  if (partnerKeyPattern.test(text)) return text;
  throw new InvalidArgumentError(`It takes 1 to ${maxPartnerKeyLength} letters, digits, "_" and "-".`);
}

export function parseProviderName(text: string): string {
  return ofLength(toStoredText(text.trim()), maxNameLength);
}

export function parseOperatorName(text: string): string {
  return ofLength(toStoredText(text.trim()), maxNameLength);
}

/** What a link allows; who may do anything may look. */
export function parseCapabilities(text: string): Capability[] {
  const asked = text.split(',').map((word) => oneOf(capabilities, word.trim()));
  return capabilities.filter((word) => word === 'view' || asked.includes(word));
}

/** In milliseconds. */
export function parseLinkLifetime(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,3})([hd])$/.exec(text) ?? [];
  const lifetimeMs = Number(count) * (unit === 'd' ? dayMs : hourMs);
  if (lifetimeMs >= hourMs && lifetimeMs <= 7 * dayMs) return lifetimeMs;
  throw new InvalidArgumentError('It takes hours or days, from 1h to 7d.');
}

/** Where people reach the service. */
export function parseServiceUrl(text: string): string {
  return parseWebAddress(text, 'https://market.example').href;
}

export function parseKeyId(text: string): string {
  if (keyIdPattern.test(text)) return text;
  throw new InvalidArgumentError('It is no key id, which has 8 lowercase letters and digits: os_<key id>_….');
}

export function parseListingName(text: string): string {
  return partOfAddress(text, 'part of the link');
}

/** Adds to the origins given before, since the option may be repeated. */
export function collectOrigin(text: string, before: readonly string[] = []): string[] {
  const url = parseWebAddress(text, 'https://acme.example');
  if (url.pathname !== '/' || url.search || url.hash) {
    throw new InvalidArgumentError(`An origin has no path, query or fragment. Did you mean ${url.origin}?`);
  }
  if (url.hostname.includes('*') && !isSubdomainPattern(url.hostname)) {
    throw new InvalidArgumentError(
      'Only all subdomains of a domain can be named: https://*.acme.example. The domain itself is another origin.',
    );
  }
  return [...before, url.origin];
}

export function parseLandingUrl(text: string): string {
  return parseWebAddress(text, 'https://acme.example/welcome').href;
}

/** Passwords go there, so it has to be encrypted, unless it stays on this machine. */
export function parseProvisionUrl(text: string): string {
  const url = parseWebAddress(text, 'https://acme.example/acme-crm-provision-account/');
  if (url.protocol === 'https:' || isLoopback(url.hostname)) return url.href;
  throw new InvalidArgumentError('It must be an https address, since passwords are sent to it.');
}

export function parseOrderPath(text: string): string {
  return partOfAddress(text, 'the address /order/<path>');
}

/** Adds to the fields given before, since the option may be repeated. */
export function collectField(text: string, before: readonly FieldName[] = []): FieldName[] {
  return [...before, oneOf(fieldNames, text)];
}

export function parseResellerKey(text: string): string {
  return ofLength(text, maxValueLength);
}

export function parseOrderId(text: string): string {
  if (isId(text)) return text;
  throw new InvalidArgumentError('It is no order id. See: onramp-marketplace orders list');
}

export function parseOrderStatus(text: string): OrderStatus {
  return oneOf(orderStatuses, text);
}

/** A customer's id, as it is stored. */
export function parseCustomerId(text: string): string {
  return ofLength(toComparedText(text), maxNameLength);
}

/** In epoch milliseconds. */
export function parseMoment(text: string): number {
  const time = parseTime(text);
  if (time !== undefined) return time;
  throw new InvalidArgumentError('It must be a date or date-time, for example 2026-11-22T10:00:00Z.');
}

export function parseLevel(text: string): Level {
  return oneOf(levels, text);
}

export function parseLimit(text: string): number {
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit > 0) return limit;
  throw new InvalidArgumentError('It must be a number from 1.');
}

function oneOf<Word extends string>(words: readonly Word[], text: string): Word {
  const word = words.find((known) => known === text);
  if (word) return word;
  throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`);
}

/** @param maxLength in code points */
function ofLength(text: string, maxLength: number): string {
  if (text !== '' && lengthOf(text) <= maxLength) return text;
  throw new InvalidArgumentError(`It takes 1 to ${maxLength} characters.`);
}

function partOfAddress(text: string, becomes: string): string {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError(`It takes 1 to 64 letters, digits, "_" and "-": it becomes ${becomes}.`);
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}

function parseWebAddress(text: string, example: string): URL {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return url;
  throw new InvalidArgumentError(`It must be an http or https address, for example ${example}.`);
}
