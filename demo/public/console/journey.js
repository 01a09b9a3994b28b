import { byId } from './dom.js';
import { startWindow } from './window.js';

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

/** Follows the buyer through the frame: which step it is, and where the thank-you page was. */
export function startJourney(origins) {
  const { open } = startWindow({ origins, start: `${origins.marketplace}/`, onPage: showStep });

  function showStep(step, address) {
    byId('story').textContent = stories[step] ?? '';
    for (const marker of byId('steps').children) {
      if (marker.dataset.step === step) marker.setAttribute('aria-current', 'step');
      else marker.removeAttribute('aria-current');
    }
    if (step === 'thanks') rememberThanks(address);
  }

  function rememberThanks(address) {
    for (const id of ['thanks-reload', 'thanks-tab']) byId(id).disabled = false;
    byId('thanks-reload').onclick = () => open(address);
    byId('thanks-tab').onclick = () => window.open(address, '_blank', 'noopener');
  }
}
