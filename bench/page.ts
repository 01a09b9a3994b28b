import type { Order } from './peers/peer.ts';
import type { Visit } from './server/visit.ts';

/** The page of a shop with the visit's script, and with what the shop's own code does while it is parsed. */
export function shopPage({ peer, base }: Visit, code = ''): string {
  return pageOf(`${peer.head(base)}${code && `<script>${code}</script>`}`);
}

export function pageOf(head: string): string {
  return `<!doctype html><link rel="icon" href="data:,"><title>Thank you</title>${ownScript}${head}<body><p>Thank you.</p>`;
}

/**
 * Any page's own code touches an element at some time, and at the first the browser builds what elements are to
 * JavaScript, 65 KB of heap: the page's, not that of a tracking script which happens to be the first.
 */
const ownScript = `<script>document.currentScript.dataset.page = 'thank-you'</script>`;

let orders = 0;

export function newOrder(): Order {
  orders++;
  return { id: `order-${orders}`, amount: 49.9, currency: 'EUR' };
}
