import css from './panel.css';

/** The one element that the panel adds to the page, with a shadow root that keeps the page's style and scripts out. */
export function createHost(): { host: HTMLElement; root: ShadowRoot } {
  const host = document.createElement('onramp-debug');
  const root = host.attachShadow({ mode: 'open' });
  // A style element would need style-src 'unsafe-inline' where the page has a Content Security Policy.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  return { host, root };
}

/** What happens in the panel is not the page's: its shortcuts, and what it counts and closes by clicks, stay out. */
const kept = ['click', 'keydown', 'keyup', 'keypress', 'pointerdown', 'pointerup', 'mousedown', 'mouseup'];
const keptToo = [
  'touchstart',
  'touchend',
  'focusin',
  'focusout',
  'wheel',
  'copy',
  'contextmenu',
  'input',
  'change',
];

export function keepEvents(host: HTMLElement): void {
  for (const type of [...kept, ...keptToo]) {
    host.addEventListener(type, (event) => event.stopPropagation(), { passive: true });
  }
}
