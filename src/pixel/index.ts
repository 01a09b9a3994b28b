import { warn } from './attempt.ts';
import { option, partnerKey, useOptions } from './options.ts';
import { expectLanding } from './referral.ts';
import { calls, onrampTrack, start } from './track.ts';
import type { OnrampTrack, PixelHandle, PixelOptions } from './types.ts';

export type { OnrampTrack, PixelOptions, Purchase, Receipt, Referral } from './types.ts';

/** Where there is no page, as on a server that renders one. */
const trackNothing = (async (argument?: unknown) =>
  typeof argument == 'string' ? null : { status: 'held', reason: 'no browser' }) as OnrampTrack;

/**
 * Starts the pixel from bundled code, without a script tag, and returns its `onrampTrack`. `endpoint` is
 * ONRAMP_BASE_URL; the other options are the tag's data attributes in camel case. One pixel runs in a window: started
 * again with the same key it goes on with the new options; with another key the first one goes on, and the console says
 * so. On a server it does nothing.
 */
export function startOnramp(options: PixelOptions & { endpoint: string }): OnrampTrack {
  if (typeof document == 'undefined') return trackNothing;
  if (partnerKey && partnerKey != options.partnerKey) {
    warn('duplicate partnerKey');
    return onrampTrack;
  }
  useOptions((name) => options[name]);
  expectLanding();
  start();
  if (/onramp_debug/.test(location.href)) void showPanel(options.endpoint);
  return onrampTrack;
}

/** The panel for providers. It finds no tag to read, so it is given what it shows. */
async function showPanel(endpoint: string): Promise<void> {
  const handle: PixelHandle = { calls, option };
  try {
    const address = endpoint.replace(/\/*$/, '/onramp_debug.js?module');
    const panel = await import(
      /* webpackIgnore: true */ /* turbopackIgnore: true */ /* @vite-ignore */ address
    );
    panel.showPanel(handle);
  } catch (error) {
    warn(error);
  }
}
