import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRng, type Rng } from '../../../src/core/rng.js';
import type { Column } from '../../../src/core/table.js';
import { columnCounts } from '../../../src/evaluation/drift/column-counts.js';
import { measureColumn, type ColumnMeasures } from '../../../src/evaluation/drift/column-drift.js';
import { columnReference } from '../../../src/evaluation/drift/column-reference.js';
import { judgeDrift, type DriftReport } from '../../../src/evaluation/drift/drift-report.js';
import { holmAdjusted } from '../../../src/evaluation/drift/holm.js';
import { binnedKolmogorovSmirnov, kolmogorovSurvival } from '../../../src/evaluation/drift/kolmogorov.js';
import { binCounts } from '../../../src/evaluation/drift/quantile-bins.js';
import { driftThresholds } from '../../../src/evaluation/drift/thresholds.js';

const golden = JSON.parse(readFileSync(new URL('../../golden/drift.json', import.meta.url), 'utf8')) as {
  samples: { a: number[]; b: number[]; statistic: number }[];
  kolmogorov: [number, number][];
};
const numbers = (values: number[]): Column => ({ type: 'number', values: Float64Array.from(values) });
const texts = (values: (string | null)[]): Column => ({ type: 'string', values });

function measured(before: Column, ...batches: Column[]): ColumnMeasures {
  const reference = columnReference('c', before);
  const counts = columnCounts(reference);
  for (const batch of batches) counts.add(batch);
  return measureColumn(reference, counts);
}
function judged(columns: ColumnMeasures[]): DriftReport {
  const about = { format: 1, model: 'm', trainingSnapshot: '', nRows: 1, columns: [], scores: [] } as const;
  const found = { nRows: 1, scores: [], columns, performance: null, rules: [] };
  return judgeDrift({ ...about, confidence: null }, found, driftThresholds.parse({}));
}
const valueOf = ({ measures }: ColumnMeasures, name: string): number =>
  measures.find(({ measure }) => measure === name)!.value;

describe('Kolmogorov-Smirnov', () => {
  it.each(golden.samples)('SciPy on samples of $a.length and $b.length rows', ({ a, b, statistic }) => {
    const edges = [...new Set([...a, ...b])].sort((x, y) => x - y).slice(0, -1);
    const found = binnedKolmogorovSmirnov(binCounts(edges, a), binCounts(edges, b)).statistic;
    expect(Math.abs(found - statistic)).toBeLessThan(1e-12);
  });
  it.each(golden.kolmogorov)('the limit beyond %d', (x, expected) => {
    expect(Math.abs(kolmogorovSurvival(x) - expected)).toBeLessThan(1e-12);
  });
});

describe('Holm', () => {
  it('is the step-down of its definition', () => {
    // 0.01·4, 0.02·3, 0.03·2 held at the largest before, 0.2·1.
    expect(holmAdjusted([0.2, 0.01, 0.03, 0.02])).toEqual([0.2, 0.04, 0.06, 0.06]);
    expect(holmAdjusted([])).toEqual([]);
    expect(holmAdjusted([0.9, 0.8])).toEqual([1, 1]);
  });
});

describe('a batch that did not change', () => {
  /** Columns of every kind, skewed, with missing values and rare categories. */
  function row(rng: Rng): (number | string | null)[] {
    const rare = Math.floor(Math.exp(rng.normal() * 1.5));
    return [
      rng.normal(),
      Math.exp(2 * rng.normal()),
      rng.uniform() < 0.2 ? NaN : rng.integer(4),
      rng.uniform() < 0.03 ? 1 : 0,
      ['vi', 'en', 'th', 'ja'][Math.floor(4 * rng.uniform() ** 3)],
      `c${rare}`,
      rng.uniform() < 0.4 ? null : 'x'.repeat(rng.integer(40)),
    ];
  }
  const columnsOf = (rows: (number | string | null)[][]): Column[] =>
    rows[0].map((_, c) => {
      const values = rows.map((r) => r[c]);
      return c < 4 ? numbers(values as number[]) : texts(values as (string | null)[]);
    });
  const rng = createRng(5);
  const sample = (n: number): Column[] => columnsOf(Array.from({ length: n }, () => row(rng)));

  it.each([20, 60, 300, 3_000])('of %d rows seldom raises an alarm', (size) => {
    const draw = () => sample(4_000).map((column, c) => columnReference(`c${c}`, column));
    let references = draw();
    const trials = size > 1_000 ? 150 : 400;
    let alarms = 0;
    for (let t = 0; t < trials; t++) {
      // A reference that is off by chance is so for all batches that are compared with it.
      if (t % 5 === 0) references = draw();
      const found = sample(size).map((column, c) => {
        const counts = columnCounts(references[c]);
        counts.add(column);
        return measureColumn(references[c], counts);
      });
      if (judged(found).verdict !== 'steady') alarms++;
    }
    // At most 1 % of batches by Holm's bound; three standard errors above it.
    expect(alarms / trials).toBeLessThanOrEqual(0.01 + 3 * Math.sqrt((0.01 * 0.99) / trials));
  });

  it('has an index of about 0 once noise is taken off, though the raw one is large', () => {
    const reference = columnReference('c', numbers(Array.from({ length: 4_000 }, () => rng.normal())));
    let raw = 0;
    let value = 0;
    for (let t = 0; t < 200; t++) {
      const counts = columnCounts(reference);
      counts.add(numbers(Array.from({ length: 60 }, () => rng.normal())));
      const psi = measureColumn(reference, counts).measures[0];
      raw += psi.raw / 200;
      value += psi.value / 200;
    }
    expect(raw).toBeGreaterThan(0.1);
    expect(value).toBeLessThan(0.06);
  });
});

