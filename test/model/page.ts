import type { Purchase, Receipt } from '../../src/pixel/types.ts';

/** What is wrong in one page; the next one may have other faults. */
export interface PageFaults {
  beacons: 'work' | 'are missing' | 'are refused' | 'throw' | 'are swallowed';
  storage: 'works' | 'is denied' | 'is full';
}

declare global {
  interface Window {
    /** What became of the tag: whether its script came. */
    tagEnd?: 'load' | 'error' | undefined;
    /** The receipt of a page that tracks at load. */
    thanks?: Promise<Receipt> | undefined;
  }
}

/**
 * Runs in the page before everything else but the watch, from its source text. The faults stand in the page's
 * query, which the tag neither reads nor sends.
 */
export function preparePage(): void {
  // Globals of the page's own, which the watch knows then.
  Object.assign(window, { tagEnd: undefined, thanks: undefined });
  for (const type of ['load', 'error'] as const) {
    const listener = ({ target }: Event) => {
      if (target instanceof HTMLScriptElement && target.src) window.tagEnd = type;
    };
    // Neither of these events bubbles.
    document.addEventListener(type, listener, true);
  }
  const faults = new URLSearchParams(location.search);
  if (faults.get('privacy') === 'is asked for by GPC') {
    Object.defineProperty(navigator, 'globalPrivacyControl', { value: true });
  }
  const { prototype } = Navigator;
  if (faults.get('beacons') === 'are missing') Reflect.deleteProperty(prototype, 'sendBeacon');
  if (faults.get('beacons') === 'are refused') prototype.sendBeacon = () => false;
  if (faults.get('beacons') === 'are swallowed') prototype.sendBeacon = () => true;
  if (faults.get('beacons') === 'throw') {
    prototype.sendBeacon = () => {
      throw new TypeError('no beacons here');
    };
  }
  if (faults.get('cookies') === 'are denied') {
    Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => {} });
  }
  if (faults.get('storage') === 'is denied') {
    Object.defineProperty(window, 'localStorage', {
      get() {
        throw new DOMException('denied', 'SecurityError');
      },
    });
  }
  if (faults.get('storage') === 'is full') {
    const { localStorage } = window;
    // As a browser whose quota is used up: what doesn't grow still fits.
    const set = (target: Storage, name: string, text: string) => {
      const known = target.getItem(name);
      if (known === null || known.length < text.length) throw new DOMException('full', 'QuotaExceededError');
      target.setItem(name, text);
      return true;
    };
    const full = new Proxy(localStorage, {
      set: (target, name, text) => set(target, String(name), String(text)),
      get(target, name) {
        if (name === 'setItem') return (key: string, text: string) => void set(target, key, text);
        const value = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    Object.defineProperty(window, 'localStorage', { get: () => full });
  }
}

/** Runs between stub and tag, as on a thank-you page whose purchase is known when it is served. */
export function trackAtLoad(): void {
  const given = new URLSearchParams(location.search).get('thanks');
  if (given) window.thanks = window.onrampTrack(JSON.parse(given) as Purchase);
}
