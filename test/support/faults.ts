import type { BrowserContext } from '@playwright/test';
import { trackingPath, trackingPicturePath } from '../../src/wire/paths.ts';

/** Lets no beacon out of the browser; sendBeacon itself still answers true. */
export function blockBeacons(context: BrowserContext): Promise<unknown> {
  return context.route(`**${trackingPath}`, (route) => route.abort('blockedbyclient'));
}

/** Lets no tracking image out of the browser. */
export function blockImages(context: BrowserContext): Promise<unknown> {
  return context.route(`**${trackingPicturePath}*`, (route) => route.abort('blockedbyclient'));
}

/** As blockers do: swallows every beacon and says that it went. Runs before the page. */
export function swallowBeacons(): void {
  Navigator.prototype.sendBeacon = () => true;
}
