import { describe, expect, it } from 'vitest';
import type { TrainingData } from '../../src/champion/design.js';
import type { ChampionSpec } from '../../src/champion/fit.js';
import { foldSplits, validationSplit } from '../../src/champion/row-splits.js';
import { Matrix } from '../../src/core/matrix.js';
import { Table } from '../../src/core/table.js';

const n = 300;
const rows = Uint32Array.from({ length: 240 }, (_, i) => i + 30);

function data(extra: Partial<TrainingData> = {}): TrainingData {
  return {
    table: Table.fromColumns({}),
    X: Matrix.fromColumns([new Float32Array(n)], ['x']),
    y: Float64Array.from({ length: n }, (_, i) => i % 2),
    weight: new Float64Array(n).fill(1),
    keys: Array.from({ length: n }, (_, i) => `k${i}`),
    ...extra,
  };
}
const spec = { task: 'binary', nFolds: 4 } as ChampionSpec;
// Newest first, so that order of rows and of times differ.
const time = Float64Array.from({ length: n }, (_, i) => -Math.floor(i / 3));
const newest = (list: Uint32Array): number => Math.max(...Array.from(list, (row) => time[row]));
const oldest = (list: Uint32Array): number => Math.min(...Array.from(list, (row) => time[row]));

describe('foldSplits', () => {
  it('trains on older rows than it judges, on given rows alone', () => {
    const splits = foldSplits(data({ time }), spec, rows, 1);
    expect(splits).toHaveLength(4);
    for (const { train, test } of splits) {
      expect(newest(train)).toBeLessThan(oldest(test));
      for (const row of [...train, ...test]) expect(rows.includes(row)).toBe(true);
    }
    const judged = splits.flatMap(({ test }) => Array.from(test));
    expect(new Set(judged).size).toBe(judged.length);
    expect(judged.length).toBeGreaterThan(180);
  });

  it('keeps groups apart as well', () => {
    const groups = Array.from({ length: n }, (_, i) => `g${i % 40}`);
    for (const { train, test } of foldSplits(data({ time, groups }), spec, rows, 1)) {
      const judged = new Set(Array.from(test, (row) => groups[row]));
      expect(train.some((row) => judged.has(groups[row]))).toBe(false);
    }
  });

  it('falls back on random folds where older rows lack a class or all rows have one time', () => {
    const y = Float64Array.from({ length: n }, (_, i) => Number(time[i] > -40));
    for (const given of [data({ time, y }), data({ time: new Float64Array(n) })]) {
      const splits = foldSplits(given, spec, rows, 1);
      expect(splits.flatMap(({ test }) => Array.from(test)).sort((a, b) => a - b)).toEqual([...rows]);
      expect(splits).toEqual(
        foldSplits({ ...given, time: undefined } as unknown as TrainingData, spec, rows, 1),
      );
    }
  });
});

describe('validationSplit', () => {
  it('watches the newest fifth where rows have a time', () => {
    const { train, test } = validationSplit(data({ time }), spec, rows, 1);
    expect(test).toHaveLength(48);
    expect(newest(train)).toBeLessThan(oldest(test));
  });

  it('draws at random without one, and where all rows have the same', () => {
    const { train, test } = validationSplit(data(), spec, rows, 1);
    expect(newest(train)).toBeGreaterThan(oldest(test));
    expect(validationSplit(data({ time: new Float64Array(n) }), spec, rows, 1)).toEqual({ train, test });
  });
});
