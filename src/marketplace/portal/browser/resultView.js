import { outcomes } from './compareOrders.js';
import { byId, element } from './elements.js';
import { outcomeWords, resultRow } from './resultTable.js';

/** @import { Outcome } from './compareOrders.js' */
/** @import { Filter, Question, Told } from './reconcileWorker.js' */

/**
 * The result of a comparison: how many there are of each outcome, and the rows that were asked for.
 *
 * @param {(question: Question) => void} ask
 * @param {string} purchases address of the list of purchases
 */
export function createResultView(ask, purchases) {
  const result = byId('result', HTMLElement);
  const summary = byId('summary', HTMLElement);
  const outcome = byId('outcome', HTMLSelectElement);
  const search = byId('search', HTMLInputElement);
  const rows = byId('rows', HTMLElement);
  const shown = byId('shown', HTMLElement);
  const earlier = byId('earlier', HTMLButtonElement);
  const later = byId('later', HTMLButtonElement);
  /** Where the parts before and after the shown one begin. */
  let previous = 0;
  let next = 0;

  /** @returns {Filter} */
  const filter = () => ({ outcome: outcomes.find((name) => name === outcome.value), text: search.value });
  /** @param {number} offset */
  const show = (offset) => ask({ kind: 'show', filter: filter(), offset });

  outcome.addEventListener('change', () => show(0));
  search.addEventListener('input', () => show(0));
  earlier.addEventListener('click', () => show(previous));
  later.addEventListener('click', () => show(next));
  byId('save', HTMLButtonElement).addEventListener('click', () => ask({ kind: 'save', filter: filter() }));

  return {
    hide() {
      result.hidden = true;
    },

    /** @param {Record<Outcome, number>} counts */
    showCounts(counts) {
      const whole = outcomes.reduce((sum, name) => sum + counts[name], 0);
      summary.replaceChildren(...outcomes.map((name) => tile(name, counts[name])));
      outcome.replaceChildren(
        element('option', { value: '' }, `All (${numeral(whole)})`),
        ...outcomes.map((value) =>
          element('option', { value }, `${outcomeWords[value].text} (${numeral(counts[value])})`),
        ),
      );
      search.value = '';
      result.hidden = false;
      show(0);
    },

    /** @param {Extract<Told, { kind: 'rows' }>} told */
    showRows(told) {
      const { total, offset } = told;
      previous = told.previous;
      next = offset + told.rows.length;
      rows.replaceChildren(...told.rows.map((row) => resultRow(row, purchases)));
      shown.textContent =
        total === 0 ? 'Nothing fits.' : `${numeral(offset + 1)} to ${numeral(next)} of ${numeral(total)}`;
      earlier.disabled = offset === 0;
      later.disabled = next >= total;
    },
  };
}

/**
 * Hands the result over as a file.
 *
 * @param {string} csv
 */
export function download(csv) {
  const address = URL.createObjectURL(new Blob([csv], { type: 'text/csv' }));
  element('a', { href: address, download: 'reconciliation.csv' }).click();
  // Once the download has begun it has the file.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/**
 * @param {number} count
 * @returns {string}
 */
export function numeral(count) {
  return count.toLocaleString('en');
}

/**
 * @param {Outcome} name
 * @param {number} count
 * @returns {HTMLElement}
 */
function tile(name, count) {
  return element(
    'div',
    { class: 'tile' },
    element('dt', {}, outcomeWords[name].text),
    element('dd', { 'data-outcome': name }, numeral(count)),
  );
}
