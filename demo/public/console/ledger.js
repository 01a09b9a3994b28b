import { byId } from './dom.js';
import { createEntry } from './entry.js';
import { createRows } from './rows.js';
import { isProven, moneyWords } from './words.js';

/** Rows that are shown; the summary counts all. */
const shownRows = 100;
const showRows = createRows(byId('entries'), ({ kind, id }) => `${kind} ${id}`, createEntry);

/** Puts what is new on top, mends what has changed, and says both to a screen reader. */
export function showLedger({ clicks, items, rejections }) {
  const rows = [
    ...clicks.map((row) => ({ ...row, kind: 'click', at: row.clickedAt })),
    ...items.map((row) => ({ ...row, kind: row.event, at: row.receivedAt })),
    ...rejections.map((row) => ({ ...row, kind: 'rejection', at: row.lastSeenAt })),
  ];
  rows.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  showSummary(clicks, items);
  const told = showRows(rows.slice(0, shownRows)).map(announce).filter(Boolean);
  byId('empty').hidden = rows.length > 0;
  if (told.length > 0) byId('announcement').textContent = told.join(' ');
}

/** What there is to say of a change, if anything. */
function announce({ row, before }) {
  if (row.kind === 'purchase') {
    const money = moneyWords(row.amount, row.currency);
    if (!before) return `Purchase of ${money} by ${row.customerId} arrived.`;
    return !isProven(before) && isProven(row) ? `The purchase of ${money} is proven.` : '';
  }
  return before ? '' : news[row.kind];
}

const news = {
  click: 'A click on the marketplace’s link.',
  visit: 'A visit at Acme CRM.',
  signup: 'A signup arrived.',
  renewal: 'A renewal arrived.',
  refund: 'A refund arrived.',
  rejection: 'A message was refused.',
};

function showSummary(clicks, items) {
  const purchases = items.filter(({ event }) => event === 'purchase');
  byId('sum-clicks').textContent = clicks.length;
  byId('sum-visits').textContent = items.filter(({ event }) => event === 'visit').length;
  byId('sum-purchases').textContent = purchases.length;
  const revenue = new Map();
  for (const { referralMinted, amount, currency, refunded = 0, refundedCurrency } of purchases) {
    if (referralMinted && amount && currency) {
      const net = Number(amount) - (refundedCurrency ? 0 : Number(refunded));
      revenue.set(currency, (revenue.get(currency) ?? 0) + net);
    }
  }
  const sums = [...revenue].map(([currency, sum]) => moneyWords(sum, currency));
  byId('sum-revenue').textContent = sums.join(' + ') || '–';
}
