import { defineConfig } from 'vitest/config';

// Tests of the pixel ask for a page by a comment at their top: // @vitest-environment happy-dom
export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/{unit,marketplace,provider}/**/*.test.ts'],
    testTimeout: 10_000,
    hookTimeout: 20_000,
  },
});
