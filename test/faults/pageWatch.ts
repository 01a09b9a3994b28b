/** What the watch in a page can tell at the end. */
export interface PageReport {
  /** Errors, rejections that nobody handled, and changes of the page. */
  complaints: string[];
  /** Names in the window that neither the browser nor the page has put there. */
  globals: string[];
  localStorage: Record<string, string>;
  /** Names of all else that is stored. */
  cookies: string[];
  elsewhere: string[];
}

export interface PageWatch {
  /** The page's own doings are over: from now on it is the tag's. */
  begin(): void;
  report(): Promise<PageReport>;
  /** Whether the page came back from the back/forward cache. */
  persisted: boolean;
}

declare global {
  interface Window {
    pageWatch: PageWatch;
  }
}

/**
 * Runs in the page before everything else, from its source text, and uses what was there then: the page may
 * break it later. What it sees it also posts to the site at once, since the page may be left.
 *
 * In a page that changes itself, changes are nobody's fault.
 *
 * It makes the pixel's waits for proofs ten times as short; those of 2 seconds stay, in which a page and the
 * stub have to hear something.
 */
export function watchPage(changesItself: boolean): void {
  const { fetch, setTimeout, XMLHttpRequest, indexedDB } = window;
  const { Promise: TruePromise } = window;
  const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
  const complaints: string[] = [];
  const attempt = <Result>(read: () => Result): Result | undefined => {
    try {
      return read();
    } catch {}
  };
  // Denied in a sandboxed frame.
  const [local, session, caches] = [
    attempt(() => window.localStorage),
    attempt(() => window.sessionStorage),
    attempt(() => window.caches),
  ];

  const complain = (what: string) => {
    complaints.push(what);
    const { origin } = new URL(location.href);
    const body = `complaint: ${what} (${location.pathname})`;
    fetch(origin, { method: 'POST', mode: 'no-cors', keepalive: true, body }).catch(() => {});
  };
  addEventListener('error', (event) => complain(`error: ${event.message}`));
  addEventListener('unhandledrejection', ({ reason }) => complain(`unhandled rejection: ${reason}`));
  // A parser only adds.
  new MutationObserver((records) => {
    if (changesItself) return;
    // A browser hides a nonce as soon as it has served.
    for (const { type, target, attributeName, removedNodes } of records)
      if ((type === 'attributes' && attributeName !== 'nonce') || removedNodes.length)
        complain(`${type} changed in ${target.nodeName}`);
  }).observe(document, { subtree: true, childList: true, attributes: true });

  window.setTimeout = ((handler: TimerHandler, milliseconds = 0, ...rest: unknown[]) =>
    setTimeout(
      handler,
      milliseconds === 2000 ? milliseconds : milliseconds / 10,
      ...rest,
    )) as typeof setTimeout;

  /** The page as the site serves it, parsed once more; no sink of trusted types, as DOMParser is one. */
  const served = () =>
    new TruePromise<Document | null>((resolve) => {
      const request = new XMLHttpRequest();
      request.open('GET', location.href);
      request.responseType = 'document';
      request.onloadend = () => resolve(request.responseXML);
      request.send();
    });
  // A tag that a script has put in is the page's own doing. [s]: this text stands in a page itself.
  const htmlOf = (page: Document | null) =>
    page?.documentElement.outerHTML
      .replace(/ nonce="[^"]*"/g, '')
      .replace(/<[s]cript[^>]*onramp[^>]*><\/script>/g, '');

  let usual = new Set<string>();
  const names = () => Object.getOwnPropertyNames(window);
  const watch: PageWatch = {
    persisted: false,
    begin() {
      usual = new Set([...names(), 'onrampTrack']);
    },
    async report() {
      const [before = '', now = ''] = [htmlOf(await served()), htmlOf(document)];
      const from = Array.from(now).findIndex((letter, index) => letter !== before[index]);
      if (before !== now && !changesItself)
        complain(`the page has changed: ${now.slice(from - 40, from + 200)}`);
      // Where storage is denied Chromium also rejects a promise that nobody holds.
      const databases = (await (local && indexedDB)?.databases().catch(() => [])) ?? [];
      const cacheNames = (await caches?.keys().catch(() => [])) ?? [];
      return {
        complaints,
        // Frames have numbers, and Playwright a name of its own in Firefox.
        globals: names().filter((name) => !usual.has(name) && !/^(\d+$|__pw|__playwright)/.test(name)),
        // What fills the storage to its brim takes long to be told, and nobody looks at it.
        localStorage: Object.fromEntries(
          Object.entries(local ?? {}).map(([key, text]) => [key, String(text).slice(0, 1_000)]),
        ),
        cookies: (attempt(() => String(cookie?.get?.call(document))) ?? '')
          .split('; ')
          .map((pair) => pair.replace(/=.*/, ''))
          .filter((name) => name),
        elsewhere: [
          ...Object.keys(session ?? {}),
          ...databases.map(({ name }) => String(name)),
          ...cacheNames,
        ],
      };
    },
  };
  addEventListener('pageshow', ({ persisted }) => {
    watch.persisted = persisted;
  });
  window.pageWatch = watch;
}
