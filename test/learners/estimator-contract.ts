import { describe, expect, it } from 'vitest';
import { ConfigError, DataError, InterruptedError } from '../../src/core/errors.js';
import { Matrix } from '../../src/core/matrix.js';
import { decodeRecord, encodeRecord, type VersionedRecord } from '../../src/core/record.js';
import { createRng, shuffle } from '../../src/core/rng.js';
import type { Estimator, FitOptions } from '../../src/learners/estimator.js';

/** The promises of every learner, by name. */
export type CheckName =
  | 'inputs untouched'
  | 'same seed, same bytes'
  | 'row permutation'
  | 'feature permutation'
  | 'columns found by name'
  | 'weight 2 is a duplicated row'
  | 'weight 0 is an absent row'
  | 'constant column harmless'
  | 'all-missing column harmless'
  | 'all-missing rows predicted'
  | 'infinite values predicted'
  | 'one row'
  | 'one class'
  | 'empty input refused'
  | 'bad labels refused by row'
  | 'bad weights refused by row'
  | 'serialisation round trip'
  | 'aborted before the start'
  | 'aborted in the middle'
  | 'factory stores parameters only'
  | 'parameters refused by name';

/** What a learner brings to the battery. */
export interface EstimatorContract<Model extends VersionedRecord> {
  readonly name: string;
  /** The factory; called without parameters it makes the estimator that the battery fits. */
  readonly make: (params?: Readonly<Record<string, unknown>>) => Estimator<Model>;
  readonly predict: (model: Model, X: Matrix) => Float64Array;
  readonly task: 'binary' | 'regression' | 'unsupervised';
  /** One parameter with a value out of its range. */
  readonly outOfRange: Readonly<Record<string, unknown>>;
  /**
   * How far predictions may move where the same sums are added in another order, 1e-9 when left out. Learners
   * that choose between near ties are compared on the rows they were fitted on, where ties agree.
   */
  readonly tolerance?: number;
  /** Promises a learner does not make, each group with its reason. */
  readonly skip?: readonly { readonly reason: string; readonly checks: readonly CheckName[] }[];
}

const names = ['followers', 'likes', 'posts', 'age'];

/** 160 rows of four features (one with missing values, one of few values) and a target they explain in part. */
function sample(task: 'binary' | 'regression' | 'unsupervised'): { X: Matrix; y: Float64Array } {
  const rng = createRng(20);
  const nRows = 160;
  const columns = names.map(() => new Float32Array(nRows));
  const y = new Float64Array(nRows);
  for (let i = 0; i < nRows; i++) {
    columns[0][i] = rng.normal();
    columns[1][i] = rng.uniform() < 0.15 ? NaN : Math.exp(rng.normal());
    columns[2][i] = rng.integer(5);
    columns[3][i] = columns[0][i] + 0.5 * rng.normal();
    const signal = 1.5 * columns[0][i] + (columns[2][i] > 2 ? 1 : -1) + 0.5 * rng.normal();
    y[i] = task === 'regression' ? signal : Number(signal > 0);
  }
  return { X: Matrix.fromColumns(columns, names), y };
}

