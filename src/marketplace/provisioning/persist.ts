import { setTimeout as pause } from 'node:timers/promises';
import { StoreUnavailableError } from '../store/store.ts';

const maxTries = 20;
const pauseMs = 500;

/** Tries for about 10 s more while the database can't be used: what is known now can't be asked for again. */
export async function persist(work: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (tries === maxTries || !(error instanceof StoreUnavailableError)) throw error;
    }
    await pause(pauseMs);
  }
}
