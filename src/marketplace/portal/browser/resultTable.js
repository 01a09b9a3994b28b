import { element, said } from './elements.js';

/** @import { Comparison, Outcome } from './compareOrders.js' */

/** @type {Record<Outcome, { text: string, standing: string }>} */
export const outcomeWords = {
  missing: { text: 'Missing at the marketplace', standing: 'bad' },
  refused: { text: 'Refused', standing: 'bad' },
  different: { text: 'Different', standing: 'wait' },
  twice: { text: 'Twice in the file', standing: 'wait' },
  unread: { text: 'Not readable', standing: 'plain' },
  extra: { text: 'Only at the marketplace', standing: 'wait' },
  matched: { text: 'Matched', standing: 'good' },
};

/**
 * @param {Comparison} row
 * @returns {HTMLTableRowElement}
 */
export function resultRow({ outcome, why, theirs, ours }) {
  const { text, standing } = outcomeWords[outcome];
  return element(
    'tr',
    {},
    element('td', { class: 'number' }, theirs ? theirs.line : '–'),
    element('th', { scope: 'row' }, said(theirs?.orderId || ours?.orderId || '–')),
    element('td', {}, element('span', { class: `badge ${standing}` }, text)),
    moneyCell(theirs?.amount, theirs?.currency, theirs?.customer),
    moneyCell(ours?.amount, ours?.currency, ours?.customerId),
    element('td', {}, why === '' ? '–' : said(why)),
  );
}

/**
 * @param {string | undefined} amount
 * @param {string | undefined} currency
 * @param {string | undefined} customer
 * @returns {HTMLTableCellElement}
 */
function moneyCell(amount, currency, customer) {
  const money = amount && currency && !amount.includes(currency) ? `${amount} ${currency}` : (amount ?? '');
  const lines = [money, customer ?? ''].filter((line) => line !== '');
  const cell = element('td', { class: 'number' });
  if (lines.length === 0) cell.append('–');
  for (const [index, line] of lines.entries())
    cell.append(...(index > 0 ? [element('br', {})] : []), said(line));
  return cell;
}
