import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, DataError } from '../../src/core/errors.js';
import { createRng, type Rng } from '../../src/core/rng.js';
import { bootstrapIntervals, pairedBootstrap } from '../../src/evaluation/bootstrap.js';
import { delong, delongPaired } from '../../src/evaluation/delong.js';
import { wilsonInterval } from '../../src/evaluation/interval.js';
import { binaryMetrics, multiclassMetrics, regressionMetrics } from '../../src/evaluation/metrics.js';
import { normalCdf } from '../../src/evaluation/normal.js';

/** DeLong, DeLong & Clarke-Pearson (1988) word for word: the kernel over all pairs, both structural components. */
function delongByPairs(y: readonly number[], scores: readonly (readonly number[])[]) {
  const pos = y.flatMap((v, i) => (v === 1 ? [i] : []));
  const neg = y.flatMap((v, i) => (v === 0 ? [i] : []));
  const psi = (x: number, z: number): number => (x > z ? 1 : x === z ? 0.5 : 0);
  const mean = (v: readonly number[]): number => v.reduce((a, b) => a + b, 0) / v.length;
  const v10 = scores.map((s) => pos.map((i) => mean(neg.map((j) => psi(s[i], s[j])))));
  const v01 = scores.map((s) => neg.map((j) => mean(pos.map((i) => psi(s[i], s[j])))));
  const auc = v10.map(mean);
  const cov = (v: readonly number[][], r: number, s: number): number =>
    v[r].reduce((sum, value, i) => sum + (value - auc[r]) * (v[s][i] - auc[s]), 0) / (v[r].length - 1);
  const S = (r: number, s: number): number => cov(v10, r, s) / pos.length + cov(v01, r, s) / neg.length;
  return { auc, S };
}

function sample(rng: Rng, nPositives: number, nNegatives: number, shift: number) {
  const y = [...new Array<number>(nPositives).fill(1), ...new Array<number>(nNegatives).fill(0)];
  return { y, score: y.map((label) => rng.normal() + shift * label) };
}

const rows = fc
  .array(fc.tuple(fc.constantFrom(0, 1), fc.integer({ min: 0, max: 6 }), fc.integer({ min: 0, max: 6 })), {
    minLength: 4,
    maxLength: 40,
  })
  .filter((r) => {
    const positives = r.filter(([label]) => label === 1).length;
    return positives >= 2 && r.length - positives >= 2;
  });

describe('delong', () => {
  it('equals the definition over all pairs, ties included', () => {
    fc.assert(
      fc.property(rows, (r) => {
        const y = r.map(([label]) => label);
        const a = r.map(([, s]) => s);
        const b = r.map(([, , s]) => s);
        const { auc, S } = delongByPairs(y, [a, b]);
        const single = delong(y, a);
        expect(single.auc).toBeCloseTo(auc[0], 12);
        expect(single.standardError ** 2).toBeCloseTo(S(0, 0), 12);
        expect(single.lower).toBeLessThanOrEqual(single.auc);
        expect(single.upper).toBeGreaterThanOrEqual(single.auc);
        const paired = delongPaired(y, a, b);
        expect(paired.difference).toBeCloseTo(auc[0] - auc[1], 12);
        expect(paired.standardError ** 2).toBeCloseTo(S(0, 0) + S(1, 1) - 2 * S(0, 1), 12);
        expect(paired.lower).toBeLessThanOrEqual(paired.difference);
        expect(paired.upper).toBeGreaterThanOrEqual(paired.difference);
        const swapped = delongPaired(y, b, a);
        expect(swapped.difference).toBe(-paired.difference + 0);
        expect(swapped.pValue).toBeCloseTo(paired.pValue, 12);
        expect(paired.pValue).toBeGreaterThanOrEqual(0);
        expect(paired.pValue).toBeLessThanOrEqual(1);
      }),
    );
  });
  it('does not change under monotone maps', () => {
    const { y, score } = sample(createRng(1), 20, 30, 1);
    expect(delong(y, score.map(Math.exp))).toEqual(delong(y, score));
  });
  it('holds the true AUC as often as it says', () => {
    const rng = createRng(11);
    for (const { nPositives, nNegatives, shift } of [
      { nPositives: 30, nNegatives: 40, shift: 0.8 },
      { nPositives: 15, nNegatives: 60, shift: 0 },
    ]) {
      const truth = normalCdf(shift / Math.SQRT2);
      let held = 0;
      const trials = 1500;
      for (let t = 0; t < trials; t++) {
        const { y, score } = sample(rng, nPositives, nNegatives, shift);
        const { lower, upper } = delong(y, score, 0.9);
        if (lower <= truth && truth <= upper) held++;
      }
      // 0.9 less a small-sample bias of about 0.01, +- 3 standard errors of the simulation (0.023).
      expect(held / trials).toBeGreaterThan(0.865);
      expect(held / trials).toBeLessThan(0.925);
    }
  });
  it('rejects equal models as often as it says', () => {
    const rng = createRng(12);
    let rejected = 0;
    const trials = 1500;
    for (let t = 0; t < trials; t++) {
      const { y, score } = sample(rng, 30, 30, 1);
      const a = score.map((s) => s + rng.normal());
      const b = score.map((s) => s + rng.normal());
      if (delongPaired(y, a, b).pValue < 0.1) rejected++;
    }
    expect(rejected / trials).toBeGreaterThan(0.075);
    expect(rejected / trials).toBeLessThan(0.135);
  });
  it('does not take a perfect ranking of few rows for certainty', () => {
    const { auc, lower, upper } = delong([0, 0, 0, 1, 1], [1, 2, 3, 4, 5]);
    expect([auc, upper]).toEqual([1, 1]);
    expect(lower).toBeCloseTo(Math.sqrt(0.025), 12);
    expect(delong([1, 1, 0, 0, 0], [1, 2, 3, 4, 5]).upper).toBeCloseTo(1 - Math.sqrt(0.025), 12);
  });
  it('calls a model equal to itself', () => {
    const y = [0, 1, 0, 1];
    const p = [0.1, 0.4, 0.5, 0.9];
    expect(delongPaired(y, p, p)).toEqual({
      difference: 0,
      standardError: 0,
      lower: 0,
      upper: 0,
      z: 0,
      pValue: 1,
    });
  });
  it('refuses one row of a class, a NaN, and a level of 95', () => {
    expect(() => delong([0, 0, 1], [1, 2, 3])).toThrow(
      '1 positive and 2 negative rows, expected at least two',
    );
    expect(() => delong([0, 0, 1, 1], [1, 2, NaN, 3])).toThrow('score[2]=NaN');
    expect(() => delong([0, 0, 1, 1], [1, 2, 3, 4], 95)).toThrow(ConfigError);
  });
});

