import { InvalidArgumentError, type Option } from 'commander';
import { type FieldName, fieldNames } from '../../wire/account.ts';
import { dayMs, levels, maxNameLength } from '../../wire/fields.ts';
import { toComparedText } from '../../wire/text.ts';
import { parseTime } from '../../wire/time.ts';
import {
  InvalidValueError,
  ofLength,
  oneOf,
  readLandingUrl,
  readLevel,
  readListingName,
  readName,
  readOrderPath,
  readOrigin,
  readPartnerKey,
  readProvisionUrl,
  readResellerKey,
  readWebAddress,
} from '../administration/values.ts';
import { isId } from '../ledger/id.ts';
import { keyIdPattern } from '../providers/secret.ts';
import { orderStatuses } from '../store/orders.ts';
import { type Capability, capabilities } from '../store/schema.ts';

const hourMs = 3_600_000;

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

export const parsePartnerKey = argument(readPartnerKey);
export const parseName = argument(readName);
export const parseListingName = argument(readListingName);
export const parseLandingUrl = argument(readLandingUrl);
export const parseProvisionUrl = argument(readProvisionUrl);
export const parseOrderPath = argument(readOrderPath);
export const parseResellerKey = argument(readResellerKey);
export const parseLevel = argument(readLevel);
export const parseOrderStatus = argument((text) => oneOf(orderStatuses, text));
/** A customer's id, as it is stored. */
export const parseCustomerId = argument((text) => ofLength(toComparedText(text), maxNameLength));
/** Where people reach the service. */
export const parseServiceUrl = argument((text) => readWebAddress(text, 'https://market.example').href);

/** Adds to the origins given before, since the option may be repeated. */
export const collectOrigin = collection(readOrigin);
/** Adds to the fields given before, since the option may be repeated. */
export const collectField = collection((text): FieldName => oneOf(fieldNames, text));

/** What a link allows; who may do anything may look. */
export const parseCapabilities = argument((text): Capability[] => {
  const asked = text.split(',').map((word) => oneOf(capabilities, word.trim()));
  return capabilities.filter((word) => word === 'view' || asked.includes(word));
});

/** In milliseconds. */
export function parseLinkLifetime(text: string): number {
  const [, count = '', unit = ''] = /^(\d{1,3})([hd])$/.exec(text) ?? [];
  const lifetimeMs = Number(count) * (unit === 'd' ? dayMs : hourMs);
  if (lifetimeMs >= hourMs && lifetimeMs <= 7 * dayMs) return lifetimeMs;
  throw new InvalidArgumentError('It takes hours or days, from 1h to 7d.');
}

export function parseKeyId(text: string): string {
  if (keyIdPattern.test(text)) return text;
  throw new InvalidArgumentError('It is no key id, which has 8 lowercase letters and digits: os_<key id>_….');
}

export function parseOrderId(text: string): string {
  if (isId(text)) return text;
  throw new InvalidArgumentError('It is no order id. See: onramp-marketplace orders list');
}

/** In epoch milliseconds. */
export function parseMoment(text: string): number {
  const time = parseTime(text);
  if (time !== undefined) return time;
  throw new InvalidArgumentError('It must be a date or date-time, for example 2026-11-22T10:00:00Z.');
}

export function parseLimit(text: string): number {
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit > 0) return limit;
  throw new InvalidArgumentError('It must be a number from 1.');
}

/** What commander asks, of what the console asks as well. */
function argument<Value>(read: (text: string) => Value): (text: string) => Value {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      throw error instanceof InvalidValueError ? new InvalidArgumentError(error.message) : error;
    }
  };
}

function collection<Value>(read: (text: string) => Value): (text: string, before?: Value[]) => Value[] {
  const parse = argument(read);
  return (text, before = []) => [...before, parse(text)];
}
