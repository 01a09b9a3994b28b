import { InvalidArgumentError, type Option } from 'commander';
import { type Level, levels, maxPartnerKeyLength } from '../../wire/fields.ts';

const partnerKeyPattern = new RegExp(`^[A-Za-z0-9_-]{1,${maxPartnerKeyLength}}$`);

export const originHelp = 'origin of a page with the pixel; repeat it for more';
export const levelHelp = `refuse purchases below it: ${levels.join(', ')}`;

/** Lets the option stand in the environment too, where an empty variable counts as none. */
export function orVariable(option: Option, name: string): Option {
  return process.env[name] === '' ? option : option.env(name);
}

export function parsePartnerKey(text: string): string {
  if (partnerKeyPattern.test(text)) return text;
  throw new InvalidArgumentError(`It takes 1 to ${maxPartnerKeyLength} letters, digits, "_" and "-".`);
}

export function parseListingName(text: string): string {
  if (/^[A-Za-z0-9_-]{1,64}$/.test(text)) return text;
  throw new InvalidArgumentError(
    'It takes 1 to 64 letters, digits, "_" and "-": it becomes part of the link.',
  );
}

/** Adds to the origins given before, since the option may be repeated. */
export function collectOrigin(text: string, before: readonly string[] = []): string[] {
  const url = parseWebAddress(text, 'https://acme.example');
  if (url.pathname !== '/' || url.search || url.hash) {
    throw new InvalidArgumentError(`An origin has no path, query or fragment. Did you mean ${url.origin}?`);
  }
  return [...before, url.origin];
}

export function parseLandingUrl(text: string): string {
  return parseWebAddress(text, 'https://acme.example/welcome').href;
}

export function parseLevel(text: string): Level {
  const level = levels.find((known) => known === text);
  if (level) return level;
  throw new InvalidArgumentError(`It must be one of ${levels.join(', ')}.`);
}

export function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new InvalidArgumentError('A port is a number from 0 to 65535; 0 takes any free one.');
}

export function parseLimit(text: string): number {
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (limit > 0) return limit;
  throw new InvalidArgumentError('It must be a number from 1.');
}

function parseWebAddress(text: string, example: string): URL {
  const url = URL.parse(text);
  if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return url;
  throw new InvalidArgumentError(`It must be an http or https address, for example ${example}.`);
}
