import { attempt } from './attempt.ts';
import { storageName } from './options.ts';

/** localStorage, or what stands in for it on this page: reading it throws where storage is denied. */
export let storage: Record<string, string> = attempt(() => localStorage) || {};

/** The keys of this provider's purchases. */
export const keys = (): string[] => Object.keys(storage).filter((key) => key.startsWith(storageName + '.'));

/**
 * Stores the text; where storage is full, denied or not `lasting`, a copy of all that is stored stands in
 * for it from here on, so that this page goes on trying. True when the text outlives the page.
 */
export const useCopy = () => {
  storage = Object.assign({}, storage);
};
