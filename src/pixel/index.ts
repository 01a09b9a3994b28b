import { option, readFixedOptions, useOptions } from './options.ts';
import { start } from './start.ts';
import { onrampTrack } from './track.ts';
import type { OnrampTrack, PixelOptions } from './types.ts';

export type { OnrampTrack, PixelOptions, Purchase, Receipt, Referral } from './types.ts';

/**
 * Starts the pixel from bundled code, without a script tag, and returns its `onrampTrack`. `endpoint` is
 * ONRAMP_BASE_URL; the other options are the tag's data attributes in camel case. Call it once, in a
 * browser: one pixel runs on a page.
 */
export function startOnramp(options: PixelOptions & { endpoint: string }): OnrampTrack {
  useOptions((name) => options[name] || '');
  readFixedOptions(option('endpoint'));
  start();
  return onrampTrack;
}
