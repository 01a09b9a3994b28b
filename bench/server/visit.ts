import { EventEmitter, once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Conversion, Peer } from '../peers/peer.ts';

/** What is wrong with the network between the visitor and the collector. */
export type Network =
  | 'up'
  /** Connections are cut. */
  | 'down'
  /** The collector answers 503. */
  | 'unavailable'
  /** Only scripts and images get through, as behind a blocker of beacons, fetch and XMLHttpRequest. */
  | 'no posts'
  /** No images get through. */
  | 'no images';

/** One visitor of one page with one script. */
export interface Visit {
  peer: Peer;
  /** The collector's address for this visit alone, which is how its requests are told from all others. */
  base: string;
  network: Network;
  /** How long the script's own file takes. */
  scriptDelayMs: number;
  /** Each conversion that the collector accepted, in order. */
  arrivals: Conversion[];
  /** How many of the requests were preflights. */
  preflights: number;
  arrive(conversions: Conversion[]): void;
  /** Notes that a request came. */
  stir(): void;
  /** Resolves when no request has come for that time; a script that never rests is left alone after 5 s. */
  isQuiet(forMs: number): Promise<void>;
  /** Resolves to whether a conversion has arrived, at the latest after that time. */
  isDelivered(withinMs: number): Promise<boolean>;
}

const pollMs = 20;
const patienceMs = 5_000;

export function createVisit(peer: Peer, base: string): Visit {
  const arrived = new EventEmitter();
  let stirredAt = performance.now();
  return {
    peer,
    base,
    network: 'up',
    scriptDelayMs: 0,
    arrivals: [],
    preflights: 0,
    arrive(conversions) {
      this.arrivals.push(...conversions);
      if (conversions.length) arrived.emit('arrival');
    },
    stir() {
      stirredAt = performance.now();
    },
    async isQuiet(forMs) {
      const started = performance.now();
      while (performance.now() - Math.max(stirredAt, started) < forMs) {
        if (performance.now() - started > patienceMs) return;
        await wait(pollMs);
      }
    },
    async isDelivered(withinMs) {
      if (this.arrivals.length) return true;
      return await once(arrived, 'arrival', { signal: AbortSignal.timeout(withinMs) }).then(
        () => true,
        () => false,
      );
    },
  };
}
