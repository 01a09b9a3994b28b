import { openStore } from '../../../src/marketplace/commands/command.ts';
import { createSecret } from '../../../src/marketplace/providers/secret.ts';
import type { Outcome } from '../../../src/marketplace/store/database.ts';
import type { TrackingEntry } from '../../../src/marketplace/store/trackings.ts';

/** A ledger that the service can be started on. */
export interface Ledger {
  /** What `--database` takes. */
  database: string;
  /** Rows of the run that came at that time or later, in epoch milliseconds. */
  countSince(time: number, run: string): Promise<number>;
  /** Opens it to be filled, by the store's own statements and before any service has it. */
  openToFill(): Promise<Filling>;
  /** Brings to an end what the database puts off while it is filled. */
  settle(): Promise<void>;
  /** On disk, with its indexes. */
  bytes(): Promise<number>;
  remove(): Promise<void>;
}

export interface Filling {
  /** How many entries go best into one transaction. */
  batchSize: number;
  write(entries: readonly TrackingEntry[]): Promise<Outcome[]>;
  close(): Promise<void>;
}

/** A database that the service can keep its ledger in. */
export interface Engine {
  name: 'SQLite' | 'PostgreSQL';
  version: string;
  /** How many instances of the service can well share one ledger, each number to be measured. */
  instanceCounts: readonly number[];
  createLedger(): Promise<Ledger>;
  stop(): Promise<void>;
}

const providerCount = 10;
export const partnerKeys = Array.from({ length: providerCount }, (_, index) => `pk_acme_${index}`);

/** Makes the providers that the load speaks for, and resolves to their ids. */
export async function addProviders(database: string): Promise<number[]> {
  const store = await openStore(database);
  try {
    for (const partnerKey of partnerKeys) {
      const settings = {
        origins: ['https://acme.example'],
        minimumLevel: 'unsigned',
        disabled: false,
      } as const;
      await store.addProvider({ ...settings, partnerKey, name: partnerKey }, createSecret(Date.now()));
    }
    return (await store.listProviders()).map(({ id }) => id);
  } finally {
    await store.close();
  }
}

/** The least UUIDv7 of that time, in epoch milliseconds: rows from then on have this id or one after it. */
export function firstIdAt(time: number): string {
  const digits = time.toString(16).padStart(12, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7000-8000-000000000000`;
}
