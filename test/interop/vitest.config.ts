import { defineConfig } from 'vitest/config';

/** Writes what other languages check: `INTEROP_DIR=DIR npx vitest run --config test/interop/vitest.config.ts` */
export default defineConfig({
  test: { include: ['test/interop/*.interop.ts'], root: '.', testTimeout: 120_000 },
});
