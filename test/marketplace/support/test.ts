import { test as base } from 'vitest';
import type { AtEnd } from './files.ts';
import { startMs, startService } from './service.ts';

let count = 0;

/** Tests of what one service can do for all of them: each has a provider of its own, and its clock begins anew. */
export const test = base
  // biome-ignore lint/correctness/noEmptyPattern: Vitest reads the names of fixtures from a pattern
  .extend('atEndOfFile', { scope: 'file' }, ({}, { onCleanup }): AtEnd => {
    const ends: (() => void | Promise<void>)[] = [];
    onCleanup(async () => {
      for (const end of ends.reverse()) await end();
    });
    return (work) => ends.push(work);
  })
  .extend('service', { scope: 'file' }, ({ atEndOfFile }) => startService({ atEnd: atEndOfFile }))
  .extend('addProvider', ({ service }) => {
    service.time.now = startMs;
    return (settings: Parameters<typeof service.addProvider>[0] = {}) =>
      service.addProvider({ partnerKey: `pk_acme_${++count}`, ...settings });
  })
  .extend('acme', ({ addProvider }) => addProvider());
