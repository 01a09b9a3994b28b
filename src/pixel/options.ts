import { dayMs } from '../wire/fields.ts';
import { trackingPath } from '../wire/paths.ts';
import type { PixelOptions } from './types.ts';

/** Reads an option as it stands at this moment; empty when it isn't set. */
export type ReadOption = (name: keyof PixelOptions) => string;

export let option: ReadOption;
export let partnerKey: string;
/** The name of the cookie, and what every storage key starts with. */
export let storageName: string;
/** Where messages go; with .gif behind it where the image asks. */
export let address: string;
/** How long a referral counts. */
export let windowMs: number;

/** Sets where the options come from, once: one pixel runs on a page. */
export const useOptions = (readOption: ReadOption): ReadOption => (option = readOption);

/** Reads what doesn't change over the page's life. The endpoint is ONRAMP_BASE_URL. */
export const readFixedOptions = (endpoint: string): void => {
  address = endpoint.replace(/\/*$/, trackingPath);
  partnerKey = option('partnerKey');
  storageName = 'onramp_' + partnerKey;
  windowMs = (+option('windowDays') || 30) * dayMs;
};
