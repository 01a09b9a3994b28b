/** What the console shows; each list as the service gives it, newest first. */
export interface Ledger {
  clicks: unknown[];
  items: unknown[];
  rejections: unknown[];
  orders: unknown[];
  subscriptions: unknown[];
  reports: unknown[];
}

/** Most rows that the service gives in one answer. */
const limit = 1000;

/** Reads the provider's ledger with its secret; undefined when the service doesn't answer. */
export async function readLedger(baseUrl: string, secret: string): Promise<Ledger | undefined> {
  const read = async (path: string): Promise<unknown[]> => {
    const response = await fetch(`${baseUrl}${path}?limit=${limit}`, {
      headers: { authorization: `Bearer ${secret}` },
      signal: AbortSignal.timeout(3000),
    });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    const list: unknown = await response.json();
    return isList(list) ? list.items : [];
  };
  try {
    const [clicks, items, rejections, orders, subscriptions, reports] = await Promise.all([
      read('/api/clicks'),
      read('/api/SaasTrackings'),
      read('/api/rejections'),
      read('/api/orders'),
      read('/api/subscriptions'),
      read('/api/subscriptions/reports'),
    ]);
    return { clicks, items, rejections, orders, subscriptions, reports };
  } catch {
    // Paused, or on its way up or down: the console keeps what it shows and asks again.
    return undefined;
  }
}

function isList(value: unknown): value is { items: unknown[] } {
  return typeof value === 'object' && value !== null && 'items' in value && Array.isArray(value.items);
}
