import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/core/rng.js';
import { chiSquaredQuantile, chiSquaredSurvival } from '../../../src/evaluation/drift/chi-squared.js';
import { jensenShannonDistance } from '../../../src/evaluation/drift/jensen-shannon.js';
import { populationStabilityIndex } from '../../../src/evaluation/drift/population-stability-index.js';
import { binCounts, binOf, quantileEdges } from '../../../src/evaluation/drift/quantile-bins.js';
import { homogeneityPValue, stabilityNoise } from '../../../src/evaluation/drift/stability-noise.js';

interface Counts {
  name: string;
  reference: number[];
  current: number[];
  psi: number;
  psiPlain: number | null;
  jensenShannon: number;
  pValue: number;
}
const golden = JSON.parse(readFileSync(new URL('../../golden/drift.json', import.meta.url), 'utf8')) as {
  counts: Counts[];
  yates: [number[], number[], number][];
  chiSquared: [number, number, number][];
  chiSquaredQuantile: [number, number, number][];
};

function near(actual: number, expected: number, tolerance = 1e-12): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(expected)));
}

describe.each(golden.counts)('SciPy on $name', ({ reference, current, ...expected }) => {
  it('population stability index', () => {
    near(populationStabilityIndex(reference, current), expected.psi);
    const plain = populationStabilityIndex(reference, current, 0);
    if (expected.psiPlain === null) expect(plain).toBe(Infinity);
    else near(plain, expected.psiPlain);
  });
  // A square root near 0 doubles the digits that rounding takes.
  it('Jensen-Shannon distance', () => {
    near(jensenShannonDistance(reference, current), expected.jensenShannon, 1e-8);
    near(jensenShannonDistance(reference, current) ** 2, expected.jensenShannon ** 2);
  });
  it('p-value of the difference', () => {
    near(homogeneityPValue(reference, current), expected.pValue, 1e-11);
  });
});

it.each(golden.yates)('SciPy with the correction of Yates on %j and %j', (a, b, expected) => {
  near(homogeneityPValue(a, b, 0.5), expected, 1e-11);
});

describe('the chi-squared distribution', () => {
  it.each(golden.chiSquared)('P(X > %d) with %d degrees', (x, degrees, expected) => {
    expect(Math.abs(chiSquaredSurvival(x, degrees) - expected)).toBeLessThanOrEqual(1e-13 + 1e-11 * expected);
  });
  it.each(golden.chiSquaredQuantile)('tail %d with %d degrees', (tail, degrees, expected) => {
    near(chiSquaredQuantile(tail, degrees), expected, 1e-10);
  });
});

const counts = fc
  .array(fc.tuple(fc.nat(500), fc.nat(500)), { minLength: 1, maxLength: 12 })
  .filter((bins) => bins.some(([a]) => a > 0) && bins.some(([, b]) => b > 0));

describe('both measures', () => {
  it('are symmetric, 0 at equality, within their range and blind to the order of bins', () => {
    fc.assert(
      fc.property(counts, (bins) => {
        const a = bins.map(([count]) => count);
        const b = bins.map(([, count]) => count);
        for (const measure of [populationStabilityIndex, jensenShannonDistance]) {
          near(measure(a, b), measure(b, a));
          near(measure(a, a), 0, 1e-7);
          near(measure(a.toReversed(), b.toReversed()), measure(a, b), 1e-7);
          expect(measure(a, b)).toBeGreaterThanOrEqual(-1e-12);
        }
        expect(jensenShannonDistance(a, b)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('refuse what is no pair of counts', () => {
    expect(() => populationStabilityIndex([1, 2], [1])).toThrow('reference has 2 bins, current 1');
    expect(() => populationStabilityIndex([1, 2], [0, 0])).toThrow('current has no rows');
    expect(() => jensenShannonDistance([1, -2], [1, 1])).toThrow('reference[1]=-2 must be finite');
    expect(() => jensenShannonDistance([1, 2], [NaN, 1])).toThrow('current[0]=NaN must be finite');
  });
});

describe('noise', () => {
  it('covers what samples of one distribution reach', () => {
    const rng = createRng(11);
    const nBins = 10;
    const [n, m] = [4_000, 300];
    const { expected, upper, distance } = stabilityNoise(nBins, n, m, 0.95);
    const draw = (rows: number): Float64Array => {
      const bins = new Float64Array(nBins);
      for (let i = 0; i < rows; i++) bins[Math.floor(rng.uniform() * nBins)]++;
      return bins;
    };
    const trials = 2_000;
    let sum = 0;
    let above = 0;
    let far = 0;
    let rejected = 0;
    for (let t = 0; t < trials; t++) {
      const [a, b] = [draw(n), draw(m)];
      const psi = populationStabilityIndex(a, b);
      sum += psi;
      if (psi > upper) above++;
      if (jensenShannonDistance(a, b) > distance) far++;
      if (homogeneityPValue(a, b) < 0.05) rejected++;
    }
    // 2000 trials at 5 %: a standard error of 0.005; four of them.
    expect(sum / trials / expected).toBeGreaterThan(0.95);
    expect(sum / trials / expected).toBeLessThan(1.05);
    for (const share of [above, far, rejected].map((count) => count / trials)) {
      expect(share).toBeGreaterThan(0.03);
      expect(share).toBeLessThan(0.07);
    }
  });
});

describe('quantile bins', () => {
  it('hold about equally many values', () => {
    const values = Float64Array.from({ length: 1_000 }, (_, i) => ((i * 617) % 1_000) ** 2);
    const edges = quantileEdges(values, 10);
    expect(edges).toHaveLength(9);
    expect([...binCounts(edges, values)]).toEqual(new Array(10).fill(100));
  });

  it('keep repeated values together and survive infinities and NaN', () => {
    expect(quantileEdges([3, 3, 3, NaN], 10)).toEqual([]);
    expect(quantileEdges([0, 0, 0, 0, 0, 0, 0, 1, 2, 3], 5)).toEqual([0, 1]);
    expect([...binCounts([0, 1], [-Infinity, 0, 0.5, 1, 7, Infinity, NaN])]).toEqual([2, 2, 2]);
    expect(quantileEdges([-Infinity, 1, 2, Infinity], 2)).toEqual([1]);
    expect(() => quantileEdges([NaN], 10)).toThrow('there are no values');
  });

  it('count a value in one bin only, by its edges', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), fc.integer(), (values, value) => {
        const edges = quantileEdges(values, 8);
        const bin = binOf(edges, value);
        expect(edges.filter((edge) => edge < value)).toHaveLength(bin);
        expect(binCounts(edges, values).every((count) => count > 0)).toBe(true);
      }),
    );
  });
});
