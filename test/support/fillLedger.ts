import { createIds } from '../../src/marketplace/ledger/id.ts';
import { openDatabase } from '../../src/marketplace/store/open.ts';
import { trackingEntry } from '../../src/marketplace/tracking/entry.ts';
import { checkMessage } from '../../src/marketplace/tracking/message.ts';
import type { Provider, Service } from './service.ts';

/** Rows that are written in one transaction. */
const rowsAtOnce = 2_000;

export interface Filling {
  count: number;
  /** Epoch milliseconds; each purchase before the first one's is a second earlier. */
  lastAt: number;
}

/** Writes as many purchases of the provider, orders and so on, past the service. */
export async function fillLedger(
  { database }: Pick<Service, 'database'>,
  { partnerKey }: Pick<Provider, 'partnerKey'>,
  { count, lastAt }: Filling,
) {
  const store = await openDatabase(database);
  const provider = await store.findProvider(partnerKey);
  const createId = createIds(Date.now);
  const now = Date.now();
  for (let start = 0; start < count; start += rowsAtOnce) {
    const numbers = Array.from({ length: Math.min(rowsAtOnce, count - start) }, (_, index) => start + index);
    await store.write(
      numbers.map((number) => {
        const order = { serviceName: 'Acme CRM', customerId: `c-${number}`, orderId: `A-${number}` };
        const purchasedAt = new Date(lastAt - number * 1000).toISOString();
        const fields = { partnerKey, ...order, amount: '49.90', currency: 'EUR', purchasedAt };
        const { message } = checkMessage(fields, now, now);
        return trackingEntry({
          id: createId(),
          providerId: provider?.id ?? 0,
          message,
          via: 'post',
          receivedAt: now,
          carrier: 'server',
          signedAt: undefined,
          isBot: false,
          ignored: {},
        });
      }),
    );
  }
  await store.close();
}
