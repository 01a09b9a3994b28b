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
  const news = showRows(rows.slice(0, shownRows)).map(announce).filter(Boolean);
  byId('empty').hidden = rows.length > 0;
  if (news.length > 0) byId('announcement').textContent = news.join(' ');
}

/** What there is to say of a change, if anything. */
function announce({ row, before }) {
  if (row.kind === 'purchase') {
    const money = moneyWords(row.amount, row.currency);
    if (!before) return `Purchase of ${money} by ${row.customerId} arrived.`;
    return !isProven(before) && isProven(row) ? `The purchase of ${money} is proven.` : '';
  }
  if (before) return '';
  if (row.kind === 'click') return 'A click on the marketplace’s link.';
  return row.kind === 'visit' ? 'A visit at Acme CRM.' : 'A message was refused.';
}

function showSummary(clicks, items) {
  const purchases = items.filter(({ event }) => event === 'purchase');
  byId('sum-clicks').textContent = clicks.length;
  byId('sum-visits').textContent = items.length - purchases.length;
  byId('sum-purchases').textContent = purchases.length;
  const revenue = new Map();
  for (const { referralMinted, amount, currency } of purchases) {
    if (referralMinted && amount && currency) {
      revenue.set(currency, (revenue.get(currency) ?? 0) + Number(amount));
    }
  }
  const sums = [...revenue].map(([currency, sum]) => moneyWords(sum, currency));
  byId('sum-revenue').textContent = sums.join(' + ') || '–';
}
