import type { Environment } from './environment.ts';
import type { CheckedOptions, SecretKey } from './options.ts';
import type { Send } from './send.ts';

/** The package's, which the kit names itself by: a bundle has no package.json to read it from. */
const version = '0.1.0';

/** What the client's methods are made of. */
export interface ClientParts extends CheckedOptions {
  environment: Environment;
  send: Send;
}

/** Asks for JSON, with the secret where there is one: in the header alone, never in a body or an address. */
export function headersOf({ key }: ClientParts): Record<string, string> {
  return {
    accept: 'application/json, application/problem+json',
    // Browsers that have it forbidden leave it out by themselves.
    'user-agent': `onramp-pixel/${version}`,
    ...(key && { authorization: `Bearer ${key.secret}` }),
  };
}

/** @throws TypeError where the client was made without a secret */
export function needSecret({ key }: ClientParts, call: string): SecretKey {
  if (!key) throw new TypeError(`${call} needs the secret: give it to createOnramp.`);
  return key;
}
