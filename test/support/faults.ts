import type { BrowserContext } from '@playwright/test';
import { trackingPath, trackingPicturePath } from '../../src/wire/paths.ts';

/** What a browser, an extension or the page can make of navigator.sendBeacon; each runs before the page. */
export const beacons = {
  works: () => {},
  'is missing': () => {
    Reflect.deleteProperty(Navigator.prototype, 'sendBeacon');
  },
  'answers false': () => {
    Navigator.prototype.sendBeacon = () => false;
  },
  throws: () => {
    Navigator.prototype.sendBeacon = () => {
      throw new TypeError('no beacons here');
    };
  },
  // As blockers do: they swallow it and say that it went.
  lies: () => {
    Navigator.prototype.sendBeacon = () => true;
  },
};

/** Lets no tracking image out of the browser. */
export function blockImages(context: BrowserContext): Promise<unknown> {
  return context.route(`**${trackingPicturePath}*`, (route) => route.abort('blockedbyclient'));
}

/** Lets no beacon out of the browser; sendBeacon itself still answers true. */
export function blockBeacons(context: BrowserContext): Promise<unknown> {
  return context.route(`**${trackingPath}`, (route) => route.abort('blockedbyclient'));
}
