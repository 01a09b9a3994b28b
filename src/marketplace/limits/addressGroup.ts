import { isIPv4 } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Groups of 16 bits in the first 64: what one household or server gets (RFC 6177), and can choose freely within. */
const networkParts = 4;

/**
 * What addresses share a budget: an IPv4 address by itself, an IPv6 address with its /64. What proxies wrote and is no
 * address shares one with all the like. Undefined for loopback: a proxy on this machine whose hop isn't trusted
 * speaks for everybody, and one budget for all buyers would lose purchases.
 */
export function addressGroup(address: string): string | undefined {
  // Some gateways write a port behind the address: 203.0.113.7:4711, [2001:db8::1]:4711.
  const bare = address.replace(/^\[(.*)\](:\d+)?$|^([\d.]+):\d+$/, '$1$3');
  // The usual case, told apart in a tenth of the time.
  if (isIPv4(bare)) return bare.startsWith('127.') ? undefined : bare;
  if (!ipaddr.isValid(bare)) return 'unknown';
  const parsed = ipaddr.process(bare);
  if (parsed.range() === 'loopback') return undefined;
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return `${parsed.parts
    .slice(0, networkParts)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
