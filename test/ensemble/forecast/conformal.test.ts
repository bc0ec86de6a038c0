import { describe, expect, it } from 'vitest';
import { createRng, type Rng } from '../../../src/core/rng.js';
import {
  conformalOffsets,
  fitConformal,
  withoutWindow,
  type SeriesResiduals,
} from '../../../src/ensemble/forecast/conformal.js';

const steps = 10;

/** Series whose errors have sizes of their own and grow with the horizon. */
function draw(
  rng: Rng,
  windows: number,
  tail: (rng: Rng) => number,
): SeriesResiduals & { future: Float64Array } {
  const size = Math.exp(rng.normal());
  const window = (): Float64Array =>
    Float64Array.from({ length: steps }, (_, h) => size * Math.sqrt(1 + h) * tail(rng));
  return {
    windows: Array.from({ length: windows }, window),
    units: new Array<number>(windows).fill(1),
    unit: 1,
    future: window(),
  };
}

function coverage(windows: number, level: number, nSeries: number, tail: (rng: Rng) => number): number {
  let [inside, count] = [0, 0];
  for (let seed = 0; seed < Math.ceil(2_000 / nSeries); seed++) {
    const rng = createRng(seed).split(`${windows}`);
    const all = Array.from({ length: nSeries }, () => draw(rng, windows, tail));
    const model = fitConformal(all, steps);
    for (const one of all) {
      const { lower, upper } = conformalOffsets(model, one, level);
      one.future.forEach((residual, h) => {
        count++;
        if (residual >= lower[h] && residual <= upper[h]) inside++;
      });
    }
  }
  return inside / count;
}

const normal = (rng: Rng): number => rng.normal();
const skewed = (rng: Rng): number => Math.exp(rng.normal()) - 1.6;

describe('conformal intervals', () => {
  it.each([
    ['many series, two windows', 2, 400],
    ['many series, four windows', 4, 400],
    ['few series', 4, 5],
  ])('hold what they say: %s', (_, windows, nSeries) => {
    for (const level of [0.8, 0.95]) {
      const share = coverage(windows, level, nSeries, normal);
      expect(share).toBeGreaterThan(level - 0.02);
      expect(share).toBeLessThan(level + (nSeries < 10 ? 0.05 : 0.02));
    }
  });

  it('hold for skewed errors, the longer side upward', () => {
    expect(Math.abs(coverage(4, 0.8, 400, skewed) - 0.8)).toBeLessThan(0.02);
    const rng = createRng(1);
    const all = Array.from({ length: 400 }, () => draw(rng, 4, skewed));
    const { lower, upper } = conformalOffsets(fitConformal(all, steps), all[0], 0.95);
    expect(upper[0]).toBeGreaterThan(-1.5 * lower[0]);
  });

  it('grow with the horizon, with the level, and with the movement of the series', () => {
    const rng = createRng(2);
    const all = Array.from({ length: 300 }, () => draw(rng, 3, normal));
    const model = fitConformal(all, steps);
    const wide = conformalOffsets(model, all[0], 0.95);
    const narrow = conformalOffsets(model, all[0], 0.8);
    for (let h = 0; h < steps; h++) {
      expect(wide.upper[h]).toBeGreaterThan(narrow.upper[h]);
      if (h > 0) expect(wide.upper[h]).toBeGreaterThanOrEqual(wide.upper[h - 1]);
    }
    // The wave grows as sqrt(1 + h): 3.2 times over ten steps.
    expect(wide.upper[steps - 1] / wide.upper[0]).toBeGreaterThan(2);
    const livelier = conformalOffsets(model, { ...all[0], unit: 2 }, 0.95);
    expect(livelier.upper[3] / wide.upper[3]).toBeCloseTo(2, 9);
  });

  it('serve a series without a backtest by the others, and a job without any by a defined width', () => {
    const rng = createRng(3);
    const all = Array.from({ length: 50 }, () => draw(rng, 2, normal));
    const untried: SeriesResiduals = { windows: [], units: [], unit: 2 };
    const among = conformalOffsets(fitConformal([...all, untried], steps), untried, 0.8);
    expect(among.upper[0]).toBeGreaterThan(0);
    const alone = conformalOffsets(fitConformal([untried], steps), untried, 0.8);
    expect(alone.upper.every((width) => Number.isFinite(width) && width > 0)).toBe(true);
    expect(alone.upper[steps - 1]).toBeGreaterThan(alone.upper[0]);
  });

  it('leave a window out as if it were to come', () => {
    const one: SeriesResiduals = {
      windows: [Float64Array.of(1), Float64Array.of(2)],
      units: [3, 4],
      unit: 5,
    };
    expect(withoutWindow(one, 0)).toEqual({ windows: [Float64Array.of(2)], units: [4], unit: 3 });
  });

  it('ignore what is missing', () => {
    const rng = createRng(4);
    const all = Array.from({ length: 100 }, () => draw(rng, 3, normal));
    all[0].windows[1].fill(NaN);
    const { upper } = conformalOffsets(fitConformal(all, steps), all[0], 0.8);
    expect(upper.every(Number.isFinite)).toBe(true);
  });
});
