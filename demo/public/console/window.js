import { byId } from './dom.js';

const frame = byId('frame');
/** How long a page has to answer after its load, before it counts as one that can't be reached. */
const answerMs = 800;

/** The browser window in the page: follows its visitor, and tells `onPage` which step is open at which address. */
export function startWindow({ origins, start, onPage }) {
  const owners = {
    [origins.marketplace]: 'Cloud Marketplace',
    [origins.provider]: 'Acme CRM',
    [origins.payment]: 'Example Payments',
  };
  let address = start;
  let answerTimer;

  function open(url) {
    frame.src = url;
  }

  function showPage(origin, step) {
    byId('unreachable').hidden = true;
    byId('owner').textContent = owners[origin];
    byId('owner').dataset.step = step;
    byId('address').textContent = address;
    byId('own-tab').href = address;
    onPage(step, address);
  }

  window.addEventListener('message', ({ origin, source, data }) => {
    if (source !== frame.contentWindow || !owners[origin] || data?.type !== 'page') return;
    clearTimeout(answerTimer);
    address = data.address;
    showPage(origin, data.step);
  });
  frame.addEventListener('load', () => {
    clearTimeout(answerTimer);
    answerTimer = setTimeout(() => {
      byId('unreachable').hidden = false;
    }, answerMs);
    frame.contentWindow.postMessage({ type: 'where' }, '*');
  });
  byId('restart').onclick = () => open(start);
  // Without the fragment, which would only make the page scroll.
  byId('reload').onclick = () => open(address.replace(/#.*/, ''));
  byId('to-provider').onclick = () => open(`${origins.provider}/`);
  byId('own-tab').href = start;
  open(start);
  return { open };
}
