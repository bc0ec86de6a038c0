import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { coverage, meanScaledWidth, msis } from '../../../src/evaluation/forecast/intervals.js';
import { mase } from '../../../src/evaluation/forecast/mase.js';
import { isSeasonal, naive2 } from '../../../src/evaluation/forecast/naive2.js';
import { pinballLoss } from '../../../src/evaluation/forecast/pinball-loss.js';
import { seasonalScale } from '../../../src/evaluation/forecast/seasonal-scale.js';
import { smape } from '../../../src/evaluation/forecast/smape.js';

interface Case {
  name: string;
  train: number[];
  period: number;
  actual: number[];
  forecast: number[];
  lower: number[];
  upper: number[];
  seasonal: boolean;
  naive2: number[];
  smape: number;
  mase: number;
  scale: number;
  coverage: number;
  width: number;
  msis: Record<string, number>;
  pinball: Record<string, number>;
}
const golden = JSON.parse(
  readFileSync(new URL('../../golden/forecast-scores.json', import.meta.url), 'utf8'),
) as {
  cases: Case[];
};

function near(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(expected)));
}

describe.each(golden.cases)('utilsforecast and statsmodels on $name', (example) => {
  const { actual, forecast, lower, upper, train, period } = example;
  const scale = seasonalScale(train, period);

  it('point scores', () => {
    near(scale, example.scale);
    near(smape(actual, forecast), example.smape);
    near(mase(actual, forecast, scale), example.mase);
  });
  it('interval scores', () => {
    near(coverage(actual, lower, upper), example.coverage);
    near(meanScaledWidth(lower, upper, scale), example.width);
    for (const [alpha, expected] of Object.entries(example.msis)) {
      near(msis(actual, lower, upper, scale, Number(alpha)), expected);
    }
  });
  it('quantile scores', () => {
    for (const [quantile, expected] of Object.entries(example.pinball)) {
      near(pinballLoss(actual, forecast, Number(quantile)), expected);
    }
  });
  it('Naive2', () => {
    expect(isSeasonal(train, period)).toBe(example.seasonal);
    const ours = naive2(train, period, actual.length);
    expect(ours.length).toBe(example.naive2.length);
    example.naive2.forEach((expected, h) => near(ours[h], expected));
  });
});

it('the cases hold both seasonal and other series', () => {
  expect(new Set(golden.cases.map(({ seasonal }) => seasonal)).size).toBe(2);
});
