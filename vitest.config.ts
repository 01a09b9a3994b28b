import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { FileOrder } from './tools/fileOrder.ts';
import { findTemporaryFolder } from './tools/temporaryFolder.ts';

// All but the pixel is given what it works with, so test files can share a process: a new one for each, and what it
// imports, takes longer than most of them. What meets SQL is in stores/ and runs with each: what is kept and found
// again, merged, listed, claimed, replayed, forgotten; with PostgreSQL on tables in partitions where that is harder
// (test/marketplace/support/database.ts). What is about one store is in a folder of its own; what no store
// can change is beside them, and runs on SQLite.
// Tests of the pixel ask for a page by a comment at their top: // @vitest-environment happy-dom
export default defineConfig({
  test: {
    environment: 'node',
    // Only what hangs takes so long, also on a machine with more to do than this, which is slow to start a process.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
    // On two cores, too: while some wait for a process or a timer, the others have work.
    maxWorkers: 4,
    sequence: { sequencer: FileOrder },
    env: {
      // Halves the time in which the commands start, of which the tests run some hundreds.
      NODE_COMPILE_CACHE: resolve(import.meta.dirname, '.cache/node'),
      TMPDIR: findTemporaryFolder(),
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/{unit,provider,doctor}/**/*.test.ts'],
          exclude: ['test/provider/guides/**', 'test/doctor/browser.test.ts', 'test/unit/{pixel,debug}/**'],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'page',
          include: ['test/unit/{pixel,debug}/**/*.test.ts'],
          // The pixel belongs to its page, which is one for each file; in a process of its own, since the clock of a context
          // isn't the one by which happy-dom lets cookies expire.
          isolate: true,
        },
      },
      {
        extends: true,
        test: {
          name: 'frameworks',
          include: [
            'test/{provider/guides,module,wordpress,packages}/**/*.test.ts',
            'test/doctor/browser.test.ts',
          ],
          globalSetup: ['test/support/bundleService.ts', 'test/provider/frameworks/globalSetup.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'sqlite',
          include: ['test/marketplace/{,stores/,sqlite/}*.test.ts'],
          globalSetup: 'test/support/bundleService.ts',
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: ['test/marketplace/{stores,postgres}/*.test.ts'],
          globalSetup: ['test/support/bundleService.ts', 'test/marketplace/support/postgresServer.ts'],
          isolate: false,
        },
      },
    ],
  },
});
