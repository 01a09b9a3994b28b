// Keeps the parts of a page up to date that are marked `data-live`: told that something has changed, it loads the page anew
// and puts the new parts in the places of the old ones.
import { drawCharts } from './chart.js';

/** So long there is between two loads of the page, in milliseconds... */
const leastMs = 2_000;
/** ...and so many times as long as the last one took: a service that has much to do is asked less. */
const leastRests = 10;
/** After this, a page tries again whose browser has given up, in milliseconds. */
const retryMs = 15_000;
/** Screen readers are told so often at most. */
const announceMs = 60_000;

const state = document.querySelector('[data-live-state]');

if (state instanceof HTMLElement && typeof EventSource === 'function') begin(state);

/** @param {HTMLElement} state where it is shown; names the address of the events */
function begin(state) {
  const { liveState: address = '' } = state.dataset;
  const text = document.createElement('span');
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'plain';
  const said = document.createElement('span');
  said.className = 'unseen';
  said.setAttribute('role', 'status');
  state.replaceChildren(text, ' ', button, said);

  /** @type {EventSource | undefined} */
  let source;
  let isPaused = false;
  let isLoading = false;
  let isAskedAgain = false;
  let wasLost = false;
  let nextAt = Date.now() + leastMs;
  let announcedAt = Date.now();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {Document | undefined} */
  let shown;

  /** @param {string} words */
  function say(words) {
    text.textContent = words;
    button.textContent = isPaused ? 'Resume' : 'Pause';
  }

  function open() {
    if (source || isPaused || document.hidden) return;
    source = new EventSource(address);
    source.addEventListener('open', () => {
      say('Live');
      // What has changed meanwhile was not told.
      if (wasLost) load();
      wasLost = false;
    });
    source.addEventListener('change', schedule);
    source.addEventListener('error', () => {
      wasLost = true;
      say('Not connected, trying again');
      if (source?.readyState !== EventSource.CLOSED) return;
      // The browser has given up: too many pages are live, or an answer was none for it to go on by.
      close();
      timer = setTimeout(() => {
        timer = undefined;
        load();
        open();
      }, retryMs);
    });
  }

  function close() {
    source?.close();
    source = undefined;
    clearTimeout(timer);
    timer = undefined;
  }

  function schedule() {
    if (timer !== undefined) return;
    timer = setTimeout(
      () => {
        timer = undefined;
        load();
      },
      Math.max(0, nextAt - Date.now()),
    );
  }

  function load() {
    if (isLoading) {
      isAskedAgain = true;
      return;
    }
    isLoading = true;
    const beganAt = Date.now();
    // Parsed by the request itself, which runs nothing of it: by a text, Trusted Types would have to be satisfied.
    const request = new XMLHttpRequest();
    request.responseType = 'document';
    request.addEventListener('loadend', () => {
      isLoading = false;
      nextAt = Date.now() + Math.max(leastMs, (Date.now() - beganAt) * leastRests);
      const page = request.status === 200 ? request.responseXML : null;
      if (page) {
        replaceParts(page, shown);
        shown = page;
        drawCharts();
        const now = new Date();
        say(`Live, updated ${now.toLocaleTimeString()}`);
        if (now.getTime() - announcedAt >= announceMs) {
          announcedAt = now.getTime();
          said.textContent = `Updated ${now.toLocaleTimeString()}`;
        }
      } else if (request.status === 401) {
        isPaused = true;
        close();
        say('Not live: you are signed out');
      }
      if (isAskedAgain) schedule();
      isAskedAgain = false;
    });
    request.open('GET', location.href);
    request.send();
  }

  button.addEventListener('click', () => {
    isPaused = !isPaused;
    if (isPaused) close();
    say(isPaused ? 'Paused' : 'Live');
    if (!isPaused) {
      open();
      load();
    }
  });
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) close();
    else if (!isPaused) {
      open();
      // What has changed meanwhile was not told.
      load();
    }
  });
  addEventListener('pagehide', close);
  addEventListener('pageshow', open);
  say('Connecting');
  open();
}

/**
 * @param {Document} page
 * @param {Document | undefined} shown the page whose parts are shown, as it came
 */
function replaceParts(page, shown) {
  for (const part of document.querySelectorAll('[data-live]')) {
    const next = page.getElementById(part.id);
    if (!next || shown?.getElementById(part.id)?.isEqualNode(next)) continue;
    const { activeElement } = document;
    // Nobody's choice is taken out of their hands.
    if (part.contains(activeElement) && activeElement?.matches('input, select, textarea')) continue;
    replacePart(part, document.importNode(next, true));
  }
}

/**
 * What is open stays open, where it was scrolled to and what has the focus, too.
 *
 * @param {Element} part
 * @param {Element} next
 */
function replacePart(part, next) {
  const details = [...part.querySelectorAll('details')].map(({ open }) => open);
  for (const [index, each] of next.querySelectorAll('details').entries())
    each.open = details[index] ?? each.open;
  const scrolled = [...part.querySelectorAll('.scroll')].map(({ scrollLeft, scrollTop }) => [
    scrollLeft,
    scrollTop,
  ]);
  const focusable = 'a[href], button, summary, [tabindex]';
  const { activeElement } = document;
  const focused = activeElement ? [...part.querySelectorAll(focusable)].indexOf(activeElement) : -1;
  part.replaceWith(next);
  for (const [index, each] of next.querySelectorAll('.scroll').entries()) {
    const [left = 0, top = 0] = scrolled[index] ?? [];
    each.scrollTo(left, top);
  }
  const again = focused < 0 ? undefined : next.querySelectorAll(focusable)[focused];
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
}
