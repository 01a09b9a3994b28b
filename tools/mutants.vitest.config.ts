import { defineConfig } from 'vitest/config';

/** The tests that mutants are tried on: those that import the source. Each of a part's files is in the part's own folder. */
export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    // They run what is built, or install frameworks.
    exclude: ['**/node_modules/**', '**/guides/**', '**/dist.test.ts', '**/command.test.ts'],
    testTimeout: 20_000,
    // One process for all the files of all the mutants that it tries.
    isolate: false,
  },
});
