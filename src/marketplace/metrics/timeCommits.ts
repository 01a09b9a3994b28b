import type { LedgerStore } from '../store/ledger.ts';
import type { Metrics } from './metrics.ts';

/** The store's way in, timed. */
export function timeCommits(store: Pick<LedgerStore, 'write'>, metrics: Metrics): Pick<LedgerStore, 'write'> {
  return {
    async write(entries) {
      const end = metrics.timeCommit();
      try {
        return await store.write(entries);
      } finally {
        end();
      }
    },
  };
}
