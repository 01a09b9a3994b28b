import { element, said } from './elements.js';

/** @import { Comparison, LedgerOrder, Outcome } from './compareOrders.js' */

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
 * @param {string} purchases address of the list of purchases
 * @returns {HTMLTableRowElement}
 */
export function resultRow({ outcome, why, theirs, ours }, purchases) {
  const { text, standing } = outcomeWords[outcome];
  return element(
    'tr',
    {},
    element('td', { class: 'number' }, theirs ? theirs.line : '–'),
    element('th', { scope: 'row' }, said(theirs?.orderId || ours?.orderId || '–')),
    element('td', {}, element('span', { class: `badge ${standing}` }, text)),
    moneyCell(theirs?.amount, theirs?.currency, theirs?.customer),
    moneyCell(ours?.amount, ours?.currency, ours?.customerId),
    element('td', {}, why === '' ? '–' : said(why), ...(ours ? [' ', storyLink(ours, purchases)] : [])),
  );
}

/**
 * In a window of its own, since the file goes with this page.
 *
 * @param {LedgerOrder} order
 * @param {string} purchases
 * @returns {HTMLAnchorElement}
 */
function storyLink({ id, orderId = 'a purchase without order id' }, purchases) {
  const href = `${purchases}/${encodeURIComponent(id)}`;
  const name = element('span', { class: 'unseen' }, ' of ', said(orderId), ', in a new window');
  return element('a', { href, target: '_blank', rel: 'noopener' }, 'Story', name);
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
