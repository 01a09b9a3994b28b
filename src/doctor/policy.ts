import { createHash } from 'node:crypto';

/** A Content Security Policy, of a header or of the page itself. */
export interface Policy {
  /** As it was sent. */
  text: string;
  directives: ReadonlyMap<string, readonly string[]>;
  from: 'header' | 'meta';
  isReportOnly: boolean;
  /** A policy of the page counts for elements behind it; -1 for headers, which count for all. */
  place: number;
}

/** The policies of a text: several are separated by commas, and all of them have to allow what is done. */
export function parsePolicies(
  text: string,
  { from = 'header' as Policy['from'], isReportOnly = false, place = -1 } = {},
): Policy[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) => ({ text: one, directives: readDirectives(one), from, isReportOnly, place }));
}

function readDirectives(text: string): Map<string, string[]> {
  const directives = new Map<string, string[]>();
  for (const part of text.split(';')) {
    const [name = '', ...values] = part.trim().split(/[\t\n\f\r ]+/);
    const key = name.toLowerCase();
    // Of two with one name, the first counts.
    if (key && !directives.has(key)) directives.set(key, values);
  }
  return directives;
}

/** What a page may be kept from doing. */
export type Action =
  /** `nonce` and `integrity` of the element; what another script has put into the page has `isParserInserted: false`. */
  | { kind: 'script'; url: URL; nonce?: string; integrity?: string; isParserInserted: boolean }
  | { kind: 'inline'; text: string; nonce?: string }
  | { kind: 'beacon'; url: URL }
  | { kind: 'image'; url: URL };

/** What stands in for a directive that isn't there. */
const fallbacks = {
  script: ['script-src-elem', 'script-src', 'default-src'],
  inline: ['script-src-elem', 'script-src', 'default-src'],
  beacon: ['connect-src', 'default-src'],
  image: ['img-src', 'default-src'],
} as const satisfies Record<Action['kind'], readonly string[]>;

/** The directive of the policy that forbids the action on that page; undefined where it is allowed. */
export function forbiddenBy({ directives }: Policy, action: Action, page: URL): string | undefined {
  const name = fallbacks[action.kind].find((directive) => directives.has(directive));
  if (name === undefined) return undefined;
  return allows(directives.get(name) ?? [], action, page) ? undefined : name;
}

function allows(sources: readonly string[], action: Action, page: URL): boolean {
  switch (action.kind) {
    case 'inline':
      return allowsInline(sources, action.text, action.nonce);
    case 'script': {
      if (hasNonce(sources, action.nonce) || hasIntegrity(sources, action.integrity)) return true;
      // Scripts that are trusted bring others; addresses then count for nothing.
      if (hasKeyword(sources, 'strict-dynamic')) return !action.isParserInserted;
      return matchesAny(sources, action.url, page);
    }
    default:
      return matchesAny(sources, action.url, page);
  }
}

function allowsInline(sources: readonly string[], text: string, nonce: string | undefined): boolean {
  if (hasNonce(sources, nonce)) return true;
  const hashes = sources.flatMap(readHash);
  if (hashes.some(({ algorithm, digest }) => hashOf(algorithm, text) === digest)) return true;
  // One nonce, hash or strict-dynamic, and browsers heed unsafe-inline no more.
  const isStrict =
    hashes.length > 0 ||
    hasKeyword(sources, 'strict-dynamic') ||
    sources.some((one) => /^'nonce-.+'$/i.test(one));
  return hasKeyword(sources, 'unsafe-inline') && !isStrict;
}

function hasKeyword(sources: readonly string[], keyword: string): boolean {
  return sources.some((source) => source.toLowerCase() === `'${keyword}'`);
}

function hasNonce(sources: readonly string[], nonce: string | undefined): boolean {
  return Boolean(nonce) && sources.some((source) => /^'nonce-(.+)'$/i.exec(source)?.[1] === nonce);
}

interface Hash {
  algorithm: string;
  digest: string;
}

function readHash(source: string): Hash[] {
  const [, algorithm, digest] = /^'(sha256|sha384|sha512)-(.+)'$/i.exec(source) ?? [];
  if (!algorithm || !digest) return [];
  return [{ algorithm: algorithm.toLowerCase(), digest: toBase64(digest) }];
}

function toBase64(text: string): string {
  return text.replaceAll('-', '+').replaceAll('_', '/');
}

function hashOf(algorithm: string, text: string): string {
  return createHash(algorithm).update(text).digest('base64');
}

/** The hash by which a policy can allow an inline script. */
export function hashSource(text: string): string {
  return `'sha256-${hashOf('sha256', text)}'`;
}

