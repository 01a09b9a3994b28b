import { byId } from './dom.js';
import { createEntry } from './entry.js';
import { isProven, moneyWords } from './words.js';

/** What stands on the page, by the row's id: the row as text, to see a change, and its element. */
const shown = new Map();
/** Rows that are shown; the summary counts all. */
const shownRows = 100;
let isFirst = true;

/** Puts what is new on top, mends what has changed, and says both to a screen reader. */
export function showLedger({ clicks, items, rejections }) {
  const rows = [
    ...clicks.map((row) => ({ ...row, kind: 'click', at: row.clickedAt })),
    ...items.map((row) => ({ ...row, kind: row.event, at: row.receivedAt })),
    ...rejections.map((row) => ({ ...row, kind: 'rejection', at: row.lastSeenAt })),
  ];
  rows.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  showSummary(clicks, items);
  const news = rows.slice(0, shownRows).map(showRow).filter(Boolean);
  byId('empty').hidden = rows.length > 0;
  if (news.length > 0 && !isFirst) byId('announcement').textContent = news.reverse().join(' ');
  isFirst = false;
}

/** Returns what there is to announce, if anything. */
function showRow(row, position) {
  const list = byId('entries');
  const key = `${row.kind} ${row.id}`;
  const text = JSON.stringify(row);
  const before = shown.get(key);
  if (before?.text === text) return '';
  const element = createEntry(row);
  shown.set(key, { text, element, proven: row.kind === 'purchase' && isProven(row) });
  if (before) before.element.replaceWith(element);
  else list.insertBefore(element, list.children[position] ?? null);
  if (!isFirst) element.classList.add(before ? 'changed' : 'arrived');
  return announce(row, before);
}

function announce(row, before) {
  if (row.kind === 'purchase') {
    const money = moneyWords(row.amount, row.currency);
    if (!before) return `Purchase of ${money} by ${row.customerId} arrived.`;
    return !before.proven && isProven(row) ? `The purchase of ${money} is proven.` : '';
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