/** Runs the battery over one learner: one line of `estimatorContract({ … })` joins it. */
export function estimatorContract<Model extends VersionedRecord>(contract: EstimatorContract<Model>): void {
  const { make, predict, task, outOfRange, tolerance = 1e-9, skip = [] } = contract;
  const { X, y } = sample(task);

  const fit = (data: Matrix, targets: ArrayLike<number>, options: Partial<FitOptions> = {}): Promise<Model> =>
    make().fit(data, targets, { rng: createRng(7), ...options });

  function expectClose(actual: Float64Array, expected: Float64Array): void {
    expect(actual.length).toBe(expected.length);
    actual.forEach((value, i) => {
      if (!(Math.abs(value - expected[i]) <= tolerance * Math.max(1, Math.abs(expected[i])))) {
        expect.fail(`row ${i}: ${value} instead of ${expected[i]}`);
      }
    });
  }

  const expectFinite = (values: Float64Array, nRows: number): void => {
    expect(values.length).toBe(nRows);
    expect(values.every(Number.isFinite)).toBe(true);
  };

  /** A finite prediction of `X`, or a data error with a message. */
  async function expectDefined(data: Matrix, targets: ArrayLike<number>): Promise<void> {
    let model: Model;
    try {
      model = await fit(data, targets);
    } catch (error) {
      expect(error).toBeInstanceOf(DataError);
      expect((error as DataError).message).toMatch(/row|class/);
      return;
    }
    expectFinite(predict(model, X), X.nRows);
  }

  describe(contract.name, () => {
    function check(name: CheckName, run: () => void | Promise<void>): void {
      const exemption = skip.find(({ checks }) => checks.includes(name));
      if (exemption === undefined) it(name, run);
      else it.skip(`${name} (${exemption.reason})`, run);
    }

    check('inputs untouched', async () => {
      const columns = X.columns.map((column) => column.slice());
      const data = Matrix.fromColumns(columns, names);
      const targets = y.slice();
      const sampleWeight = y.map((_, i) => 1 + (i % 3));
      const heldWeight = sampleWeight.slice();
      const model = await fit(data, targets, { sampleWeight });
      predict(model, data);
      expect(columns).toEqual(X.columns);
      expect(targets).toEqual(y);
      expect(sampleWeight).toEqual(heldWeight);
      // Nor kept: what happens to them later is nothing to the model.
      const before = encodeRecord(model);
      columns.forEach((column) => column.fill(0));
      targets.fill(0);
      expect(encodeRecord(model)).toEqual(before);
    });

    check('same seed, same bytes', async () => {
      const bytes = encodeRecord(await fit(X, y));
      expect(encodeRecord(await fit(X, y))).toEqual(bytes);
      const estimator = make();
      const twice = [
        await estimator.fit(X, y, { rng: createRng(7) }),
        await estimator.fit(X, y, { rng: createRng(7) }),
      ];
      twice.forEach((model) => expect(encodeRecord(model)).toEqual(bytes));
    });

    check('row permutation', async () => {
      const order = Uint32Array.from({ length: X.nRows }, (_, i) => i);
      shuffle(order, createRng(3));
      const permuted = await fit(
        Matrix.rows(X, order),
        Float64Array.from(order, (row) => y[row]),
      );
      expectClose(predict(permuted, X), predict(await fit(X, y), X));
    });

    check('feature permutation', async () => {
      const permuted = await fit(Matrix.select(X, [...names].reverse()), y);
      expectClose(predict(permuted, X), predict(await fit(X, y), X));
    });

    check('columns found by name', async () => {
      const model = await fit(X, y);
      const wider = Matrix.concat(Matrix.fromColumns([y], ['extra']), Matrix.select(X, [...names].reverse()));
      expect(predict(model, wider)).toEqual(predict(model, X));
      expect(() => predict(model, Matrix.select(X, names.slice(1)))).toThrow(/followers/);
    });

    check('weight 2 is a duplicated row', async () => {
      const sampleWeight = y.map((_, i) => (i % 3 === 0 ? 2 : 1));
      const rows = [...y.keys()].flatMap((i) => (sampleWeight[i] === 2 ? [i, i] : [i]));
      const weighted = await fit(X, y, { sampleWeight });
      const duplicated = await fit(
        Matrix.rows(X, rows),
        rows.map((row) => y[row]),
      );
      expectClose(predict(weighted, X), predict(duplicated, X));
      expect(predict(weighted, X)).not.toEqual(predict(await fit(X, y), X));
    });

    check('weight 0 is an absent row', async () => {
      const sampleWeight = y.map((_, i) => Number(i % 3 !== 0));
      const rows = [...y.keys()].filter((i) => sampleWeight[i] === 1);
      const weighted = await fit(X, y, { sampleWeight });
      const without = await fit(
        Matrix.rows(X, rows),
        rows.map((row) => y[row]),
      );
      expectClose(predict(weighted, Matrix.rows(X, rows)), predict(without, Matrix.rows(X, rows)));
    });

    for (const [name, value] of [
      ['constant column harmless', 4],
      ['all-missing column harmless', NaN],
    ] as const) {
      check(name, async () => {
        const added = Matrix.fromColumns([new Float32Array(X.nRows).fill(value)], ['added']);
        // Behind the others, so that a learner which draws features is not made to draw others.
        const wider = Matrix.concat(X, added);
        const predicted = predict(await fit(wider, y), wider);
        expectFinite(predicted, X.nRows);
        if (task !== 'unsupervised') expectClose(predicted, predict(await fit(X, y), X));
        const alone = predict(await fit(added, y), added);
        expectFinite(alone, X.nRows);
        expect(new Set(alone).size).toBe(1);
      });
    }

    check('all-missing rows predicted', async () => {
      const missing = Matrix.fromColumns(
        names.map(() => [NaN, NaN]),
        names,
      );
      expectFinite(predict(await fit(X, y), missing), 2);
    });

    check('infinite values predicted', async () => {
      const columns = X.columns.map((column) => column.slice());
      columns[0][3] = Infinity;
      columns[0][5] = -Infinity;
      columns[1][8] = Infinity;
      const data = Matrix.fromColumns(columns, names);
      expectFinite(predict(await fit(data, y), data), X.nRows);
    });

    check('one row', () => expectDefined(Matrix.rows(X, [0]), [y[0]]));

    check('one class', () => expectDefined(X, new Float64Array(X.nRows).fill(1)));

    check('empty input refused', async () => {
      const noRows = Matrix.fromColumns(
        names.map(() => []),
        names,
      );
      await expect(fit(noRows, [])).rejects.toThrow(DataError);
      await expect(fit(Matrix.fromColumns([]), [])).rejects.toThrow(DataError);
      expect(predict(await fit(X, y), noRows).length).toBe(0);
    });

    check('bad labels refused by row', async () => {
      for (const label of [NaN, Infinity, ...(task === 'binary' ? [2, 0.5, -1] : [])]) {
        const labels = y.slice();
        labels[17] = label;
        const refused = fit(X, labels);
        await expect(refused).rejects.toThrow(DataError);
        await expect(refused).rejects.toThrow(`y[17]=${label}`);
      }
      await expect(fit(X, y.subarray(1))).rejects.toThrow(/159 .* 160/);
    });

    check('bad weights refused by row', async () => {
      for (const weight of [NaN, Infinity, -1]) {
        const sampleWeight = new Float64Array(X.nRows).fill(1);
        sampleWeight[23] = weight;
        const refused = fit(X, y, { sampleWeight });
        await expect(refused).rejects.toThrow(DataError);
        await expect(refused).rejects.toThrow(`sampleWeight[23]=${weight}`);
      }
      await expect(fit(X, y, { sampleWeight: [1] })).rejects.toThrow(/1 .* 160/);
      await expect(fit(X, y, { sampleWeight: new Float64Array(X.nRows) })).rejects.toThrow(/sampleWeight/);
    });

    check('serialisation round trip', async () => {
      const model = await fit(X, y);
      expect(Object.isFrozen(model)).toBe(true);
      expect(model.kind).toBe(make().kind);
      const decoded = decodeRecord(encodeRecord(model)) as Model;
      expect(predict(decoded, X)).toEqual(predict(model, X));
      expect(encodeRecord(decoded)).toEqual(encodeRecord(model));
    });

    check('aborted before the start', async () => {
      await expect(fit(X, y, { signal: AbortSignal.abort() })).rejects.toThrow(InterruptedError);
    });

    check('aborted in the middle', async () => {
      const controller = new AbortController();
      let steps = 0;
      const onProgress = (done: number, total: number): void => {
        expect(done).toBe(++steps);
        expect(done).toBeLessThanOrEqual(total);
        controller.abort();
      };
      setImmediate(() => controller.abort());
      const fitting = fit(X, y, { onProgress, signal: controller.signal });
      await expect(fitting).rejects.toThrow(InterruptedError);
    });

    check('factory stores parameters only', async () => {
      const given = Object.freeze({});
      const estimator = make(given);
      expect(Object.isFrozen(estimator.params)).toBe(true);
      const { params } = estimator;
      const before = structuredClone(params);
      await estimator.fit(X, y, { rng: createRng(1) });
      expect(estimator.params).toBe(params);
      expect(params).toEqual(before);
      expect(JSON.parse(JSON.stringify(params))).toEqual(params);
      // Complete: the same estimator can be made from them.
      expect(make(params as Record<string, unknown>).params).toEqual(params);
    });

    check('parameters refused by name', () => {
      for (const wrong of [{ noSuchParameter: 1 }, { toString: 1 }, outOfRange]) {
        const [name] = Object.keys(wrong);
        expect(() => make(wrong)).toThrow(ConfigError);
        expect(() => make(wrong)).toThrow(name);
      }
    });
  });
}
