import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DuckDBConnection } from '@duckdb/node-api';
import { computeFeatures } from '../../src/features/columns.js';
import { indicator, log, type Feature } from '../../src/features/expression.js';
import { selectFeatures } from '../../src/features/sql.js';
import { adversarialTable } from '../features/adversarial-rows.js';
import {
  columnTypes,
  everyLogarithm,
  everyOperation,
  feature,
  featuresOf,
  steps,
} from '../features/every-operation.js';
import { columnsOf, loadInDuckDB } from '../features/in-duckdb.js';
import { exactCondition, exactExpression } from '../features/random-expression.js';

const python = process.env['SPARK_PYTHON'] ?? '';
const folder = mkdtempSync(join(tmpdir(), 'kol-spark-features-'));
const table = adversarialTable();

/** Random expressions, the same each time. */
const random = (arbitrary: fc.Arbitrary<Feature['expression']>, seed: number): Feature[] =>
  fc.sample(arbitrary, { numRuns: 24, seed }).map((expression, i) => feature(expression, `f${i}`));

/** Features, and how many float32 steps engines may part: logarithms are theirs to the last ulp of a double. */
const sets: readonly (readonly [string, readonly Feature[], number])[] = [
  ['every exact operation', featuresOf(everyOperation), 0],
  ['logarithms and entropy', featuresOf(everyLogarithm), 1],
  ['random expressions', random(exactExpression, 1), 0],
  ['random conditions', random(exactCondition.map(indicator), 2), 0],
  [
    'logarithms of random expressions',
    random(
      exactExpression.map((e) => log(e)),
      3,
    ),
    1,
  ],
];

describe('the Spark reading of features', () => {
  let duckdb: DuckDBConnection;
  beforeAll(async () => {
    duckdb = await loadInDuckDB(table);
    await duckdb.run(`COPY raw_rows TO '${join(folder, 'raw.parquet')}' (FORMAT parquet)`);
    const selects = sets.map(([, features]) =>
      selectFeatures(features, 'kol_rows', 'spark', ['row_id'], columnTypes),
    );
    writeFileSync(join(folder, 'selects.json'), JSON.stringify(selects));
    const home = execFileSync(
      python,
      ['-c', 'import os, pyspark; print(os.path.dirname(pyspark.__file__))'],
      {
        encoding: 'utf8',
      },
    ).trim();
    const conf = [
      'spark.sql.ansi.doubleQuotedIdentifiers=true',
      'spark.sql.session.timeZone=UTC',
      'spark.ui.enabled=false',
    ];
    execFileSync(
      join(home, 'bin', 'spark-submit'),
      [
        ...['--master', 'local[1]'],
        ...conf.flatMap((entry) => ['--conf', entry]),
        ...[join(import.meta.dirname, 'select_features.py'), folder],
      ],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        env: { ...process.env, SPARK_HOME: home, SPARK_LOCAL_IP: '127.0.0.1', PYSPARK_PYTHON: python },
      },
    );
  });
  afterAll(() => {
    duckdb.closeSync();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(sets.map(([name, features, limit], number) => ({ name, features, limit, number })))(
    'agrees with the columns on $name',
    async ({ features, limit, number }) => {
      const X = computeFeatures(features, table);
      const file = join(folder, `result-${number}.parquet`);
      const [, ...spark] = await columnsOf(duckdb, `SELECT * FROM '${file}' ORDER BY row_id`);
      features.forEach(({ name }, j) => {
        const parted = spark[j].flatMap((value, row) =>
          steps(value, X.columns[j][row]) > limit
            ? [`${name}, row ${row}: ${value} instead of ${X.columns[j][row]}`]
            : [],
        );
        expect(parted).toEqual([]);
      });
    },
  );
});
