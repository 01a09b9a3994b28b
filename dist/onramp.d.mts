import type { OnrampTrack, PixelOptions } from './types.js';
export type { OnrampTrack, PixelOptions, Purchase, Receipt, Referral } from './types.js';
/**
 * Starts the pixel from bundled code, without a script tag, and returns its `onrampTrack`. `endpoint` is
 * ONRAMP_BASE_URL; the other options are the tag's data attributes in camel case. One pixel runs in a window: started
 * again with the same key it goes on with the new options; with another key the first one goes on, and the console says
 * so. On a server it does nothing.
 */
export declare function startOnramp(options: PixelOptions & {
    endpoint: string;
}): OnrampTrack;
