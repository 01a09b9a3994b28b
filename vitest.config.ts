import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Service tests whose outcome no store can change: they need to run on one only. */
const withoutStore = [
  'bufferedLog',
  'commandArguments',
  'commandStart',
  'connection',
  'log',
  'openapi',
  'settings',
];

// The service is given all that it works with, so its test files can share a process, which saves a third of their
// time. What is about one store is in a folder of its own.
// Tests of the pixel ask for a page by a comment at their top: // @vitest-environment happy-dom
export default defineConfig({
  test: {
    environment: 'node',
    // Only what hangs takes so long, also on a machine with more to do than this.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // On two cores, too: while one waits for a process or a timer, the others have work.
    maxWorkers: 3,
    // Halves the time in which the commands start, of which the tests run some hundreds.
    env: { NODE_COMPILE_CACHE: resolve(import.meta.dirname, '.cache/node') },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/{unit,provider}/**/*.test.ts'],
          exclude: ['test/provider/guides/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'frameworks',
          include: ['test/{provider/guides,module}/**/*.test.ts'],
          globalSetup: 'test/provider/frameworks/globalSetup.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'sqlite',
          include: ['test/marketplace/{,sqlite/}*.test.ts'],
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: ['test/marketplace/{,postgres/}*.test.ts'],
          exclude: withoutStore.map((name) => `test/marketplace/${name}.test.ts`),
          globalSetup: 'test/marketplace/support/postgresServer.ts',
          isolate: false,
        },
      },
    ],
  },
});
