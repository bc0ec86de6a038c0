import { describe, expect, it } from 'vitest';
import { createRng } from '../../../../src/core/rng.js';
import { seasonalForecasterParams } from '../../../../src/learners/forecast/seasonal/params.js';
import { prepareDesign } from '../../../../src/learners/forecast/seasonal/prepared.js';
import { transposedProducts } from '../../../../src/learners/forecast/seasonal/products.js';
import type { Way } from '../../../../src/learners/forecast/seasonal/ways.js';
import { weighWays } from '../../../../src/learners/forecast/seasonal/weigh.js';
import { daily } from './simulated-series.js';

const params = seasonalForecasterParams({ changepointPriorScale: 1, seasonalityPriorScale: 1 });
const [flat, straight, half]: readonly Way[] = [0, 1, 0.5].map((damping) => ({
  candidate: 0,
  damping,
  process: null,
}));

function weightsOf(z: Float64Array, ways: readonly Way[]): Map<Way, number> {
  const prepared = prepareDesign(params, daily('2024-01-01'), z.length);
  const filled = z.map((value) => (Number.isNaN(value) ? 0 : value));
  const sums = transposedProducts(prepared.design, filled, prepared.origins);
  return new Map(weighWays(prepared, ways, z, sums, Infinity).map(({ way, weight }) => [way, weight]));
}

describe('weighWays', () => {
  const line = Float64Array.from({ length: 240 }, (_, i) => i / 50);

  it('gives nearly everything to the way that continues as the series did', () => {
    const weights = weightsOf(line, [flat, straight, half]);
    expect(weights.get(straight)).toBeGreaterThan(0.99);
  });

  it('gives weights that sum to 1, more to the better', () => {
    const rng = createRng(1);
    const weights = weightsOf(
      line.map((value) => 0.2 * value + rng.normal()),
      [flat, straight, half],
    );
    expect(Array.from(weights.values()).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    const wanderer = Float64Array.from({ length: 240 }, (_, i) => (i % 80 < 40 ? i % 80 : 80 - (i % 80)));
    const bent = weightsOf(wanderer, [flat, straight]);
    expect(bent.get(flat)!).toBeGreaterThan(bent.get(straight) ?? 0);
  });

  it('lets all weigh the same where nothing can be held out', () => {
    const weights = weightsOf(line.slice(0, 10), [flat, straight]);
    expect(Array.from(weights.values())).toEqual([0.5, 0.5]);
  });

  it('does not let missing values judge', () => {
    const tail = line.map((value, i) => (i >= 190 && i % 2 === 0 ? NaN : value));
    const prepared = prepareDesign(params, daily('2024-01-01'), 240);
    const sums = transposedProducts(prepared.design, line, prepared.origins);
    const [best] = weighWays(prepared, [flat, straight], tail, sums, Infinity);
    expect(best.way).toBe(straight);
    expect(best.weight).toBeGreaterThan(0.99);
  });
});
