import { describe, expect, it } from 'vitest';
import { createRng } from '../../../../src/core/rng.js';
import { residualLevel, residualProcess } from '../../../../src/learners/forecast/seasonal/residual-level.js';

/** An AR(1) level with a share of the variance 1, in white noise. */
function simulate(n: number, decay: number, share: number): Float64Array {
  const rng = createRng(8);
  let level = Math.sqrt(share) * rng.normal();
  return Float64Array.from({ length: n }, () => {
    level = decay * level + Math.sqrt(share * (1 - decay * decay)) * rng.normal();
    return level + Math.sqrt(1 - share) * rng.normal();
  });
}

describe('residualProcess', () => {
  it('recovers decay and share of a level in noise', () => {
    const { decay, share } = residualProcess(simulate(100_000, 0.92, 0.6));
    expect(decay).toBe(0.92);
    expect(share).toBeCloseTo(0.6, 1);
  });

  it('finds next to no level in white noise, none in too few or in constant residuals', () => {
    expect(residualProcess(simulate(100_000, 0, 0)).share).toBeLessThan(0.02);
    expect(residualProcess(Float64Array.of(1, -1, 1)).share).toBe(0);
    expect(residualProcess(new Float64Array(50)).share).toBe(0);
  });

  it('skips missing residuals', () => {
    const residuals = simulate(100_000, 0.92, 0.6);
    const rng = createRng(9);
    for (let i = 0; i < residuals.length; i++) if (rng.uniform() < 0.3) residuals[i] = NaN;
    const { decay, share } = residualProcess(residuals);
    expect(decay).toBe(0.92);
    expect(share).toBeCloseTo(0.6, 1);
  });
});

describe('residualLevel', () => {
  it('is the Kalman filter, run until its gain stands still', () => {
    const process = { decay: 0.9, share: 0.7 };
    const residuals = simulate(400, 0.9, 0.7);
    let mean = 0;
    let variance = process.share;
    for (const r of residuals) {
      mean *= process.decay;
      variance = process.decay ** 2 * variance + process.share * (1 - process.decay ** 2);
      const gain = variance / (variance + 1 - process.share);
      mean += gain * (r - mean);
      variance *= 1 - gain;
    }
    expect(residualLevel(residuals, process, Infinity)).toEqual({
      level: expect.closeTo(mean, 10) as number,
      decay: 0.9,
    });
  });

  it('follows the last residual where there is no noise, and only so far at once', () => {
    const { level } = residualLevel(Float64Array.of(1, 2, 3), { decay: 0.5, share: 1 }, Infinity);
    expect(level).toBeCloseTo(3, 12);
    expect(residualLevel(Float64Array.of(0, 100), { decay: 0.5, share: 1 }, 2).level).toBeCloseTo(2, 12);
  });

  it('fades over missing residuals', () => {
    expect(residualLevel(Float64Array.of(4, NaN, NaN), { decay: 0.5, share: 1 }, Infinity).level).toBeCloseTo(
      1,
      12,
    );
  });
});
