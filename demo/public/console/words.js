// The ledger's rows in plain words.

const levels = {
  unsigned: 'Could come from anyone.',
  origin: 'Came from a page of Acme CRM’s own site.',
  signed: 'Signed with Acme CRM’s secret.',
  server: 'Sent by Acme CRM’s own server.',
};

export function levelWords(trust) {
  return levels[trust] ?? trust;
}

export function timeWords(time) {
  return new Date(time).toLocaleTimeString();
}

export function moneyWords(amount, currency) {
  if (!amount) return 'No amount';
  if (!currency) return `${amount}, no currency`;
  return new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(amount);
}

/** By which ways the copies came, in the order of their arrival, each way once. */
export function wayWords(copies) {
  const ordered = [...copies].sort((a, b) => Date.parse(a.receivedAt) - Date.parse(b.receivedAt));
  return [...new Set(ordered.map(wayOf))].join(', then ');
}

function wayOf({ via, trust }) {
  if (trust === 'server') return 'server';
  return via === 'gif' ? 'image' : 'beacon';
}

export function isFromBrowser({ copies }) {
  return copies.some(({ trust }) => trust !== 'server');
}

/** Proven: the browser has asked by image, and the marketplace has answered that it holds the purchase. */
export function isProven({ copies }) {
  return copies.some(({ via }) => via === 'gif');
}

export function originWords({ referral, referralMinted }) {
  if (!referral) return 'No referral: the marketplace did not send this buyer.';
  return referralMinted
    ? 'sent by this marketplace’s link'
    : 'is a referral that this marketplace did not give out';
}

/** What a person should know before believing or adding up a row: a sentence each. */
export function noteWords({ trust, levels, ignored = {}, disputed, refunded, refundedCurrency, currency }) {
  const weaker = Object.groupBy(
    Object.keys(levels).filter((field) => levels[field] !== trust),
    (field) => levels[field],
  );
  return [
    refunded && `Given back so far: ${moneyWords(refunded, refundedCurrency ?? currency)}.`,
    disputed && 'Disputed: pages named several customers for this order, and Acme CRM’s server none yet.',
    ...Object.entries(ignored).map(([field, sent]) => `Left out: ${field} “${sent}” could not be read.`),
    ...Object.entries(weaker).map(
      ([level, fields]) => `Less sure: ${fields.join(', ')}. ${levelWords(level)}`,
    ),
  ].filter(Boolean);
}
