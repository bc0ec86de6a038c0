import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { evaluateRegression } from '../../src/evaluation/evaluate.js';
import { amountMetrics } from '../../src/evaluation/metrics.js';
import { tweedieDeviance, tweedieRowDeviance } from '../../src/evaluation/tweedie-deviance.js';

interface Golden {
  readonly y: readonly number[];
  readonly prediction: readonly number[];
  readonly weight: readonly number[];
  readonly powers: readonly {
    readonly power: number;
    readonly deviance: number;
    readonly weighted: number;
    readonly explained: number;
  }[];
}
const golden = JSON.parse(
  readFileSync(new URL('../golden/log-mean.json', import.meta.url), 'utf8'),
) as Golden;
const { y, prediction, weight } = golden;

describe('tweedieDeviance', () => {
  it.each(golden.powers)('agrees with scikit-learn, power $power', ({ power, ...expected }) => {
    const { deviance, deviance_explained } = amountMetrics(power);
    expect(deviance.compute(y, prediction)).toBeCloseTo(expected.deviance, 10);
    expect(deviance.compute(y, prediction, weight)).toBeCloseTo(expected.weighted, 10);
    expect(deviance_explained.compute(y, prediction)).toBeCloseTo(expected.explained, 10);
  });

  it('is 0 at the amount and grows away from it on both sides', () => {
    const amount = fc.double({ min: 1e-3, max: 1e4, noNaN: true });
    fc.assert(
      fc.property(amount, fc.constantFrom(1, 1.2, 1.5, 1.8), (mean, power) => {
        const at = (factor: number): number => tweedieRowDeviance(mean, mean * factor, power);
        expect(Math.abs(at(1))).toBeLessThan(1e-9 * Math.max(1, mean));
        expect(at(1.2)).toBeGreaterThan(at(1.1));
        expect(at(0.8)).toBeGreaterThan(at(0.9));
        expect(at(0.9)).toBeGreaterThan(at(1));
      }),
    );
  });

  it('refuses what has no deviance, naming the row', () => {
    expect(() => tweedieDeviance([1, -1], [1, 1], 1.5)).toThrow('y[1]=-1 must be at least 0');
    expect(() => tweedieDeviance([1, 0], [1, 0], 1.5)).toThrow('prediction[1]=0 must be above 0');
  });
});

describe('the level error', () => {
  it('compares sums', () => {
    expect(amountMetrics(1).level_error.compute([1, 3], [4, 2])).toBeCloseTo(0.5, 12);
    expect(amountMetrics(1).level_error.compute([1, 3], [4, 2], [0, 1])).toBeCloseTo(1 / 3, 12);
  });

  it('stands beside the deviance in the evaluation of amounts alone', () => {
    const judged = { y, prediction, rng: createRng(1), replicates: 20 };
    const names = evaluateRegression({ ...judged, tweediePower: 1.5 }).metrics.map(({ name }) => name);
    expect(names).toEqual(['deviance_explained', 'deviance', 'level_error', 'rmse', 'mae', 'r2']);
    expect(evaluateRegression(judged).metrics.map(({ name }) => name)).toEqual(['rmse', 'mae', 'r2']);
  });
});