describe('a batch that changed', () => {
  const rng = createRng(6);
  const normals = (n: number, shift: number): Column =>
    numbers(Array.from({ length: n }, () => rng.normal() + shift));

  it('holds the true index within its interval', () => {
    // Shifting a normal by 0.5 has a divergence of 0.25; ten bins keep about 0.23 of it.
    const wide = measured(normals(400_000, 0), normals(400_000, 0.5)).measures[0].value;
    expect(wide).toBeGreaterThan(0.2);
    expect(wide).toBeLessThan(0.25);
    let covered = 0;
    for (let t = 0; t < 300; t++) {
      const { lower, upper } = measured(normals(2_000, 0), normals(400, 0.5)).measures[0];
      if (lower! <= wide && wide <= upper!) covered++;
    }
    expect(covered / 300).toBeGreaterThan(0.91);
    expect(covered / 300).toBeLessThan(0.99);
  });

  it.each([0.6, -0.6, 1.5])('by %d standard deviations is drift already at 200 rows', (shift) => {
    const report = judged([measured(normals(4_000, 0), normals(200, shift))]);
    expect(report.verdict).toBe('drift');
  });

  it('shows missing values, fewer or more', () => {
    const before = numbers([
      ...Array.from({ length: 900 }, (_, i) => i),
      ...new Array<number>(100).fill(NaN),
    ]);
    const broken = measured(before, numbers(new Array<number>(50).fill(NaN)));
    expect(broken).toMatchObject({ missingBefore: 0.1, missingNow: 1, nRows: 50 });
    expect(judged([broken]).columns[0].measures.map(({ measure, verdict }) => [measure, verdict])).toEqual([
      ['missing', 'drift'],
    ]);
    const mended = measured(before, numbers(Array.from({ length: 900 }, (_, i) => i)));
    expect(valueOf(mended, 'missing')).toBeCloseTo(0.1);
    expect(judged([mended]).verdict).toBe('drift');
  });

  it('names new categories, and takes one new row in a small batch for chance', () => {
    const before = texts(Array.from({ length: 1_000 }, (_, i) => (i % 3 === 0 ? 'vi' : 'en')));
    const batch = (n: number, fresh: number): Column =>
      texts(Array.from({ length: n }, (_, i) => (i < fresh ? 'ko' : i % 3 === 0 ? 'vi' : 'en')));
    const found = measured(before, batch(200, 30));
    expect(found.unseen).toEqual([['ko', 30]]);
    expect(valueOf(found, 'unseen')).toBeCloseTo(0.15);
    expect(judged([found]).verdict).toBe('drift');
    expect(judged([measured(before, batch(20, 1))]).verdict).toBe('steady');
  });

  it('adds batches up', () => {
    const before = normals(500, 0);
    const parts = [normals(40, 1), normals(70, 1)];
    const values = parts.flatMap((part) => [...(part.values as Float64Array)]);
    expect(measured(before, ...parts)).toEqual(measured(before, numbers(values)));
  });
});

describe('columns of every kind', () => {
  it('counts infinities as the largest numbers and time only by what is missing', () => {
    const before = numbers([1, 2, 3, Infinity, -Infinity, NaN]);
    expect(JSON.parse(JSON.stringify(columnReference('c', before)))).toEqual(columnReference('c', before));
    expect(measured(before, before).measures.map(({ raw }) => raw)).toEqual([0, 0, 0, 0]);
    const time: Column = { type: 'timestamp', values: Float64Array.of(1, 2, 3) };
    expect(measured(time, time).measures.map(({ measure }) => measure)).toEqual(['missing']);
  });

  it('keeps a rare value of a flag in a bin of its own', () => {
    const flags = numbers(Array.from({ length: 10_000 }, (_, i) => (i < 3 ? 0 : 1)));
    expect(columnReference('c', flags)).toMatchObject({ edges: [0], counts: [3, 9_997] });
  });

  it('reads texts of many values by their length, and says so when a type changed', () => {
    const names = texts(Array.from({ length: 500 }, (_, i) => `tên ${i} 🙂`));
    const reference = columnReference('bio', names);
    expect(reference).toMatchObject({ kind: 'text-length', edges: [7, 8] });
    expect(() => columnCounts(reference).add(numbers([1]))).toThrow('column bio holds numbers');
    expect(() => columnCounts(columnReference('n', numbers([1, 2]))).add(names)).toThrow('holds strings');
  });

  it('gives defined answers where nothing was known or nothing is', () => {
    const nothing = numbers([NaN, NaN]);
    for (const [before, now] of [
      [nothing, numbers([1, 2])],
      [numbers([1, 2]), nothing],
      [nothing, nothing],
      [texts([null]), texts(['a'])],
      [numbers([5]), numbers([5])],
    ]) {
      for (const { value, pValue } of measured(before, now).measures) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(pValue).toBeGreaterThanOrEqual(0);
        expect(pValue).toBeLessThanOrEqual(1);
      }
    }
  });
});
