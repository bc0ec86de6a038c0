import { defineConfig } from 'vitest/config';

/** Against the real services, which it starts: `npx vitest run --config test/services/vitest.config.ts` */
export default defineConfig({
  test: {
    include: ['test/services/*.services.ts'],
    root: '.',
    globalSetup: ['test/build.ts', 'test/services/global-setup.ts'],
    // One stack for all, and suites that stop parts of it.
    fileParallelism: false,
    // Servers on a busy machine now and then miss a moment that a fault waits for.
    retry: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
