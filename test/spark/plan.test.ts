import { describe, expect, it } from 'vitest';
import type { BoosterRequest } from '../../src/champion/booster-engine.js';
import { fitDesign, trainingData } from '../../src/champion/design.js';
import { Table } from '../../src/core/table.js';
import { column, log1p, type Feature } from '../../src/features/expression.js';
import { planJob } from '../../src/spark/plan.js';
import type { SparkSettings } from '../../src/spark/settings.js';
import { submitArguments } from '../../src/spark/submission.js';
import { xgboostBooster } from '../../src/spark/xgboost-parameters.js';

const settings: SparkSettings = {
  master: 'spark://127.0.0.1:7077',
  submit: 'spark-submit',
  executors: 3,
  cores: 2,
  memory: 1001,
  conf: ['spark.ui.port=4444'],
  patience: 9,
  tables: { catalog: 'iceberg' },
};

const features: Feature[] = [
  { name: 'log_posts', expression: log1p(column('posts')), description: '', owner: 'test', lookBackDays: 0 },
];

function request(origin: boolean, categorical: readonly string[] = []): BoosterRequest {
  const table = Table.fromColumns({
    kol_id: { type: 'string', values: ['a', 'b', 'c', 'd'] },
    as_of: { type: 'timestamp', values: Float64Array.of(1, 2, 3, 4) },
    kind: { type: 'string', values: ['x', 'y', 'x', 'y'] },
    posts: { type: 'number', values: Float64Array.of(0, 10, NaN, 3) },
  });
  const data = {
    ...trainingData(table, features, {
      keys: ['a', 'b', 'c', 'd'],
      y: Float64Array.of(0, 1, 0, 1),
      weight: Float64Array.of(1, 1, 2, 1),
    }),
    ...(origin && { origin: { table: 'kol_gold.t', snapshot: '42', keys: ['kol_id', 'as_of'] } }),
  };
  const split = { train: Uint32Array.of(0, 1), test: Uint32Array.of(3) };
  const design = fitDesign(
    data,
    { categorical, text: [], encoderOutputs: 1, bases: [{}] },
    split.train,
    split.test,
    1,
  );
  return {
    label: 'test',
    data,
    features,
    boosters: [{ name: 'b', kind: 'gradient-boosting', params: { minSamplesLeaf: 8 } }],
    fits: [{ label: 'test/fold-0', split, design, seeds: { b: 4_294_967_295 } }],
  };
}

describe('planJob', () => {
  it('pins the snapshot, reads features in Spark, and says which row takes which part', () => {
    const { plan, rows } = planJob(request(true), settings);
    expect(plan.source).toEqual({ kind: 'iceberg', table: 'iceberg.kol_gold.t', snapshot: '42' });
    expect(plan.keys).toEqual([
      { name: 'kol_id', type: 'string' },
      { name: 'as_of', type: 'timestamp' },
    ]);
    expect(plan.select).toContain('FROM "kol_rows"');
    expect(Object.keys(rows.columns)).toEqual([
      'row',
      'label',
      'weight',
      'key_kol_id',
      'key_as_of',
      'part_0',
    ]);
    expect(Array.from(Table.numbers(rows, 'part_0'))).toEqual([1, 1, 0, 2]);
    expect(plan.fits[0].seeds).toEqual({ b: 2 ** 31 - 1 });
    // 8 rows of the hessian at a mean of one half.
    expect(plan.boosters[0].parameters['min_child_weight']).toBe(2);
  });

  it('reads the files of an embedded lakehouse', () => {
    const { plan } = planJob(request(true), { ...settings, tables: { folder: '/lake' } });
    expect(plan.source).toEqual({ kind: 'parquet', path: '/lake/kol_gold/t' });
  });

  it('sends the matrix where no table holds it, with what encoders of each fit wrote', () => {
    const { plan, rows } = planJob(request(false, ['kind']), settings);
    expect(plan.source).toEqual({ kind: 'sent' });
    expect(plan.fits[0].own).toEqual({ target_kind: 'own_0_0' });
    expect(plan.boosters[0].parameters['monotone_constraints']).toBe('(0,0)');
    const own = Table.numbers(rows, 'own_0_0');
    expect(own[2]).toBeNaN();
    expect(own[3]).not.toBeNaN();
    expect(Table.numbers(rows, 'log_posts')[1]).toBeCloseTo(Math.log(11), 5);
  });
});

describe('xgboostBooster', () => {
  const told = (params: object): Readonly<Record<string, unknown>> =>
    xgboostBooster({ name: 'b', kind: 'gradient-boosting', params }, ['f', 'g'], 0.25).parameters;

  it('keeps constraints in the order of the matrix', () => {
    expect(told({ monotoneConstraints: { g: -1 } })['monotone_constraints']).toBe('(0,-1)');
  });

  it.each([
    [
      { growth: 'leaf-wise', maxLeafNodes: 15 },
      { grow_policy: 'lossguide', max_leaves: 15, max_depth: 0 },
    ],
    [
      { growth: 'symmetric', maxDepth: 4 },
      { grow_policy: 'depthwise', max_leaves: 0, max_depth: 4 },
    ],
    [{ splitter: 'random' }, { colsample_bynode: 0.5 }],
    [{ objective: 'tweedie' }, { objective: 'reg:tweedie', tweedie_variance_power: 1.5 }],
  ])('says %j as XGBoost does', (params, expected) => {
    expect(told(params)).toMatchObject(expected);
  });

  it.each([
    [{ objective: 'lambdarank' }, 'no objective lambdarank'],
    [{ sampling: 'goss' }, 'no sampling goss'],
    [{ classWeight: 'balanced' }, 'no classWeight'],
  ])('refuses %j', (params, message) => {
    expect(() => told(params)).toThrow(message);
  });
});

describe('submitArguments', () => {
  it('shares an executor out between the JVM and Python, and lets the person win', () => {
    const args = submitArguments('/job', 'kol test', settings);
    expect(args).toEqual(
      expect.arrayContaining(['spark.executor.memory=501m', 'spark.executor.pyspark.memory=500m']),
    );
    expect(args).toEqual(expect.arrayContaining(['spark.cores.max=6', 'spark.task.cpus=2']));
    expect(args.indexOf('spark.ui.port=4444')).toBeGreaterThan(args.indexOf('spark.ui.port=0'));
    expect(args.at(-1)).toBe('/job');
  });
});
