import { byId } from './dom.js';
import { moneyWords, timeWords } from './words.js';

/** Shows what a page on Acme's origin reads there: only that origin may see it. */
export function startKept(providerOrigin) {
  const frame = byId('kept-frame');
  let last = '';
  window.addEventListener('message', ({ origin, source, data }) => {
    if (source !== frame.contentWindow || origin !== providerOrigin || data?.type !== 'kept') return;
    const text = JSON.stringify(data.kept);
    if (text !== last) showKept(data.kept);
    last = text;
  });
  byId('kept-clear').onclick = () => frame.contentWindow.postMessage({ type: 'clear' }, providerOrigin);
  frame.src = `${providerOrigin}/kept`;
}

function showKept({ name, referral, purchases }) {
  const waiting = purchases.filter((purchase) => purchase.waiting);
  byId('kept-referral').textContent = referral
    ? `${referral.referral}, by the marketplace’s link${since(referral.landedAt)}.`
    : 'None: this browser has not come by the marketplace’s link.';
  byId('kept-waiting').textContent =
    waiting.map(waitingWords).join(' ') || 'Empty: nothing waits for its proof.';
  byId('kept-waiting').classList.toggle('waiting', waiting.length > 0);
  const count = purchases.length - waiting.length;
  byId('kept-sent').textContent = count
    ? `${count === 1 ? '1 purchase is' : `${count} purchases are`} remembered as sent, for 24 hours, so that a reload sends nothing.`
    : 'Empty: no purchase has been proven.';
  const lines = purchases.map(({ key, raw }) => `${key} = ${raw || '(empty: proven)'}`);
  if (referral) lines.unshift(`${name} = ${referral.raw}`);
  byId('kept-raw').textContent = lines.join('\n\n') || 'Nothing is stored.';
}

function since(landedAt) {
  return landedAt ? `, since ${timeWords(Number(landedAt))}` : '';
}

function waitingWords({ waiting }) {
  return `Order ${waiting.orderId}, ${moneyWords(waiting.amount, waiting.currency)}, waits for its proof.`;
}
