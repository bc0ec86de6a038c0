import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { VersionedRecord } from '../../../src/core/record.js';
import type { Forecaster } from '../../../src/learners/forecast/forecaster.js';

/** What a generator under test/golden/forecast wrote. */
export function readGolden(name: string): unknown {
  return JSON.parse(
    readFileSync(new URL(`../../golden/forecast/${name}.json`, import.meta.url), 'utf8'),
  ) as unknown;
}

export function forecastOf<Model extends VersionedRecord>(
  forecaster: Forecaster<Model>,
  y: ArrayLike<number>,
  horizon: number,
): Float64Array {
  return forecaster.forecast(forecaster.fit(Float64Array.from(y)), horizon);
}

/** @param tolerance as a part of the largest expected value */
export function expectClose(actual: ArrayLike<number>, expected: readonly number[], tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  const size = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  expected.forEach((value, i) => {
    if (!(Math.abs(actual[i] - value) <= tolerance * size)) {
      expect.fail(`value ${i}: ${actual[i]} instead of ${value}`);
    }
  });
}
