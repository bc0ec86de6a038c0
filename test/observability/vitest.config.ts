import { defineConfig } from 'vitest/config';

/** Rules and metrics by Prometheus' own checker: `make test-observability`. */
export default defineConfig({
  test: {
    include: ['test/observability/*.promtool.ts'],
    root: '.',
    globalSetup: ['test/build.ts'],
    reporters: ['verbose'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
