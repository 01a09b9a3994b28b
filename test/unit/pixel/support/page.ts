import type { DetachedWindowAPI } from 'happy-dom';
import { afterEach, beforeEach, vi } from 'vitest';
import type { OnrampTrack, PixelOptions } from '../../../../src/pixel/index.ts';

export type Fields = Record<string, string>;

/** As the marketplace answers, or as somebody else does: with a picture that is so wide and high. */
export type Answer = ['stored' | 'refused'] | [width: number, height: number];

/** An image that the pixel asked for; the test is the server, and answers when it likes. */
export interface Picture {
  address: string;
  message: string;
  fields: Fields;
  referrerPolicy: string;
  /** The page has stopped it: its address was taken away. */
  isStopped: boolean;
  answer(...answer: Answer): void;
  fail(): void;
}

export interface Beacon {
  address: string;
  /** What the body is: the browser sends a form as what it is, and a text as text/plain. */
  kind: string;
  message: string;
  fields: Fields;
}

/** What leaves a window. */
export interface Traffic {
  /** All that the browser's beacon queue was offered and took. */
  beacons: Beacon[];
  pictures: Picture[];
}

export interface PixelPage extends Traffic {
  track: OnrampTrack;
}

export interface Setting {
  url?: string;
  /** The address that the page was opened with, where a router has changed it since. */
  openedWith?: string;
  referrer?: string;
  /** False: the beacon queue takes nothing. */
  beacons?: boolean;
}

/** The time at which every test starts. Its milliseconds make pictures of an area that other pictures have as well. */
export const startMs = Date.UTC(2017, 2, 1, 10, 0, 0, 123);
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

const { happyDOM } = window as unknown as { happyDOM: DetachedWindowAPI };
/** Browsers say that they deleted what isn't there; happy-dom says that it failed. */
const forgiving = new Proxy(localStorage, {
  deleteProperty: (stored, key) => Reflect.deleteProperty(stored, key) || true,
});
/** The end of the page that was opened last: its timers and listeners are no more. */
let closeLast = () => {};
/** Takes away all listeners that were added to the open window, as document.open does. */
export let loseListeners = () => {};

/** Gives each test of a file a browser without history, at `startMs` of a clock that stands still. */
export function useFreshBrowser(): void {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout'], now: startMs });
    vi.spyOn(console, 'error').mockImplementation(() => {});
    breakStorage(() => forgiving);
  });
  afterEach(() => {
    closeLast();
    closeLast = () => {};
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    localStorage.clear();
    // Before the clock is the real one again: by that all cookies have expired, and are out of reach.
    for (const cookie of document.cookie.split('; ')) {
      const name = cookie.split('=')[0];
      for (const domain of [';domain=acme.example', ';domain=www.acme.example', '']) {
        // biome-ignore lint/suspicious/noDocumentCookie: happy-dom has no other way
        document.cookie = `${name}=;path=/${domain};expires=Thu, 01 Jan 1970 00:00:00 GMT`;
      }
    }
    vi.useRealTimers();
  });
}

/** Opens a page of https://www.acme.example that has the pixel, as a browser loads it: with a module anew. */
export async function openPage(
  options: Partial<PixelOptions> = {},
  setting: Setting = {},
): Promise<PixelPage> {
  const traffic = openWindow(setting);
  vi.resetModules();
  const { startOnramp } = await import('../../../../src/pixel/index.ts');
  const track = startOnramp({ partnerKey: 'pk_acme', endpoint: 'https://market.example', ...options });
  return { track, ...traffic };
}

/** Closes the last window, with its timers and listeners, and opens one that has no pixel yet. */
export function openWindow({
  url = 'https://www.acme.example/thanks?code=1#top',
  openedWith = url,
  referrer = '',
  beacons: taken = true,
}: Setting = {}): Traffic {
  closeLast();
  Reflect.deleteProperty(window, 'onrampTrack');
  document.body.replaceChildren();
  const beacons: Beacon[] = [];
  const pictures: Picture[] = [];
  happyDOM.setURL(url);
  vi.spyOn(performance, 'getEntries').mockReturnValue([{ name: openedWith } as PerformanceEntry]);
  Object.defineProperty(document, 'referrer', { configurable: true, value: referrer });
  Object.defineProperty(navigator, 'sendBeacon', {
    configurable: true,
    value(address: string, body: URLSearchParams) {
      const message = String(body);
      const kind = Object.prototype.toString.call(body);
      if (taken) beacons.push({ address, kind, message, fields: fieldsOf(message) });
      return taken;
    },
  });
  vi.stubGlobal('Image', imageThatAsks(pictures));
  const listening = vi.spyOn(window, 'addEventListener');
  loseListeners = () => {
    for (const [type, listener] of listening.mock.calls) window.removeEventListener(type, listener);
  };
  closeLast = () => {
    loseListeners();
    listening.mockRestore();
    const now = Date.now();
    vi.clearAllTimers();
    // It sets the clock back as well.
    vi.setSystemTime(now);
  };
  return { beacons, pictures };
}

/** Options that a page may have in its attributes, whatever the types say. */
export function asOptions(options: Record<string, unknown>): Partial<PixelOptions> {
  return options as Partial<PixelOptions>;
}

function imageThatAsks(pictures: Picture[]) {
  return class {
    width = 0;
    height = 0;
    referrerPolicy = '';
    onload?: () => void;
    onerror?: () => void;
    #picture: Picture | undefined;
    set src(source: string) {
      if (this.#picture) {
        this.#picture.isStopped = source === '';
        return;
      }
      const [address = '', message = ''] = source.split('?');
      const picture: Picture = {
        address,
        message,
        fields: fieldsOf(message),
        referrerPolicy: this.referrerPolicy,
        isStopped: false,
        answer: (...answer) => {
          const [width, height] = sizeOf(message, answer);
          Object.assign(this, { width, height });
          this.onload?.();
        },
        fail: () => this.onerror?.(),
      };
      this.#picture = picture;
      pictures.push(picture);
    }
  };
}

/** How wide and high the marketplace's picture is: one side tells of the time that ends the message. */
function sizeOf(message: string, [answer, height = 0]: Answer): [width: number, height: number] {
  if (typeof answer === 'number') return [answer, height];
  const length = 3 + (Number(/\d+$/.exec(message)?.[0]) % 1000);
  return answer === 'stored' ? [length, 1] : [1, length];
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

/** Makes the page forget all that it has sent, as where consent is withdrawn and given again. */
export async function forgetAll({ track, beacons, pictures }: PixelPage): Promise<void> {
  await track('consent', false);
  await track('consent', true);
  vi.clearAllTimers();
  beacons.length = pictures.length = 0;
}

/** Everything that makes the pixel send what waits, or ask for its proof. */
export async function giveAllChances(): Promise<void> {
  await vi.advanceTimersByTimeAsync(60_000);
  for (const type of ['online', 'pagehide', 'visibilitychange']) dispatchEvent(new Event(type));
  await vi.advanceTimersByTimeAsync(1000);
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
