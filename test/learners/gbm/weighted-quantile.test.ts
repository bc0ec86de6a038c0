import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { weightedQuantile } from '../../../src/learners/gbm/weighted-quantile.js';

const levels = fc.constantFrom(0.05, 0.1, 0.25, 0.3, 0.5, 0.55, 0.7, 0.75, 0.9, 0.95);
const pairs = fc.array(
  fc.record({ value: fc.integer({ min: -5, max: 5 }), weight: fc.integer({ min: 0, max: 3 }) }),
  { minLength: 1, maxLength: 40 },
);

describe('weighted quantile', () => {
  it('is that of the values written out, sorted', () => {
    fc.assert(
      fc.property(pairs, levels, (rows, level) => {
        const sorted = rows
          .flatMap(({ value, weight }) => Array.from({ length: weight }, () => value))
          .sort((a, b) => a - b);
        const n = sorted.length;
        const place = level * n;
        const whole = Math.round(place);
        const isStep = Math.abs(place - whole) < 1e-9;
        const expected =
          n === 0
            ? NaN
            : isStep && whole < n
              ? (sorted[whole - 1] + sorted[whole]) / 2
              : sorted[Math.ceil(place) - 1];
        const actual = weightedQuantile(
          rows.map((row) => row.value),
          rows.map((row) => row.weight),
          level,
        );
        expect(actual).toBe(expected);
        // Any scale of the weights says the same, and the plain values need none.
        expect(
          weightedQuantile(
            rows.map((row) => row.value),
            rows.map((row) => row.weight / 7),
            level,
          ),
        ).toBe(expected);
        expect(weightedQuantile(sorted, undefined, level)).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('takes long, sorted and constant inputs', () => {
    const n = 20_001;
    const rising = Float64Array.from({ length: n }, (_, i) => i);
    expect(weightedQuantile(rising, undefined, 0.5)).toBe(10_000);
    expect(weightedQuantile(rising.toReversed(), undefined, 0.9)).toBe(18_000);
    expect(weightedQuantile(new Float64Array(n).fill(3), undefined, 0.1)).toBe(3);
  });
});
