import type { Environment } from './environment.ts';
import type { CheckedOptions } from './options.ts';
import type { Send } from './send.ts';

/** What the client's methods are made of. */
export interface ClientParts extends CheckedOptions {
  environment: Environment;
  send: Send;
}

/** JSON, with the secret where there is one: in the header alone, never in a body. */
export function headersOf({ secret }: ClientParts): Record<string, string> {
  return {
    accept: 'application/json, application/problem+json',
    'content-type': 'application/json',
    ...(secret !== null && { authorization: `Bearer ${secret}` }),
  };
}
