import { defineConfig } from 'vitest/config';

/** Boosters on a real standalone cluster: `make test-spark`. SPARK_PYTHON has pyspark, SPARK_JARS the runtime of Iceberg. */
export default defineConfig({
  test: {
    include: ['test/spark/*.spark.ts'],
    root: '.',
    reporters: ['verbose'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
