import { attempt } from './attempt.ts';
import { storageName } from './options.ts';

/** localStorage, or what stands in for it on this page. */
export let storage: Record<string, string>;

/** Even naming localStorage, or looking into it, throws where storage is denied: then this page keeps its own. */
export const useStorage = (): void => {
  attempt(() => Object.keys((storage = localStorage))) || (storage = {});
};

/** From here on a copy stands in for localStorage: it is full, and this page goes on trying with what it has. */
export const leaveStorage = (): void => void (storage = { ...storage });

/** The keys of this provider's purchases. A dot ends the name, since no partner key has one. */
export const keys = (): string[] => Object.keys(storage).filter((key) => key.split(storageName + '.')[1]);
