// The page that compares a provider's own orders with the ledger: takes the file, asks what its columns are, shows what
// reconcileWorker.js has found.

import { byId, element, said } from './elements.js';
import { columnNames } from './guessColumns.js';
import { outcomeWords, resultRow } from './resultTable.js';

/** @import { Outcome } from './compareOrders.js' */
/** @import { Columns } from './guessColumns.js' */
/** @import { Filter, Question, Told } from './reconcileWorker.js' */

const form = byId('reconcile', HTMLFormElement);
const file = byId('file', HTMLInputElement);
const pasted = byId('pasted', HTMLTextAreaElement);
const drop = byId('drop', HTMLElement);
const columns = byId('columns', HTMLElement);
const sampleNames = byId('sample-names', HTMLElement);
const sample = byId('sample', HTMLElement);
const decimalSign = byId('decimal-sign', HTMLSelectElement);
const from = byId('from', HTMLInputElement);
const to = byId('to', HTMLInputElement);
const progress = byId('progress', HTMLElement);
const failure = byId('failure', HTMLElement);
const result = byId('result', HTMLElement);
const summary = byId('summary', HTMLElement);
const outcome = byId('outcome', HTMLSelectElement);
const search = byId('search', HTMLInputElement);
const rows = byId('rows', HTMLElement);
const shown = byId('shown', HTMLElement);
const earlier = byId('earlier', HTMLButtonElement);
const later = byId('later', HTMLButtonElement);
const selects = columnNames.map((name) => ({ name, select: byId(`column-${name}`, HTMLSelectElement) }));

const worker = new Worker(ownScript('./reconcileWorker.js'), { type: 'module' });
/** Where the parts of the result before and after the shown one begin. */
let previous = 0;
let next = 0;

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
  ask({ kind: 'read', bytes: new Uint8Array(await blob.arrayBuffer()) });
}

function compare() {
  if (!form.reportValidity()) return;
  say('Comparing …');
  /** @type {Columns} */
  const chosen = {};
  for (const { name, select } of selects) {
    if (select.value !== '') chosen[name] = Number(select.value);
  }
  const { payments = '', rejections = '' } = form.dataset;
  /** @param {string} address */
  const absolute = (address) => new URL(address, location.href).href;
  ask({
    kind: 'compare',
    chosen: { columns: chosen, decimalSign: decimalSign.value === ',' ? ',' : '.' },
    days: { from: from.value, to: to.value },
    addresses: { payments: absolute(payments), rejections: absolute(rejections) },
  });
}

/** @returns {Filter} */
function filter() {
  const names = Object.keys(outcomeWords);
  const chosen = names.find((name) => name === outcome.value);
  return { outcome: /** @type {Outcome | ''} */ (chosen ?? ''), text: search.value };
}

/** @param {number} start */
function show(start) {
  ask({ kind: 'show', filter: filter(), offset: start });
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

/** @type {{ [Kind in Told['kind']]: (told: Extract<Told, { kind: Kind }>) => void }} */
const hear = {
  read({ lines, names, sample: cells, chosen, days }) {
    result.hidden = true;
    if (lines === 0)
      return say('', 'There are no lines in it. Export your orders as CSV, with a line for each order.');
    columns.hidden = false;
    for (const { name, select } of selects) {
      const none = element(
        'option',
        { value: '' },
        name === 'orderId' ? 'Choose a column' : 'Not in the file',
      );
      const options = names.map((text, index) => element('option', { value: String(index) }, text));
      select.replaceChildren(none, ...options);
      select.value = String(chosen.columns[name] ?? '');
    }
    decimalSign.value = chosen.decimalSign;
    if (days) [from.value, to.value] = [days.from, days.to];
    showSample(names, cells);
    const count = lines.toLocaleString('en');
    if (chosen.columns.orderId !== undefined && days) return compare();
    say(`${count} lines. Say which column is which, then compare.`);
    columns.focus();
  },
  progress({ count }) {
    say(`Comparing … ${count.toLocaleString('en')} purchases of the marketplace read`);
  },
  compared({ counts, tookMs }) {
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    say(`Compared in ${(tookMs / 1000).toFixed(1)} s.`);
    summary.replaceChildren(
      ...Object.entries(outcomeWords).map(([name, { text }]) =>
        element(
          'div',
          { class: 'tile' },
          element('dt', {}, text),
          element(
            'dd',
            { 'data-outcome': name },
            (counts[/** @type {Outcome} */ (name)] ?? 0).toLocaleString('en'),
          ),
        ),
      ),
    );
    outcome.replaceChildren(
      element('option', { value: '' }, `All (${total.toLocaleString('en')})`),
      ...Object.entries(outcomeWords).map(([name, { text }]) =>
        element(
          'option',
          { value: name },
          `${text} (${counts[/** @type {Outcome} */ (name)].toLocaleString('en')})`,
        ),
      ),
    );
    search.value = '';
    result.hidden = false;
    show(0);
  },
  rows({ rows: found, total, offset: start, previous: before }) {
    previous = before;
    next = start + found.length;
    rows.replaceChildren(...found.map((row) => resultRow(row, form.dataset.purchases ?? '')));
    shown.textContent =
      total === 0
        ? 'Nothing fits.'
        : `${(start + 1).toLocaleString('en')} to ${next.toLocaleString('en')} of ${total.toLocaleString('en')}`;
    earlier.disabled = start === 0;
    later.disabled = next >= total;
  },
  saved({ csv }) {
    const address = URL.createObjectURL(new Blob([csv], { type: 'text/csv' }));
    element('a', { href: address, download: 'reconciliation.csv' }).click();
    // Once the download has begun it has the file.
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  },
  failed({ message }) {
    say('', message);
  },
};

/**
 * @param {string[]} names
 * @param {string[][]} cells
 */
function showSample(names, cells) {
  sampleNames.replaceChildren(...names.map((name) => element('th', { scope: 'col' }, said(name))));
  sample.replaceChildren(
    ...cells.map((row) =>
      element('tr', {}, ...names.map((_, index) => element('td', {}, said(row[index] ?? '')))),
    ),
  );
}

worker.addEventListener('message', (/** @type {MessageEvent<Told>} */ { data }) => {
  const handle = /** @type {(told: Told) => void} */ (hear[data.kind]);
  handle(data);
});
worker.addEventListener('error', () => say('', 'The comparison could not start. Load the page again.'));

form.addEventListener('submit', (event) => {
  event.preventDefault();
  compare();
});
file.addEventListener('change', () => {
  const [chosen] = file.files ?? [];
  if (chosen) void read(chosen);
});
byId('read', HTMLButtonElement).addEventListener('click', () => {
  void read(new Blob([pasted.value]));
});
drop.addEventListener('dragover', (event) => {
  event.preventDefault();
  drop.classList.add('over');
});
drop.addEventListener('dragleave', () => drop.classList.remove('over'));
drop.addEventListener('drop', (event) => {
  event.preventDefault();
  drop.classList.remove('over');
  const [dropped] = event.dataTransfer?.files ?? [];
  const text = event.dataTransfer?.getData('text/plain') ?? '';
  void read(dropped ?? new Blob([text]));
});
outcome.addEventListener('change', () => show(0));
search.addEventListener('input', () => show(0));
earlier.addEventListener('click', () => show(previous));
later.addEventListener('click', () => show(next));
byId('save', HTMLButtonElement).addEventListener('click', () => ask({ kind: 'save', filter: filter() }));
form.hidden = false;
