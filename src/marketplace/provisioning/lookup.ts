import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';

export type FindAddresses = (host: string) => Promise<LookupAddress[]>;

/**
 * Looks hosts up, each once at a time, however many calls wait for it. The system looks up two at a time for the whole
 * process: those of one provider whose name server doesn't answer would otherwise hold up everybody's.
 */
export function createLookup(find: FindAddresses): LookupFunction {
  const underWay = new Map<string, Promise<LookupAddress[]>>();

  function findOnce(host: string): Promise<LookupAddress[]> {
    const known = underWay.get(host);
    if (known) return known;
    const finding = find(host).finally(() => underWay.delete(host));
    underWay.set(host, finding);
    return finding;
  }

  return (host, { all }, callback) => {
    findOnce(host).then(
      (addresses) => {
        if (all) callback(null, addresses);
        else callback(null, addresses[0]?.address ?? '', addresses[0]?.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, []),
    );
  };
}

/** For all calls of the process. */
export const lookUpOnce = createLookup((host) => lookup(host, { all: true }));
