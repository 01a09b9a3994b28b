import { attempt } from './attempt.ts';
import { storageName } from './options.ts';

/** localStorage, or what stands in for it on this page: even naming it throws where storage is denied. */
export let storage: Record<string, string> = attempt(() => localStorage) || {};

/**
 * From here on a copy of all that is stored stands in for it: storage is full, denied or not to be used any
 * further, and this page goes on trying with what it has.
 */
export const leaveStorage = (): void => {
  storage = Object.assign({}, storage);
};

/** The keys of this provider's purchases. A dot ends the name, since no partner key has one. */
export const keys = (): string[] => Object.keys(storage).filter((key) => key.startsWith(storageName + '.'));
