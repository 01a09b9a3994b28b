/*
 * What storage and cookies can be like. Each of these runs in the page, from its source text, so that it has to be
 * whole by itself.
 */

export function denyLocalStorage(): void {
  Object.defineProperty(window, 'localStorage', {
    get() {
      throw new DOMException('denied', 'SecurityError');
    },
  });
}

export function breakLocalStorage(): void {
  const fail = () => {
    throw new DOMException('broken', 'UnknownError');
  };
  const broken = new Proxy({}, { get: fail, set: fail, has: fail, ownKeys: fail, deleteProperty: fail });
  Object.defineProperty(window, 'localStorage', { value: broken });
}

export function fillLocalStorage(): void {
  for (let size = 4_194_304; size >= 1; size /= 2) {
    for (let piece = 0; ; piece++) {
      try {
        localStorage.setItem(`page-${size}-${piece}`, 'x'.repeat(size));
      } catch {
        break;
      }
    }
  }
}

export function refuseCookies(): void {
  Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => {} });
}

export function throwAtCookies(): void {
  const fail = () => {
    throw new DOMException('denied', 'SecurityError');
  };
  Object.defineProperty(Document.prototype, 'cookie', { get: fail, set: fail });
}

export function bothDenied(): void {
  Object.defineProperty(window, 'localStorage', { value: null });
  Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => {} });
}

export function fullAndRefused(): void {
  Object.defineProperty(Document.prototype, 'cookie', { get: () => '', set: () => {} });
  for (let size = 4_194_304; size >= 1; size /= 2) {
    for (let piece = 0; ; piece++) {
      try {
        localStorage.setItem(`page-${size}-${piece}`, 'x'.repeat(size));
      } catch {
        break;
      }
    }
  }
}

/** As a page does that logs out, or lets nothing pile up. */
export function clearAgainAndAgain(): void {
  setInterval(() => {
    localStorage.clear();
    for (const pair of document.cookie.split('; ')) {
      const name = pair.replace(/=.*/, '');
      const labels = location.hostname.split('.');
      for (let from = 0; name && from < labels.length; from++) {
        // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API isn't in all engines
        document.cookie = `${name}=;path=/;max-age=0;domain=${labels.slice(from).join('.')}`;
      }
    }
  }, 10);
}

export function clearWhenLeft(): void {
  for (const type of ['pagehide', 'visibilitychange']) addEventListener(type, () => localStorage.clear());
}

/** Names and values as a former version, another script or a bad day may have left them. */
export function leaveGarbage(partnerKey: string): void {
  const name = `onramp_${partnerKey}`;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API isn't in all engines
  document.cookie = `${name}=%E0%A4%A&&=landedAt=%00`;
  const endings = ['', '..', '.1', '.x.y', '.NaN.1', '.-1.1', `.${Date.now()}.1`];
  for (const ending of endings) localStorage[name + ending] = `garbage \ud800 &=%${ending}`;
  localStorage[`${name}.${Date.now()}.2`] = JSON.stringify({ partnerKey, event: 'purchase', version: 9 });
}
