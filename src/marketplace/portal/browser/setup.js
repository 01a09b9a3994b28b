// Keeps the lamps of the set-up page true while it is looked at, and gives its lines the address by which the reader
// knows the service: a proxy may have put it where it doesn't know of.
import { byId, element, said } from './elements.js';

/** @typedef {{ lamps: { name: string, lit?: { id: string, at: string, of?: string, isTest: boolean } }[], causes: { title: string, advice: string, link?: { text: string, path: string } }[] }} Setup */

const pollMs = 3_000;
/** After so long in the dark somebody wants to know why. */
const patienceMs = 60_000;

const lamps = byId('lamps', HTMLElement);
const lampsSaid = byId('lamps-said', HTMLElement);
const causes = byId('causes', HTMLDetailsElement);
const causeList = byId('cause-list', HTMLElement);
const { zone: timeZone } = document.documentElement.dataset;
const times = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone });

/** @param {Setup} setup */
function show(setup) {
  for (const { name, lit } of setup.lamps) {
    const item = lamps.querySelector(`[data-lamp="${name}"]`);
    const evidence = item?.querySelector('.evidence');
    const badge = item?.querySelector('.badge');
    if (!(item instanceof HTMLElement) || !evidence || !badge || !lit) continue;
    if (item.dataset.lit === undefined) {
      lampsSaid.textContent = `${item.querySelector('h3')?.textContent ?? ''} has arrived.`;
      item.dataset.lit = '';
      badge.className = 'badge good';
      badge.textContent = 'Arrived';
    }
    const time = element('time', { datetime: lit.at }, times.format(new Date(lit.at)));
    // Anew only where it changed, lest somebody's focus go.
    if (evidence.querySelector('time')?.dateTime === lit.at) continue;
    evidence.replaceChildren(element('a', { href: addressOf(`purchases/${lit.id}`) }, time));
    if (lit.of !== undefined) evidence.append(' · ', said(lit.of));
    if (lit.isTest) evidence.append(' · test');
  }
  causes.hidden = setup.causes.length === 0;
  causeList.replaceChildren(...setup.causes.map(causeItem));
}

/** @param {Setup['causes'][number]} cause */
function causeItem({ title, advice, link }) {
  const item = element('li', {}, element('strong', {}, said(title)), element('br', {}), said(advice));
  if (link) item.append(' ', element('a', { href: addressOf(link.path) }, link.text));
  return item;
}

/**
 * The address of another of the provider's pages.
 *
 * @param {string} path below that of the first one
 * @returns {string}
 */
function addressOf(path) {
  const folder = new URL(lamps.dataset.address ?? '', location.href);
  return new URL(`./${path}`, folder).href;
}

async function look() {
  if (document.hidden) return;
  try {
    const response = await fetch(lamps.dataset.address ?? '');
    if (response.ok) show(await response.json());
    else if (response.status === 401) end();
  } catch {
    // Offline, or the service begins anew: the next look tells.
  }
}

/** Writes the service's address into the lines, as this browser has it. */
function correctAddress() {
  const guides = byId('guides', HTMLElement);
  const { base = '', basePath = '' } = guides.dataset;
  const own = new URL(basePath, location.href).href.replace(/\/$/, '');
  if (own === base) return;
  for (const code of document.querySelectorAll('[data-copy]')) {
    code.textContent = (code.textContent ?? '').replaceAll(base, own);
  }
}

function end() {
  clearInterval(timer);
  lampsSaid.textContent = 'You are signed out: load the page again to go on.';
}

correctAddress();
const timer = setInterval(look, pollMs);
setTimeout(() => {
  causes.open = true;
}, patienceMs);
document.addEventListener('visibilitychange', look);
