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
  if (!currency) return String(amount);
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
