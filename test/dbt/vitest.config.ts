import { defineConfig } from 'vitest/config';

/** The dbt project on both engines: `make test-dbt`. DBT names the program. */
export default defineConfig({
  test: {
    include: ['test/dbt/*.dbt.ts'],
    root: '.',
    globalSetup: ['test/build.ts', 'test/dbt/global-setup.ts'],
    reporters: ['verbose'],
    fileParallelism: false,
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
