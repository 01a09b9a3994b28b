import type { BrowserContext } from '@playwright/test';
import { trackingPath } from '../../src/wire/paths.ts';

/** Lets no beacon out of the browser; sendBeacon itself still answers true. */
export function blockBeacons(context: BrowserContext): Promise<unknown> {
  return context.route(`**${trackingPath}`, (route) => route.abort('blockedbyclient'));
}
