import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  blend,
  blendWeights,
  candidateRecord,
  type CandidateErrors,
} from '../../../src/ensemble/forecast/blend-weights.js';

const flat = (value: number, steps = 8): Float64Array => new Float64Array(steps).fill(value);
const series = (
  names: readonly string[],
  ...windows: readonly (readonly Float64Array[])[]
): CandidateErrors => ({
  names,
  windows,
});

describe('the blend', () => {
  it('weighs candidates by the inverse sixth power of their expected error', () => {
    const errors = series(['a', 'b'], [flat(1), flat(2)]);
    const record = candidateRecord([errors], 8);
    // One series, and a prior opinion of 1 that counts for two: (1 / 1.5)^(1/3) and (2 / 1.5)^(1/3).
    expect(record.relative.get('a')).toBeCloseTo((2 / 3) ** (1 / 3), 12);
    const [a, b] = blendWeights(errors, errors.windows, record, {}, 8);
    const expected = [1 / 1.5, 2 / 1.5].map((own) => 0.5 * own + 0.5 * Math.cbrt(own) + 1e-3);
    expect(a[0] / b[0]).toBeCloseTo((expected[1] / expected[0]) ** 6, 6);
  });

  it('gives weights that sum to 1, the smaller error the larger weight', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 3, maxLength: 3 }), {
          minLength: 1,
          maxLength: 4,
        }),
        (table) => {
          const errors = series(['a', 'b', 'c'], ...table.map((row) => row.map((error) => flat(error))));
          const record = candidateRecord([errors], 8);
          const weights = blendWeights(errors, errors.windows, record, {}, 8);
          for (let h = 0; h < 8; h++) {
            expect(weights.reduce((sum, weight) => sum + weight[h], 0)).toBeCloseTo(1, 12);
          }
          const mean = (c: number): number => table.reduce((sum, row) => sum + row[c], 0);
          if (mean(0) < mean(1)) expect(weights[0][0]).toBeGreaterThanOrEqual(weights[1][0]);
        },
      ),
    );
  });

  it('draws a lucky candidate of one series to what all others say', () => {
    const bad = Array.from({ length: 30 }, () => series(['good', 'bad'], [flat(1), flat(3)]));
    const lucky = series(['good', 'bad'], [flat(1), flat(0.7)]);
    const alone = blendWeights(lucky, lucky.windows, candidateRecord([lucky], 8), {}, 8)[1][0];
    const among = blendWeights(lucky, lucky.windows, candidateRecord([...bad, lucky], 8), {}, 8)[1][0];
    expect(alone).toBeGreaterThan(0.5);
    expect(among).toBeLessThan(0.5);
  });

  it('goes by the horizon: one candidate near, another far', () => {
    const rising = Float64Array.from({ length: 40 }, (_, h) => 0.2 + h / 10);
    const errors = series(['near', 'steady'], [rising, flat(2, 40)]);
    const weights = blendWeights(errors, errors.windows, candidateRecord([errors], 40), {}, 40);
    expect(weights[0][0]).toBeGreaterThan(0.9);
    expect(weights[0][39]).toBeLessThan(0.2);
  });

  it('falls back on the prior where nothing was judged', () => {
    const untried = series(['a', 'b']);
    const weights = blendWeights(untried, [], candidateRecord([untried], 8), { a: 1, b: 2 }, 8);
    expect(weights[0][3] / weights[1][3]).toBeCloseTo(64, 0);
  });

  it('does not count what is missing, and survives errors of 0', () => {
    const withGap = flat(1);
    withGap[3] = NaN;
    const errors = series(['a', 'b'], [withGap, flat(1)]);
    const record = candidateRecord([errors], 8);
    expect(record.relative.get('a')).toBeCloseTo(1, 12);
    const perfect = series(['a', 'b'], [flat(0), flat(0)]);
    const weights = blendWeights(perfect, perfect.windows, candidateRecord([perfect], 8), {}, 8);
    expect(weights[0][0]).toBeCloseTo(0.5, 12);
  });

  it('is the weighted mean, or 0 where half of the weight says 0', () => {
    const paths = [Float64Array.of(1, 0, 0), Float64Array.of(3, 4, 0.5)];
    const weights = [flat(0.5, 3), flat(0.5, 3)];
    expect([...blend(paths, weights, 3)]).toEqual([2, 0, 0]);
    expect([...blend(paths, [flat(0.25, 3), flat(0.75, 3)], 2)]).toEqual([2.5, 3]);
  });
});
