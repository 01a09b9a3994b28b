import type { Network } from '../server/visit.ts';

/** What the visitor does with the conversion. */
export type Story =
  /** Stays on the page when it is called. */
  | 'stay'
  /** Is led to another site in the same tick. */
  | 'leave'
  /** Reloads the thank-you page, which calls while it is parsed. */
  | 'reload'
  /** Is on a page that calls before the script has loaded. */
  | 'early';

/** One column of the picture: what goes wrong, and what the visitor does. */
export interface Scenario {
  id: string;
  /** As tables call it. */
  title: string;
  story: Story;
  /** What the browser, an extension or the page has done to the page's own functions. */
  spoil?: () => void;
  /** The network for the whole visit: as a blocker, which is there on the next page, too. */
  network?: Network;
  /** The network from the call on, for the time of an outage. */
  outage?: Network;
}

export const scenarios: Scenario[] = [
  { id: 'works', title: 'nothing goes wrong', story: 'stay' },
  { id: 'leave', title: 'page left in the same tick', story: 'leave' },
  { id: 'early', title: 'called before the script has loaded', story: 'early' },
  {
    id: 'beacon-false',
    title: 'sendBeacon answers false',
    story: 'stay',
    spoil: () => {
      Navigator.prototype.sendBeacon = () => false;
    },
  },
  {
    id: 'beacon-throws',
    title: 'sendBeacon throws',
    story: 'stay',
    spoil: () => {
      Navigator.prototype.sendBeacon = () => {
        throw new TypeError('no beacons here');
      };
    },
  },
  {
    id: 'beacon-missing',
    title: 'sendBeacon is missing',
    story: 'stay',
    spoil: () => {
      Reflect.deleteProperty(Navigator.prototype, 'sendBeacon');
    },
  },
  {
    id: 'beacon-lies',
    title: 'sendBeacon says true, sends nothing',
    story: 'stay',
    spoil: () => {
      Navigator.prototype.sendBeacon = () => true;
    },
  },
  { id: 'no-posts', title: 'beacon, fetch and XHR blocked', story: 'stay', network: 'no posts' },
  { id: 'no-images', title: 'images blocked', story: 'stay', network: 'no images' },
  { id: 'offline', title: 'offline for 5 s after the call', story: 'stay', outage: 'down' },
  { id: 'unavailable', title: 'server says 503 for 5 s', story: 'stay', outage: 'unavailable' },
  {
    id: 'cookies-throw',
    title: 'document.cookie throws',
    story: 'stay',
    spoil: () => {
      const denied = () => {
        throw new DOMException('cookies are denied', 'SecurityError');
      };
      Object.defineProperty(Document.prototype, 'cookie', { get: denied, set: denied });
    },
  },
  {
    id: 'storage-denied',
    title: 'localStorage denied',
    story: 'stay',
    spoil: () => {
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('storage is denied', 'SecurityError');
        },
      });
    },
  },
  { id: 'reload', title: 'reloaded: counted exactly once', story: 'reload' },
];
