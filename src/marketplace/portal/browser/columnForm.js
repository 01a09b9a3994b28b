import { byId, element, said } from './elements.js';
import { columnNames } from './guessColumns.js';

/** @import { Days } from './fetchLedger.js' */
/** @import { Columns } from './guessColumns.js' */
/** @import { Chosen, Told } from './reconcileWorker.js' */

/** Where a person sees which column is which, and says so where it isn't clear. */
export function createColumnForm() {
  const section = byId('columns', HTMLElement);
  const sampleNames = byId('sample-names', HTMLElement);
  const sample = byId('sample', HTMLElement);
  const decimalSign = byId('decimal-sign', HTMLSelectElement);
  const from = byId('from', HTMLInputElement);
  const to = byId('to', HTMLInputElement);
  const selects = columnNames.map((name) => ({ name, select: byId(`column-${name}`, HTMLSelectElement) }));

  function checkDays() {
    const isTurned = from.value !== '' && to.value !== '' && from.value > to.value;
    to.setCustomValidity(isTurned ? 'The last day lies before the first one.' : '');
  }
  for (const field of [from, to]) field.addEventListener('input', checkDays);

  return {
    /**
     * Fills it with what the file itself says.
     *
     * @param {Extract<Told, { kind: 'read' }>} told
     */
    show({ names, sample: rows, chosen, days }) {
      section.hidden = false;
      sampleNames.replaceChildren(...names.map((name) => element('th', { scope: 'col' }, said(name))));
      sample.replaceChildren(
        ...rows.map((cells) =>
          element('tr', {}, ...names.map((_, index) => element('td', {}, said(cells[index] ?? '')))),
        ),
      );
      for (const { name, select } of selects) {
        const none = name === 'orderId' ? 'Choose a column' : 'Not in the file';
        select.replaceChildren(
          element('option', { value: '' }, none),
          ...names.map((text, index) => element('option', { value: String(index) }, text)),
        );
        select.value = String(chosen.columns[name] ?? '');
      }
      decimalSign.value = chosen.decimalSign;
      if (days) [from.value, to.value] = [days.from, days.to];
      checkDays();
    },

    focus() {
      section.focus();
    },

    /** @returns {{ chosen: Chosen, days: Days }} */
    read() {
      /** @type {Columns} */
      const columns = {};
      for (const { name, select } of selects) {
        if (select.value !== '') columns[name] = Number(select.value);
      }
      return {
        chosen: { columns, decimalSign: decimalSign.value === ',' ? ',' : '.' },
        days: { from: from.value, to: to.value },
      };
    },
  };
}
