import { create } from './dom.js';
import {
  isFromBrowser,
  isProven,
  levelWords,
  moneyWords,
  noteWords,
  originWords,
  timeWords,
  wayWords,
} from './words.js';

const creators = {
  click: createClick,
  visit: createVisit,
  signup: (row) => createReport(row, 'Signup', 'an account, nothing paid yet'),
  purchase: (row) => createReport(row, 'Purchase', moneyWords(row.amount, row.currency)),
  renewal: (row) => createReport(row, 'Renewal', moneyWords(row.amount, row.currency)),
  refund: (row) =>
    createReport(row, 'Refund', `${moneyWords(row.amount, row.currency)} of this order so far`),
  rejection: createRejection,
};

const hues = new Map();

/** One line of the ledger. */
export function createEntry(row) {
  return creators[row.kind](row);
}

function createClick(row) {
  return createRow(row, 'Click', 'on the marketplace’s link', null, [
    create('p', '', createReferral(row.referral), ' is the referral that this visitor got'),
  ]);
}

function createVisit(row) {
  return createRow(row, 'Visit', 'at Acme CRM', null, [
    create('p', '', createReferral(row.referral), ` ${originWords(row)}`),
    create('p', 'fine', `By ${wayWords(row.copies)}. ${levelWords(row.trust)}`),
  ]);
}

/** What became of a customer: from the signup to the refund. */
function createReport(row, name, title) {
  const order = row.orderId ? ` · ${row.orderId}` : '';
  const origin = create('p', '', row.referral ? createReferral(row.referral) : null, ` ${originWords(row)}`);
  return createRow(row, name, title, createBadge(row), [
    create('p', '', create('code', '', `${row.customerId}${order}`)),
    row.referral || row.event === 'signup' || row.event === 'purchase' ? origin : null,
    ...noteWords(row).map((words) => create('p', 'note', words)),
    create('p', 'fine', `By ${wayWords(row.copies)}. ${levelWords(row.trust)}`),
  ]);
}

/** None where no browser waits for a proof: a server is answered, and knows. */
function createBadge(row) {
  if (!isFromBrowser(row)) return null;
  const proven = isProven(row);
  return create('span', proven ? 'badge proven' : 'badge', proven ? 'Proven' : 'Not proven yet');
}

function createRejection(row) {
  const times = row.count > 1 ? `, ${row.count} times` : '';
  return createRow(row, 'Refused', `with ${row.status}${times}`, null, [create('p', '', row.detail)]);
}

function createRow({ kind, at }, name, title, badge, details) {
  const time = create('time', '', timeWords(at));
  time.dateTime = new Date(at).toISOString();
  const head = create(
    'p',
    'head',
    create('span', 'kind', name),
    ' ',
    create('strong', '', title),
    badge,
    time,
  );
  return create('li', `entry ${kind}`, head, ...details);
}

/** The same referral has the same colour on each of its lines, so that the eye can follow a buyer. */
function createReferral(referral) {
  const dot = create('span', 'dot');
  dot.style.setProperty('--hue', hueOf(referral));
  dot.setAttribute('aria-hidden', 'true');
  const short = referral.length > 14 ? `${referral.slice(0, 12)}…` : referral;
  const name = create('code', '', short);
  name.title = referral;
  return create('span', 'referral', dot, name);
}

/** Steps of the golden angle: however many there are, neighbours never look alike. */
function hueOf(referral) {
  if (!hues.has(referral)) hues.set(referral, hues.size * 137.5 + 200);
  return hues.get(referral);
}
