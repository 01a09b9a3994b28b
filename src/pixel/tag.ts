import { attempt } from './attempt.ts';
import type { ReadOption } from './types.ts';

/**
 * The options of a tag: its data attributes or, since tag managers strip them, the query of its address. They are read
 * anew each time, since a page may change them.
 */
export const optionsOf = (script: HTMLScriptElement): ReadOption => {
  // A script that stands in the page itself has no address.
  const url = script.src && new URL(script.src);
  return (name) =>
    script.dataset[name] ||
    (url &&
      (url.searchParams.get(name.replace(/[A-Z]/g, '-$&').toLowerCase()) ||
        (name == 'endpoint' && url.origin)));
};

/**
 * The tag that this script runs for: currentScript where it names a key, else the first script of the page that does, as
 * in modules, behind loaders that run scripts later, and where jQuery makes a copy without attributes. Nothing but a
 * script: HTML can put an image, a form or a frame of another site in the place of each property of the document.
 */
export const findTag = (): HTMLScriptElement | undefined => {
  return (
    [
      document.currentScript,
      ...Document.prototype.querySelectorAll.call(document, 'script'),
    ] as HTMLScriptElement[]
  ).find((script) => attempt(() => script.localName === 'script' && optionsOf(script)('partnerKey')));
};
