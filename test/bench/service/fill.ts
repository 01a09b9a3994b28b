import { createHash } from 'node:crypto';
import { v7 as createTimeOrderedId } from 'uuid';
import type { TrackingEntry } from '../../../src/marketplace/store/trackings.ts';
import { trackingEntry } from '../../../src/marketplace/tracking/entry.ts';
import { type Ledger, partnerKeys } from './ledgers.ts';

const twoYearsMs = 2 * 365 * 24 * 60 * 60 * 1_000;
const dayMs = 24 * 60 * 60 * 1_000;

/**
 * Writes so many purchases as the service would have written them over the last two years, in their order, only
 * more of them in a transaction. They end a day ago, before all that the load brings.
 */
export async function fillLedger(
  ledger: Ledger,
  providerIds: readonly number[],
  rows: number,
  report: (written: number) => void,
): Promise<void> {
  const { batchSize, write, close } = await ledger.openToFill();
  const end = Date.now() - dayMs;
  /** While the database writes a batch, the next is made. */
  let writing = Promise.resolve();
  try {
    for (let from = 0; from < rows; from += batchSize) {
      const length = Math.min(batchSize, rows - from);
      const batch = Array.from({ length }, (_, offset) => {
        const number = from + offset;
        return purchase(number, Math.floor(end - twoYearsMs * (1 - number / rows)), providerIds);
      });
      await writing;
      writing = write(batch).then((outcomes) => {
        if (outcomes.some(({ result }) => result !== 'created'))
          throw new Error('the ledger had them already');
        report(from + length);
      });
    }
    await writing;
  } finally {
    await close();
  }
}

/** The same purchase that load.lua sends, with ids of its own. */
function purchase(number: number, time: number, providerIds: readonly number[]): TrackingEntry {
  const index = number % providerIds.length;
  // Customers come in no order, as in the load.
  const customer = createHash('md5').update(`${number}`).digest('hex').slice(0, 8);
  return trackingEntry({
    id: createTimeOrderedId({ msecs: time, seq: number }),
    providerId: providerIds[index] ?? 0,
    message: {
      partnerKey: partnerKeys[index] ?? '',
      event: 'purchase',
      serviceName: 'Acme CRM',
      customerId: `customer-${customer}`,
      orderId: `filled-${String(number).padStart(13, '0')}`,
      sentPurchasedAt: time,
      stamped: false,
      details: {
        purchasedAt: time,
        amount: '49.9',
        currency: 'EUR',
        referral: 'r_8fJx2kQw9LmZ4tVb',
        referralSource: 'param',
        landedAt: time,
        page: 'https://acme.example/thank-you',
      },
      sig: undefined,
    },
    via: 'post',
    receivedAt: time,
    carrier: 'origin',
    isSigned: false,
    isBot: false,
  });
}
