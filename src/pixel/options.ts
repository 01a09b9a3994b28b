import { dayMs } from '../wire/fields.ts';
import { trackingPath } from '../wire/paths.ts';
import { attempt } from './attempt.ts';
import type { OptionName, ReadOption } from './types.ts';

let read: ReadOption;

export let partnerKey: string;
/** The name of the cookie, and what every storage key starts with. */
export let storageName: string;
/** Where messages go; with .gif behind it where the image asks. */
export let address: string;
/** How long a referral counts. */
export let windowMs: number;

/** Takes the options of the tag that runs, of a later tag with the same key, or of the module's caller. */
export const useOptions = (readOption: ReadOption): void => {
  read = readOption;
  partnerKey = option('partnerKey');
  storageName = 'onramp_' + partnerKey;
  address = option('endpoint').replace(/\/*$/, trackingPath);
  windowMs = (Number(option('windowDays')) || 30) * dayMs;
};

/** An option as it stands at this moment; empty when it isn't set. */
export const option = (name: OptionName): string => textOf(read(name));

/**
 * A value of the page's as the text that is sent, without the blanks around it; empty for what is none. As text, an
 * object or NaN would make all customers the same one; of objects only a Date is a value, of whatever frame.
 */
export const textOf = (value: unknown): string => {
  if (typeof value == 'object') return textOf(attempt(() => (value as Date).getTime()));
  return value || value === 0 ? String(value).trim() : '';
};
