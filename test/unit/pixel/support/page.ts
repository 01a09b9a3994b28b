import type { DetachedWindowAPI } from 'happy-dom';
import { afterEach, beforeEach, vi } from 'vitest';
import type { OnrampTrack, PixelOptions } from '../../../../src/pixel/index.ts';

export type Fields = Record<string, string>;

/** An image that the pixel asked for; the test is the server, and answers when it likes. */
export interface Picture {
  address: string;
  message: string;
  fields: Fields;
  referrerPolicy: string;
  answer(width: number, height: number): void;
  fail(): void;
}

export interface Beacon {
  address: string;
  message: string;
  fields: Fields;
}

export interface PixelPage {
  track: OnrampTrack;
  /** All that the browser's beacon queue was offered and took. */
  beacons: Beacon[];
  pictures: Picture[];
}

export interface Setting {
  url?: string;
  referrer?: string;
  /** False: the beacon queue takes nothing. */
  beacons?: boolean;
}

/** The time at which every test starts. */
export const startMs = Date.UTC(2017, 2, 1, 10);
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

const { happyDOM } = window as unknown as { happyDOM: DetachedWindowAPI };
/** Browsers say that they deleted what isn't there; happy-dom says that it failed. */
const forgiving = new Proxy(localStorage, {
  deleteProperty: (stored, key) => Reflect.deleteProperty(stored, key) || true,
});
/** The end of the page that was opened last: its timers and listeners are no more. */
let closeLast = () => {};

/** Gives each test of a file a browser without history, at `startMs` of a clock that stands still. */
export function useFreshBrowser(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout'], now: startMs });
    vi.spyOn(console, 'error').mockImplementation(() => {});
    breakStorage(() => forgiving);
  });
  afterEach(() => {
    closeLast();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    localStorage.clear();
    // Before the clock is the real one again: by that all cookies have expired, and are out of reach.
    for (const cookie of document.cookie.split('; ')) {
      const name = cookie.split('=')[0];
      // biome-ignore lint/suspicious/noDocumentCookie: happy-dom has no other way
      document.cookie = `${name}=;path=/;domain=acme.example;expires=Thu, 01 Jan 1970 00:00:00 GMT`;
    }
    vi.useRealTimers();
  });
}

/** Opens a page of https://www.acme.example that has the pixel, as a browser loads it: with a module anew. */
export async function openPage(
  options: Partial<PixelOptions> = {},
  { url = 'https://www.acme.example/thanks?code=1#top', referrer = '', beacons: taken = true }: Setting = {},
): Promise<PixelPage> {
  closeLast();
  const beacons: Beacon[] = [];
  const pictures: Picture[] = [];
  happyDOM.setURL(url);
  Object.defineProperty(document, 'referrer', { configurable: true, value: referrer });
  Object.defineProperty(navigator, 'sendBeacon', {
    configurable: true,
    value(address: string, body: URLSearchParams) {
      const message = String(body);
      if (taken) beacons.push({ address, message, fields: fieldsOf(message) });
      return taken;
    },
  });
  vi.stubGlobal(
    'Image',
    class {
      width = 0;
      height = 0;
      referrerPolicy = '';
      onload?: () => void;
      onerror?: () => void;
      set src(source: string) {
        const [address = '', message = ''] = source.split('?');
        pictures.push({
          address,
          message,
          fields: fieldsOf(message),
          referrerPolicy: this.referrerPolicy,
          answer: (width, height) => {
            Object.assign(this, { width, height });
            this.onload?.();
          },
          fail: () => this.onerror?.(),
        });
      }
    },
  );
  const listening = vi.spyOn(window, 'addEventListener');
  vi.resetModules();
  const { startOnramp } = await import('../../../../src/pixel/index.ts');
  const track = startOnramp({ partnerKey: 'pk_acme', endpoint: 'https://market.example', ...options });
  const listeners = [...listening.mock.calls];
  listening.mockRestore();
  closeLast = () => {
    for (const [type, listener] of listeners) window.removeEventListener(type, listener);
    const now = Date.now();
    vi.clearAllTimers();
    // It sets the clock back as well.
    vi.setSystemTime(now);
  };
  return { track, beacons, pictures };
}

/** As the service reads them. */
function fieldsOf(message: string): Fields {
  return Object.fromEntries(new URLSearchParams(message));
}

/** What the provider's purchases have in localStorage: true for a message that waits, false for a sent mark. */
export function storedPurchases(partnerKey = 'pk_acme'): Record<string, boolean> {
  const entries = Object.entries(localStorage).filter(([key]) => key.startsWith(`onramp_${partnerKey}.`));
  return Object.fromEntries(entries.map(([key, text]) => [key, text !== '']));
}

/** Makes localStorage throw whenever it is named, as where storage is denied. */
export function denyStorage(): void {
  breakStorage(() => {
    throw new DOMException('denied', 'SecurityError');
  });
}

/** Makes localStorage refuse every text, as where its quota is used up. */
export function fillStorage(): void {
  const full = new Proxy(localStorage, {
    set() {
      throw new DOMException('full', 'QuotaExceededError');
    },
  });
  breakStorage(() => full);
}

function breakStorage(read: () => Storage): void {
  vi.spyOn(window, 'localStorage', 'get').mockImplementation(read);
}
