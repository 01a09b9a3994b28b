// The page that compares a provider's own orders with the ledger: takes the file, asks what its columns are, shows what
// reconcileWorker.js has found.
import { createColumnForm } from './columnForm.js';
import { byId } from './elements.js';
import { createResultView, download, numeral } from './resultView.js';

/** @import { Question, Told } from './reconcileWorker.js' */

const form = byId('reconcile', HTMLFormElement);
const file = byId('file', HTMLInputElement);
const pasted = byId('pasted', HTMLTextAreaElement);
const drop = byId('drop', HTMLElement);
const progress = byId('progress', HTMLElement);
const failure = byId('failure', HTMLElement);
const { payments = '', rejections = '', purchases = '' } = form.dataset;

const worker = new Worker(ownScript('./reconcileWorker.js'), { type: 'module' });
const columnForm = createColumnForm();
const result = createResultView(ask, purchases);

/** @param {Question} question */
function ask(question) {
  worker.postMessage(question);
}

/**
 * Under Trusted Types a worker's address has to be vouched for; it is one of the service's own files.
 *
 * @param {string} name
 * @returns {string}
 */
function ownScript(name) {
  const address = new URL(name, import.meta.url).href;
  /** @type {{ createPolicy(name: string, rules: object): { createScriptURL(url: string): string } } | undefined} */
  const trustedTypes = Reflect.get(globalThis, 'trustedTypes');
  const policy = trustedTypes?.createPolicy('reconcile', {
    createScriptURL: (/** @type {string} */ url) => url,
  });
  return policy ? policy.createScriptURL(address) : address;
}

/** @param {Blob} blob */
async function read(blob) {
  say('Reading …');
  try {
    ask({ kind: 'read', bytes: new Uint8Array(await blob.arrayBuffer()) });
  } catch {
    say('', 'The file can’t be read. Save it anew where you have it, then choose it again.');
  }
}

function compare() {
  if (!form.reportValidity()) return;
  say('Comparing …');
  const absolute = (/** @type {string} */ address) => new URL(address, location.href).href;
  const addresses = { payments: absolute(payments), rejections: absolute(rejections) };
  ask({ kind: 'compare', ...columnForm.read(), addresses });
}

/**
 * @param {string} text
 * @param {string} [wrong]
 */
function say(text, wrong = '') {
  progress.textContent = text;
  failure.textContent = wrong;
  failure.hidden = wrong === '';
}

/** @param {Told} told */
function hear(told) {
  switch (told.kind) {
    case 'read':
      return takeFile(told);
    case 'progress':
      return say(`Comparing … ${numeral(told.count)} purchases of the marketplace read`);
    case 'compared':
      say(`Compared in ${(told.tookMs / 1000).toFixed(1)} s.`);
      return result.showCounts(told.counts);
    case 'rows':
      return result.showRows(told);
    case 'saved':
      return download(told.csv);
    case 'failed':
      return say('', told.message);
  }
}

/**
 * Compares at once where the file says all that is needed.
 *
 * @param {Extract<Told, { kind: 'read' }>} told
 */
function takeFile(told) {
  result.hide();
  const { lines, chosen, days } = told;
  if (lines === 0) {
    return say('', 'There are no lines in it. Export your orders as CSV, with a line for each order.');
  }
  columnForm.show(told);
  if (chosen.columns.orderId !== undefined && days) return compare();
  say(`${numeral(lines)} lines. Say which column is which, then compare.`);
  columnForm.focus();
}

worker.addEventListener('message', (/** @type {MessageEvent<Told>} */ { data }) => hear(data));
worker.addEventListener('error', () => say('', 'The comparison could not start. Load the page again.'));
form.addEventListener('submit', (event) => {
  event.preventDefault();
  compare();
});
file.addEventListener('change', async () => {
  const [chosen] = file.files ?? [];
  if (chosen) await read(chosen);
});
byId('read', HTMLButtonElement).addEventListener('click', async () => {
  await read(new Blob([pasted.value]));
});
drop.addEventListener('dragover', (event) => {
  event.preventDefault();
  drop.classList.add('over');
});
drop.addEventListener('dragleave', () => drop.classList.remove('over'));
drop.addEventListener('drop', async (event) => {
  event.preventDefault();
  drop.classList.remove('over');
  const [dropped] = event.dataTransfer?.files ?? [];
  const text = event.dataTransfer?.getData('text/plain') ?? '';
  await read(dropped ?? new Blob([text]));
});
form.hidden = false;
