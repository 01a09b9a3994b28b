import { byId } from './dom.js';

const frame = byId('frame');
/** How long a page has to answer after its load, before it counts as one that can't be reached. */
const answerMs = 800;

/** What happens behind each step's page. */
const stories = {
  listing: 'The marketplace’s own page. Its link will mark you as a visitor that it sent.',
  landing:
    'Acme’s own site. The pixel has kept who sent you, in a cookie of this site, and reported the visit.',
  signup: 'Acme makes an account for you. The marketplace hears nothing of what you type.',
  checkout: 'You choose a plan. To break something first, use the switches below.',
  payment: 'A third party takes the money. It knows nothing of the pixel, and can’t take the credit.',
  thanks: 'Acme’s page has told the pixel of your purchase. Look at the ledger.',
};

/** Follows the buyer through the frame: whose site it is, which step, and where the thank-you page was. */
export function startJourney(origins) {
  const owners = {
    [origins.marketplace]: 'Cloud Marketplace',
    [origins.provider]: 'Acme CRM',
    [origins.payment]: 'Example Payments',
  };
  const start = `${origins.marketplace}/`;
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
    byId('story').textContent = stories[step] ?? '';
    byId('own-tab').href = address;
    for (const marker of byId('steps').children) {
      if (marker.dataset.step === step) marker.setAttribute('aria-current', 'step');
      else marker.removeAttribute('aria-current');
    }
    if (step === 'thanks') rememberThanks(address);
  }

  function rememberThanks(thanksAddress) {
    for (const id of ['thanks-reload', 'thanks-tab']) byId(id).disabled = false;
    byId('thanks-reload').onclick = () => open(thanksAddress);
    byId('thanks-tab').onclick = () => window.open(thanksAddress, '_blank', 'noopener');
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
  byId('reload').onclick = () => open(address);
  byId('to-provider').onclick = () => open(`${origins.provider}/`);
  byId('own-tab').href = start;
  open(start);
}
