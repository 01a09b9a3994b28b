import { readAmount } from './readAmount.js';
import { comparedText, remember } from './readOrders.js';

/** @import { FileOrder } from './readOrders.js' */

/**
 * A purchase or renewal as the marketplace has it.
 *
 * @typedef {object} LedgerOrder
 * @property {string} id
 * @property {string | undefined} orderId
 * @property {string} customerId
 * @property {string | undefined} amount
 * @property {string | undefined} currency
 * @property {string} purchasedAt
 * @property {boolean} [test] whether it came by a test referral, and counts for nothing
 */

/**
 * What the marketplace has refused, of an order.
 *
 * @typedef {object} RefusedOrder
 * @property {string} orderId
 * @property {string} reason
 * @property {string} detail
 */

/**
 * `matched`: both have it, alike; `different`: both have it, and something differs; `missing`: only the file has it;
 * `refused`: so too, and the marketplace was told of it and took it not; `twice`: the file has it again; `extra`: only
 * the marketplace has it; `unread`: the line can't be read as an order.
 *
 * @typedef {'matched' | 'different' | 'missing' | 'refused' | 'twice' | 'extra' | 'unread'} Outcome
 */

/**
 * @typedef {object} Comparison
 * @property {Outcome} outcome
 * @property {FileOrder | undefined} theirs
 * @property {LedgerOrder | undefined} ours
 * @property {string} why in words; empty where both are alike
 */

/** @type {Outcome[]} */
export const outcomes = ['missing', 'refused', 'different', 'twice', 'unread', 'extra', 'matched'];

/**
 * The file's orders against the marketplace's, in the order of the file, and behind them what only the marketplace has.
 *
 * @param {readonly FileOrder[]} orders
 * @param {readonly LedgerOrder[]} ledger
 * @param {readonly RefusedOrder[]} refused
 * @param {(order: LedgerOrder) => boolean} isInRange whether the file should have it, by its time
 * @returns {Comparison[]}
 */
export function compareOrders(orders, ledger, refused, isInRange) {
  const byOrder = Map.groupBy(ledger, ({ orderId }) => comparedText(orderId ?? ''));
  const unnamed = Map.groupBy(byOrder.get('') ?? [], ({ customerId }) => comparedText(customerId));
  byOrder.delete('');
  const refusals = new Map(refused.map((refusal) => [comparedText(refusal.orderId), refusal]));
  const amountOf = remember((text) => readAmount(text, '.'));
  /** @type {Map<string, FileOrder>} the first line of each order */
  const firstLines = new Map();
  const found = new Set();

  /**
   * What the file says and the marketplace doesn't, or otherwise.
   *
   * @param {FileOrder} theirs
   * @param {LedgerOrder} ours
   * @returns {string[]}
   */
  function differencesOf(theirs, ours) {
    const differences = [];
    const amount = ours.amount === undefined ? undefined : amountOf(ours.amount);
    if (theirs.decimal !== undefined && amount !== theirs.decimal) {
      differences.push(amount === undefined ? 'The marketplace knows no amount.' : 'Another amount.');
    }
    if (theirs.currency !== undefined && ours.currency !== undefined && ours.currency !== theirs.currency) {
      differences.push('Another currency.');
    }
    if (theirs.customer !== undefined && comparedText(ours.customerId) !== theirs.customer) {
      differences.push('Another customer.');
    }
    if (ours.test) differences.push('It came by a test referral and isn’t counted.');
    return differences;
  }

  /**
   * @param {FileOrder} order
   * @returns {LedgerOrder | undefined}
   */
  function take(order) {
    const named = byOrder.get(order.orderId)?.filter((row) => !found.has(row));
    const alike = named?.find((row) => differencesOf(order, row).length === 0) ?? named?.[0];
    if (alike || firstLines.has(order.orderId)) return alike;
    const candidates = order.customer === undefined ? [] : (unnamed.get(order.customer) ?? []);
    return candidates.find((row) => !found.has(row) && differencesOf(order, row).length === 0);
  }

  /**
   * @param {FileOrder} theirs
   * @returns {Comparison | undefined} undefined of a line that only goes on with an order
   */
  function compare(theirs) {
    const unreadable = whyUnreadable(theirs);
    if (unreadable) return { outcome: 'unread', theirs, ours: undefined, why: unreadable };
    const first = firstLines.get(theirs.orderId);
    // Some shops write a line for each article, and the order's total in the first of them alone.
    if (first && first.amount !== '' && theirs.amount === '') return undefined;
    const ours = take(theirs);
    if (!first) firstLines.set(theirs.orderId, theirs);
    if (!ours && first) {
      return { outcome: 'twice', theirs, ours, why: `It stands in line ${first.line} already.` };
    }
    const refusal = refusals.get(theirs.orderId);
    if (!ours) {
      return refusal
        ? { outcome: 'refused', theirs, ours, why: `${refusal.reason}: ${refusal.detail}` }
        : {
            outcome: 'missing',
            theirs,
            ours,
            why: 'No purchase of these days, or of a week around them, has this order id.',
          };
    }
    found.add(ours);
    const differences = differencesOf(theirs, ours);
    if (!ours.orderId) differences.unshift('The marketplace has it without an order id.');
    if (differences.length === 0) return { outcome: 'matched', theirs, ours, why: '' };
    if (refusal) differences.push(`A copy was refused: ${refusal.reason}.`);
    return { outcome: 'different', theirs, ours, why: differences.join(' ') };
  }

  const compared = orders.flatMap((order) => compare(order) ?? []);
  const extra = ledger
    .filter((row) => !found.has(row) && !row.test && isInRange(row))
    .map((ours) => whyExtra(ours, firstLines.get(comparedText(ours.orderId ?? ''))?.line));
  return [...compared, ...extra];
}

/**
 * @param {FileOrder} order
 * @returns {string | undefined}
 */
function whyUnreadable({ orderId, amount, decimal }) {
  if (orderId === '') return 'It has no order id.';
  if (amount !== '' && decimal === undefined) return `The amount “${amount}” can’t be read.`;
  if (decimal?.startsWith('-')) return 'Its amount is below zero: a refund is no order of its own.';
  return undefined;
}

/**
 * @param {LedgerOrder} ours
 * @param {number | undefined} line where the file has its order
 * @returns {Comparison}
 */
function whyExtra(ours, line) {
  const missing = ours.orderId ? 'The file has no such order.' : 'It has no order id, so no line can be it.';
  const why =
    line === undefined
      ? missing
      : `The marketplace has this order more than once; line ${line} is one of them.`;
  return { outcome: 'extra', theirs: undefined, ours, why };
}
