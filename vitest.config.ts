import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Service tests whose outcome no store can change: they need to run on one only. */
const withoutStore = ['commandArguments', 'commandStart', 'connection', 'log', 'openapi', 'settings'];

// Tests of the pixel ask for a page by a comment at their top: // @vitest-environment happy-dom
export default defineConfig({
  test: {
    environment: 'node',
    testTimeout: 10_000,
    hookTimeout: 20_000,
    // Half of the tests wait for processes and timers, which leaves a core to others.
    maxWorkers: 2,
    // Halves the time in which the commands start, of which the tests run some hundreds.
    env: { NODE_COMPILE_CACHE: resolve(import.meta.dirname, '.cache/node') },
    projects: [
      {
        extends: true,
        test: {
          name: 'sqlite',
          include: ['test/{unit,marketplace,provider}/**/*.test.ts'],
          exclude: ['test/marketplace/postgres/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          // What is about the file of SQLite is in a folder of its own.
          include: ['test/marketplace/{,postgres/}*.test.ts'],
          exclude: withoutStore.map((name) => `test/marketplace/${name}.test.ts`),
          globalSetup: 'test/marketplace/support/postgresServer.ts',
        },
      },
    ],
  },
});
