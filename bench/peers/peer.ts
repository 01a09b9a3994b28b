import type { Received } from '../server/received.ts';

/** What every script is asked to report. */
export interface Order {
  /** Another one for each run, so that an arrival says which run it belongs to. */
  id: string;
  amount: number;
  currency: string;
}

/** A conversion that the collector found in a request. */
export interface Conversion {
  orderId: string;
  /** The script's own id of this event, where it gives one: copies that share it are one conversion. */
  eventId?: string | undefined;
}

/** A tracking script: how its vendor says that a page has it, calls it, and what it sends. */
export interface Peer {
  /** As tables call it. */
  title: string;
  /** What it is, and as which file it is measured. */
  about: string;
  version: string;
  /** Where the collector serves the script. */
  scriptPath: string;
  /** The script's text; some are built with their collector's address in them. */
  script(base: string): string;
  /** What stands in a page's head: the vendor's snippet, the tag, and the start with its configuration. */
  head(base: string): string;
  /** The statement that reports the order; absent where a script can only report that a page was viewed. */
  convert?: (order: Order) => string;
  /** The same for a page that is left at once, where the vendor documents another call for that. */
  convertAndLeave?: (order: Order) => string;
  /** Whether the vendor ships a stub that keeps calls made before the script has loaded. */
  hasStub: boolean;
  /** Whether it keeps a conversion that it can't send in the browser's storage, as it is measured here. */
  storesUnsent: boolean;
  /** Finds the conversions in a request. */
  recognise(received: Received): Conversion[];
  /** Where the collector passes the script's requests on; without it, the collector answers by itself. */
  service?: string;
  /** How many conversions the script's own server counted; default: the distinct ones that arrived. */
  count?: (orderId: string) => Promise<number>;
}
