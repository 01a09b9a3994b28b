import { maxPartnerKeyLength } from '../wire/fields.ts';
import { needOptions } from './arguments.ts';
import { type OnIgnored, warnOfIgnored } from './ignored.ts';

export interface OnrampOptions {
  /** ONRAMP_BASE_URL: where the marketplace's service stands, for example https://market.example. */
  baseUrl: string | URL;
  /** Names you; public. */
  partnerKey: string;
  /**
   * Proves that you speak: `os_…`. Of a list, as while one replaces another, the first speaks. Null sends as anyone could,
   * and then nothing can be signed, billed or read.
   */
  secret: string | readonly string[] | null;
  /**
   * Hears which fields the marketplace could not read and left out of what it stored. Default: console.warn says what was
   * sent, and what to do.
   */
  onIgnored?: OnIgnored | undefined;
  /** Default: the runtime's own. */
  fetch?: typeof globalThis.fetch | undefined;
  /** For each try, the whole answer included, in milliseconds; default 10,000. */
  timeoutMs?: number | undefined;
  /** How often a failed try is repeated: 0 to 10, default 3. */
  retries?: number | undefined;
}

/** A secret, and what names it in signatures: its second part. */
export interface SecretKey {
  secret: string;
  keyId: string;
}

export interface CheckedOptions {
  /** Without a slash at its end. */
  baseUrl: string;
  partnerKey: string;
  /** The one that speaks. */
  key: SecretKey | null;
  /** All of them, never to be shown. */
  secrets: readonly string[];
  onIgnored: OnIgnored;
  fetch: typeof globalThis.fetch;
  timeoutMs: number;
  retries: number;
}

const partnerKeyPattern = /^[A-Za-z0-9_-]+$/;
const secretPattern = /^os_([a-z0-9]+)_[A-Za-z0-9_-]+$/;
/** What a timer can hold. */
const longestTimeoutMs = 2 ** 31 - 1;

/** @throws TypeError that names every mistake, and never shows the secret */
export function checkOptions(options: OnrampOptions): CheckedOptions {
  needOptions('createOnramp', options);
  const { partnerKey, onIgnored = warnOfIgnored, timeoutMs = 10_000, retries = 3 } = options;
  const fetch = options.fetch ?? globalThis.fetch;
  const baseUrl = readBaseUrl(options.baseUrl);
  const keys = readSecrets(options.secret);
  const mistakes = [
    baseUrl === undefined &&
      'baseUrl has to be an http or https address without query, such as https://market.example',
    !isPartnerKey(partnerKey) &&
      'partnerKey has to be the key that the marketplace gave you, such as pk_acme',
    keys === undefined &&
      `secret has to be the one that the marketplace gave you, os_…, or a list of them (null to send without one)${blanksOf(options.secret)}`,
    typeof onIgnored !== 'function' && 'onIgnored has to be a function',
    typeof fetch !== 'function' && 'fetch has to be a function: this runtime has none',
    !(Number.isInteger(timeoutMs) && timeoutMs >= 1 && timeoutMs <= longestTimeoutMs) &&
      'timeoutMs has to be whole milliseconds, 1 or more',
    !(Number.isInteger(retries) && retries >= 0 && retries <= 10) && 'retries has to be 0 to 10',
  ].filter((mistake) => mistake !== false);
  if (mistakes.length > 0 || baseUrl === undefined || keys === undefined) {
    throw new TypeError(`createOnramp: ${mistakes.join('; ')}.`);
  }
  const secrets = keys.map(({ secret }) => secret);
  return { baseUrl, partnerKey, key: keys[0] ?? null, secrets, onIgnored, fetch, timeoutMs, retries };
}

/** Whether a marketplace may have given it. */
export function isPartnerKey(value: unknown): boolean {
  return typeof value === 'string' && value.length <= maxPartnerKeyLength && partnerKeyPattern.test(value);
}

/** None for null; undefined where one isn't as the marketplace makes them. */
function readSecrets(value: unknown): SecretKey[] | undefined {
  if (value === null) return [];
  const secrets: unknown[] = Array.isArray(value) ? value : [value];
  const keys = secrets.flatMap((secret) => {
    const keyId = typeof secret === 'string' ? secretPattern.exec(secret)?.[1] : undefined;
    return typeof secret === 'string' && keyId ? [{ secret, keyId }] : [];
  });
  return keys.length === secrets.length && keys.length > 0 ? keys : undefined;
}

/** What a file or a shell leaves around a secret can't be seen. */
function blanksOf(value: unknown): string {
  const secrets: unknown[] = Array.isArray(value) ? value : [value];
  const isPadded = secrets.some((secret) => typeof secret === 'string' && secret !== secret.trim());
  return isPadded ? ': take the blank or the end of line off that stands around it' : '';
}

function readBaseUrl(value: unknown): string | undefined {
  try {
    const { protocol, username, password, search, hash, origin, pathname } = new URL(String(value));
    const isPlain = /^https?:$/.test(protocol) && !(username || password || search || hash);
    return isPlain ? origin + pathname.replace(/\/+$/, '') : undefined;
  } catch {
    return undefined;
  }
}
