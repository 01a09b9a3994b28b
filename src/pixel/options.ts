import { dayMs } from '../wire/fields.ts';
import { trackingPath } from '../wire/paths.ts';
import type { PixelOptions } from './types.ts';

/** Reads an option as it stands at this moment; empty when it isn't set. */
export type ReadOption = (name: keyof PixelOptions) => string;

export let option: ReadOption;
/** The name of the cookie, and what every storage key starts with. */
export let storageName: string;
/** Where messages go. */
export let address: string;

export const windowMs = (): number => (+option('windowDays') || 30) * dayMs;

/** Sets where the options come from, once: one pixel runs on a page. */
export const useOptions = (readOption: ReadOption): void => {
  option = readOption;
  storageName = 'onramp_' + option('partnerKey');
  address = option('endpoint').replace(/\/*$/, trackingPath);
};