/**
 * The draws of the kernel by the books, for one resample after another: four streams of xoshiro128** (Blackman & Vigna
 * 2021) in turn, and Lemire (2019), in big integers.
 */
function rowDraws(nRows: number, rng: Rng): () => number[] {
  const mask = 0xffffffffn;
  const rotl = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & mask;
  const words = Array.from({ length: 16 }, (_, i) => BigInt(rng.integer(2 ** 32)) | (i < 12 ? 0n : 1n));
  const streams = [0, 1, 2, 3].map((k) => [0, 1, 2, 3].map((w) => words[4 * w + k]));
  const next = (s: bigint[]): bigint => {
    const draw = (rotl((s[1] * 5n) & mask, 7n) * 9n) & mask;
    const t = (s[1] << 9n) & mask;
    const [a, b, c, d] = [s[0], s[1], s[2] ^ s[0], s[3] ^ s[1]];
    s.splice(0, 4, a ^ d, b ^ c, c ^ t, rotl(d, 11n));
    return draw;
  };
  return () => {
    const rows: number[] = [];
    while (rows.length < nRows) {
      const products = streams.map((stream) => next(stream) * BigInt(nRows));
      const taken = products.filter((product) => (product & mask) >= 2n ** 32n % BigInt(nRows));
      rows.push(...taken.map((product) => Number(product >> 32n)));
    }
    return rows.slice(0, nRows);
  };
}

