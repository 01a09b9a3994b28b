import { attempt } from './attempt.ts';
import { storageName } from './options.ts';

/**
 * By key, what localStorage has of ours, what it could not take, and what the page has cleared away since: under the mere
 * name the referral, under `<name>.<epoch ms>.<hash>` a purchase each, so that two tabs never overwrite each other. A
 * purchase's text is its message until the marketplace has proven that it has it, and empty from then on: the memory
 * that it was sent.
 */
export const entries: Record<string, string> = {};

/**
 * Finds what other pages have stored. The browser opens localStorage at its first use, which takes a site that keeps
 * megabytes in it a tenth of a second: pages that track nothing come here only after they have loaded.
 */
export const readStorage = (): unknown =>
  // Where storage is denied even naming it throws.
  attempt(() =>
    Object.keys(localStorage).map((key) => {
      // No partner key has a dot. Read as a property, since pages wrap getItem for purposes of their own.
      if (key.split('.')[0] == storageName) entries[key] = localStorage[key];
    }),
  );

/** True when localStorage keeps it. */
export const store = (key: string, text: string): unknown => {
  entries[key] = text;
  return attempt(() => (localStorage[key] = text));
};

export const remove = (key: string): unknown =>
  attempt(() => delete entries[key] && delete localStorage[key]);

/** The age of what has its time in its key, either way: after a clock was set back, it may not stay for a year. */
export const ageMs = (key: string): number => Math.abs(Date.now() - Number(key.split('.')[1]));
