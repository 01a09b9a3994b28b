import { defineConfig } from 'vitest/config';

/** The tests that mutants are tried on: those that import the source. Each of a part's files is in the part's own folder. */
export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: [
      // They run what is built, or install frameworks.
      '**/{guides,frameworks}/**',
      '**/{dist,command}.test.ts',
      // Patterns are looked for in a part's folder. Hundreds of random pages each, which takes seconds: what is wrong shall be found by an example.
      '**/{capture,encoding,identity,robustness}.test.ts',
      // The same for accounts' lives at a processor, each read back from a service.
      '**/lives.test.ts',
    ],
    testTimeout: 60_000,
    // One process for all the files of all the mutants that it tries.
    isolate: false,
  },
});
