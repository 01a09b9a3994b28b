import type { EndpointFault } from '../store/orders.ts';
import type { PostError } from './post.ts';

/** What a provider says to the buyer. Every other refusal is for the provider or the marketplace to mend. */
const refusalsOfBuyers = [400, 409, 422];

const faultsOfStatuses: Readonly<Record<number, EndpointFault>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  410: 'not_found',
};

/**
 * What has to be mended where an endpoint answers so; undefined where that isn't known to be it. A 303 isn't: it may
 * show what has been made.
 */
export function faultOfStatus(status: number): EndpointFault | undefined {
  if (status >= 300 && status < 400 && status !== 303) return 'redirected';
  if (status < 400 || isUnclear(status) || refusalsOfBuyers.includes(status)) return undefined;
  return faultsOfStatuses[status] ?? 'not_accepted';
}

/** Whether an answer leaves it open what became of the call, which may succeed another time. */
export function isUnclear(status: number): boolean {
  return status >= 500 || status === 408 || status === 429;
}

/**
 * What keeps a call from being sent. A host that can't be found or connected to may be back by itself, so it is called
 * again; an encryption that can't be trusted is for a person at once.
 */
export function faultOfConnection({ stage, code }: PostError): ConnectionFault {
  if (stage === 'lookup' && code === 'ENOTFOUND') return 'unknown_host';
  const isBroken = code === undefined || /^E(CONNRESET|PIPE|TIMEDOUT)$/.test(code);
  return stage === 'tls' && !isBroken ? 'tls' : 'unreachable';
}
type ConnectionFault = Extract<EndpointFault, 'unknown_host' | 'tls' | 'unreachable'>;