describe('bootstrapIntervals', () => {
  const { y, score } = sample(createRng(2), 300, 500, 1);
  const p = score.map((s) => 1 / (1 + Math.exp(-s)));

  it('equals metrics recomputed on rows drawn one by one', () => {
    const small = { y: y.slice(280, 330), p: p.slice(280, 330) };
    const metrics = Object.values(binaryMetrics);
    const replicates = 40;
    const actual = bootstrapIntervals(metrics, small.y, small.p, {
      replicates,
      level: 0.8,
      rng: createRng(3),
    });
    // The same draws: row numbers count rows from the lowest probability.
    const order = small.p.map((_, i) => i).sort((i, j) => small.p[i] - small.p[j]);
    const draw = rowDraws(order.length, createRng(3));
    const draws = Array.from({ length: replicates }, () => draw().map((row) => order[row]));
    metrics.forEach((metric, m) => {
      const values = draws.map((draw) =>
        metric.compute(
          draw.map((i) => small.y[i]),
          draw.map((i) => small.p[i]),
        ),
      );
      const mean = values.reduce((a, b) => a + b, 0) / replicates;
      const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (replicates - 1);
      values.sort((a, b) => a - b);
      const value = metric.compute(small.y, small.p);
      expect(actual[m].value).toBe(value);
      expect(actual[m].standardError).toBeCloseTo(Math.sqrt(variance), 10);
      // 39 gaps: the 0.1 quantile lies 0.9 of the way from the fourth to the fifth value.
      expect(actual[m].lower).toBeCloseTo(Math.min(value, 0.1 * values[3] + 0.9 * values[4]), 10);
      expect(actual[m].upper).toBeCloseTo(Math.max(value, 0.9 * values[35] + 0.1 * values[36]), 10);
    });
  });
  it('agrees with DeLong', () => {
    const [interval] = bootstrapIntervals([binaryMetrics.roc_auc], y, p, { rng: createRng(4) });
    const exact = delong(y, p);
    expect(interval.value).toBeCloseTo(exact.auc, 12);
    expect(interval.standardError / exact.standardError).toBeGreaterThan(0.92);
    expect(interval.standardError / exact.standardError).toBeLessThan(1.08);
    expect(Math.abs(interval.lower - exact.lower)).toBeLessThan(0.15 * exact.standardError * 2);
  });
  it('is the same for the same seed, and holds the estimate', () => {
    const metrics = Object.values(binaryMetrics);
    const options = { replicates: 50, level: 0.5 };
    const first = bootstrapIntervals(metrics, y, p, { ...options, rng: createRng(5) });
    expect(bootstrapIntervals(metrics, y, p, { ...options, rng: createRng(5) })).toEqual(first);
    expect(bootstrapIntervals(metrics, y, p, { ...options, rng: createRng(6) })).not.toEqual(first);
    for (const { value, lower, upper } of first) {
      expect(lower).toBeLessThanOrEqual(value);
      expect(upper).toBeGreaterThanOrEqual(value);
    }
  });
  it('draws again where only one class came up, and gives up where none else can', () => {
    const [interval] = bootstrapIntervals([binaryMetrics.roc_auc], [0, 0, 1], [0.1, 0.6, 0.5], {
      rng: createRng(7),
    });
    expect(interval.lower).toBe(0);
    expect(interval.upper).toBe(1);
    expect(() =>
      bootstrapIntervals([binaryMetrics.roc_auc], [0, 0], [0.1, 0.2], { rng: createRng(7) }),
    ).toThrow(DataError);
  });
  it('covers the true mean squared error', () => {
    const rng = createRng(8);
    let held = 0;
    const trials = 300;
    for (let t = 0; t < trials; t++) {
      const target = Array.from({ length: 80 }, () => rng.normal());
      const zeros = new Float64Array(80);
      const [{ lower, upper }] = bootstrapIntervals([regressionMetrics.rmse], target, zeros, {
        replicates: 150,
        level: 0.9,
        rng: rng.split(`${t}`),
      });
      if (lower <= 1 && upper >= 1) held++;
    }
    expect(held / trials).toBeGreaterThan(0.82);
    expect(held / trials).toBeLessThan(0.95);
  });
  it('reads class probabilities as well', () => {
    const labels = [0, 1, 2, 0, 1, 2, 0, 1, 2, 2];
    const P = [0, 1, 2].map((k) => labels.map((label) => (label === k ? 0.5 : 0.25)));
    const intervals = bootstrapIntervals(Object.values(multiclassMetrics), labels, P, { rng: createRng(1) });
    expect(intervals.map(({ name }) => name)).toEqual(Object.keys(multiclassMetrics));
    const lossInterval = intervals[2];
    expect(lossInterval.lower).toBeCloseTo(Math.log(2), 12);
    expect(lossInterval.upper).toBeCloseTo(Math.log(2), 12);
  });
  it('refuses one replicate and a level of 95', () => {
    const options = { rng: createRng(1) };
    expect(() => bootstrapIntervals([], y, p, { ...options, replicates: 1 })).toThrow('replicates=1 must be');
    expect(() => bootstrapIntervals([], y, p, { ...options, level: 95 })).toThrow('level=95 must be');
  });
});

describe('pairedBootstrap', () => {
  it('finds no difference of a model from itself, and agrees with paired DeLong', () => {
    const rng = createRng(9);
    const { y, score } = sample(rng, 200, 300, 1);
    const other = score.map((s) => s + 0.5 * rng.normal());
    const options = { rng: createRng(10) };
    const [same] = pairedBootstrap([binaryMetrics.roc_auc], y, score, score, options);
    expect([same.value, same.lower, same.upper]).toEqual([0, 0, 0]);
    const [paired] = pairedBootstrap([binaryMetrics.roc_auc], y, score, other, options);
    const exact = delongPaired(y, score, other);
    expect(paired.value).toBeCloseTo(exact.difference, 12);
    expect(paired.standardError / exact.standardError).toBeGreaterThan(0.9);
    expect(paired.standardError / exact.standardError).toBeLessThan(1.1);
  });
});

describe('wilsonInterval', () => {
  it('holds the share and stays inside [0, 1]', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, share) => {
          const successes = Math.round(share * n);
          const { lower, upper } = wilsonInterval(successes, n);
          expect(lower).toBeGreaterThanOrEqual(0);
          expect(upper).toBeLessThanOrEqual(1);
          expect(lower).toBeLessThanOrEqual(successes / n);
          expect(upper).toBeGreaterThanOrEqual(successes / n);
        },
      ),
    );
  });
  it('refuses counts that are none', () => {
    expect(() => wilsonInterval(2, 1)).toThrow(ConfigError);
  });
});