/** An external script may be allowed by the hashes of its integrity attribute, if all of them are listed. */
function hasIntegrity(sources: readonly string[], integrity: string | undefined): boolean {
  const own = (integrity ?? '').split(/\s+/).flatMap((hash) => readHash(`'${hash.split('?')[0]}'`));
  const listed = sources.flatMap(readHash);
  return (
    own.length > 0 &&
    own.every((hash) =>
      listed.some(({ algorithm, digest }) => algorithm === hash.algorithm && digest === hash.digest),
    )
  );
}

function matchesAny(sources: readonly string[], url: URL, page: URL): boolean {
  return sources.some((source) => matches(source, url, page));
}

const hostSource =
  /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::(\d+|\*))?(\/[^?#]*)?$/i;

function matches(source: string, url: URL, page: URL): boolean {
  if (source === '*') return isNetwork(url) || url.protocol === page.protocol;
  if (source.toLowerCase() === "'self'") return isSelf(url, page);
  const scheme = /^([a-z][a-z0-9+.-]*):$/i.exec(source)?.[1];
  if (scheme) return matchesScheme(scheme.toLowerCase(), url);
  const [, ownScheme, host = '', port, path = ''] = hostSource.exec(source) ?? [];
  return (
    host !== '' &&
    matchesScheme((ownScheme ?? page.protocol.slice(0, -1)).toLowerCase(), url) &&
    matchesHost(host.toLowerCase(), url.hostname) &&
    matchesPort(port, ownScheme?.toLowerCase(), url) &&
    matchesPath(path, url.pathname)
  );
}

function isNetwork({ protocol }: URL): boolean {
  return /^(https?|wss?):$/.test(protocol);
}

const defaultPorts: Readonly<Record<string, string>> = {
  'http:': '80',
  'https:': '443',
  'ws:': '80',
  'wss:': '443',
};

function portOf({ port, protocol }: URL): string {
  return port || (defaultPorts[protocol] ?? '');
}

/** Its own origin, and the same host by a safer scheme. */
function isSelf(url: URL, page: URL): boolean {
  if (url.origin === page.origin) return true;
  const arePortsAlike =
    portOf(url) === portOf(page) ||
    (portOf(url) === defaultPorts[url.protocol] && portOf(page) === defaultPorts[page.protocol]);
  return (
    url.hostname === page.hostname &&
    arePortsAlike &&
    (/^(https|wss):$/.test(url.protocol) || (page.protocol === 'http:' && url.protocol === 'ws:'))
  );
}

/** A scheme stands for its safer one as well. */
function matchesScheme(scheme: string, { protocol }: URL): boolean {
  const upgrades: Readonly<Record<string, readonly string[]>> = {
    http: ['http:', 'https:'],
    ws: ['ws:', 'wss:'],
  };
  return (upgrades[scheme] ?? [`${scheme}:`]).includes(protocol);
}

function matchesHost(pattern: string, hostname: string): boolean {
  if (pattern === '*') return true;
  return pattern.startsWith('*.') ? hostname.endsWith(pattern.slice(1)) : hostname === pattern;
}

function matchesPort(port: string | undefined, scheme: string | undefined, url: URL): boolean {
  if (port === '*') return true;
  const actual = portOf(url);
  if (port === undefined) return actual === defaultPorts[url.protocol];
  if (port === actual) return true;
  // As schemes are: http on 80 stands for https on 443.
  return port === '80' && actual === '443' && (scheme === undefined || scheme === 'http' || scheme === 'ws');
}

/** The whole path, or one that ends in a slash with all below it. */
function matchesPath(pattern: string, pathname: string): boolean {
  if (pattern === '') return true;
  const wanted = decode(pattern);
  const actual = decode(pathname);
  return wanted.endsWith('/') ? actual.startsWith(wanted) : actual === wanted;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The policy with a source more for the kind of action, ready to paste. */
export function withSource({ text, directives }: Policy, kind: Action['kind'], source: string): string {
  const [own] = kind === 'script' || kind === 'inline' ? ['script-src'] : fallbacks[kind];
  const name = fallbacks[kind].find((directive) => directives.has(directive)) ?? own;
  const isFallback = name === 'default-src';
  const sources = (directives.get(name) ?? []).filter((one) => one.toLowerCase() !== "'none'");
  const directive = [isFallback ? own : name, ...new Set([...sources, source])].join(' ');
  if (isFallback) return `${text.replace(/[;\s]+$/, '')}; ${directive}`;
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => (part.split(/\s+/)[0]?.toLowerCase() === name ? directive : part))
    .join('; ');
}
