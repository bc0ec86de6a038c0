import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord, encodeRecord, type VersionedRecord } from '../../../src/core/record.js';
import { createRng } from '../../../src/core/rng.js';
import type { Forecaster } from '../../../src/learners/forecast/forecaster.js';

/** The promises of every forecaster, by name. */
export type ForecastCheckName =
  | 'input untouched and not kept'
  | 'same series, same bytes'
  | 'frozen model, serialisation round trip'
  | 'horizons begin alike'
  | 'one value'
  | 'few values'
  | 'constant series'
  | 'all zero'
  | 'tiny and huge values'
  | 'awkward series'
  | 'any series'
  | 'scale equivariance'
  | 'shift equivariance';

/** What a forecaster brings to the battery. */
export interface ForecasterContract<Model extends VersionedRecord> {
  readonly name: string;
  readonly make: () => Forecaster<Model>;
  /** How far scaled and shifted forecasts may differ, as a part of the largest value; 1e-9 when left out. */
  readonly tolerance?: number;
  /** Promises a forecaster does not make, each group with its reason. */
  readonly skip?: readonly { readonly reason: string; readonly checks: readonly ForecastCheckName[] }[];
}

/** A daily series with a weekly cycle, a slow trend and noise; positive, with an outlier. */
export function sampleSeries(n = 120): Float64Array {
  const rng = createRng(31);
  const week = [4, 2, 0, -1, -3, -4, 2];
  const y = Float64Array.from({ length: n }, (_, i) => 40 + 0.1 * i + 2 * week[i % 7] + 2 * rng.normal());
  y[Math.floor(n / 2)] += 25;
  return y;
}

/** Series that break careless code; every one is finite. */
const awkward: Readonly<Record<string, Float64Array>> = {
  'one jump': Float64Array.from({ length: 60 }, (_, i) => (i < 30 ? 0 : 1)),
  'one event': Float64Array.from({ length: 60 }, (_, i) => Number(i === 20)),
  'last value an event': Float64Array.from({ length: 60 }, (_, i) => Number(i === 59)),
  'seldom events': Float64Array.from({ length: 90 }, (_, i) => (i % 11 === 3 ? 1 + (i % 4) : 0)),
  alternating: Float64Array.from({ length: 61 }, (_, i) => (i % 2 === 0 ? 1 : -1)),
  'explosive growth': Float64Array.from({ length: 80 }, (_, i) => 1.3 ** i),
  decay: Float64Array.from({ length: 80 }, (_, i) => 0.7 ** i),
  'exact line': Float64Array.from({ length: 50 }, (_, i) => 5 - i),
  'exact cycle': Float64Array.from({ length: 84 }, (_, i) => 3 + [0, 1, 5, 2, 2, 1, 0][i % 7]),
  'negative cycle': Float64Array.from({ length: 84 }, (_, i) => -3 - [0, 1, 5, 2, 2, 1, 0][i % 7] + i / 9),
  'positive but near zero': Float64Array.from({ length: 84 }, (_, i) => (i % 7 === 0 ? 1e-9 : 10)),
};

/** Runs the battery over one forecaster: one line of `forecasterContract({ … })` joins it. */
export function forecasterContract<Model extends VersionedRecord>(contract: ForecasterContract<Model>): void {
  const { make, tolerance = 1e-9, skip = [] } = contract;
  const y = sampleSeries();

  const run = (series: Float64Array, horizon = 30): Float64Array => {
    const forecaster = make();
    return forecaster.forecast(forecaster.fit(series), horizon);
  };

  function expectFinite(series: Float64Array): void {
    const forecaster = make();
    const model = forecaster.fit(series);
    encodeRecord(model);
    for (const horizon of [1, 500]) {
      const values = forecaster.forecast(model, horizon);
      expect(values).toBeInstanceOf(Float64Array);
      expect(values.length).toBe(horizon);
      expect(values.every(Number.isFinite)).toBe(true);
    }
  }

  function expectClose(actual: Float64Array, expected: Float64Array): void {
    const size = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    actual.forEach((value, i) => {
      if (!(Math.abs(value - expected[i]) <= tolerance * size)) {
        expect.fail(`step ${i + 1}: ${value} instead of ${expected[i]}`);
      }
    });
  }

  describe(contract.name, () => {
    function check(name: ForecastCheckName, body: () => void): void {
      const exemption = skip.find(({ checks }) => checks.includes(name));
      if (exemption === undefined) it(name, body);
      else it.skip(`${name} (${exemption.reason})`, body);
    }

    check('input untouched and not kept', () => {
      const series = y.slice();
      const forecaster = make();
      const model = forecaster.fit(series);
      expect(series).toEqual(y);
      const before = forecaster.forecast(model, 20);
      series.fill(NaN);
      expect(forecaster.forecast(model, 20)).toEqual(before);
    });

    check('same series, same bytes', () => {
      const [one, two] = [make(), make()];
      expect(encodeRecord(one.fit(y))).toEqual(encodeRecord(two.fit(y.slice())));
      // A fit leaves nothing behind that the next one could see.
      const bytes = encodeRecord(one.fit(y));
      one.fit(y.slice(0, 50));
      expect(encodeRecord(one.fit(y))).toEqual(bytes);
    });

    check('frozen model, serialisation round trip', () => {
      const forecaster = make();
      const model = forecaster.fit(y);
      expect(Object.isFrozen(model)).toBe(true);
      expect(model.kind).toBe(forecaster.kind);
      const decoded = decodeRecord(encodeRecord(model)) as Model;
      expect(forecaster.forecast(decoded, 40)).toEqual(forecaster.forecast(model, 40));
      expect(JSON.parse(JSON.stringify(forecaster.params))).toEqual(forecaster.params);
    });

    check('horizons begin alike', () => {
      const forecaster = make();
      const model = forecaster.fit(y);
      const long = forecaster.forecast(model, 500);
      for (const horizon of [1, 2, 7, 31]) {
        expect(forecaster.forecast(model, horizon)).toEqual(long.slice(0, horizon));
      }
    });

    check('one value', () => {
      for (const value of [5, 0, -2]) {
        expectFinite(Float64Array.of(value));
        expect(run(Float64Array.of(value), 3)).toEqual(new Float64Array(3).fill(value));
      }
    });

    check('few values', () => {
      for (let n = 2; n <= 30; n++) expectFinite(y.slice(0, n));
      expectFinite(Float64Array.of(0, 3));
      expectFinite(Float64Array.of(-1, 1, 0));
    });

    check('constant series', () => {
      for (const n of [2, 3, 5, 13, 120]) {
        for (const value of [7, -0.3, 1e6]) {
          const series = new Float64Array(n).fill(value);
          expectFinite(series);
          expectClose(run(series, 25), new Float64Array(25).fill(value));
        }
      }
    });

    check('all zero', () => {
      for (const n of [1, 2, 7, 120]) {
        expect([...run(new Float64Array(n), 25)].every((value) => value === 0)).toBe(true);
      }
    });

    check('tiny and huge values', () => {
      for (const c of [1e-12, 1e12]) {
        expectFinite(y.map((value) => c * value));
        expectFinite(y.map((value) => c * (value - 45)));
      }
    });

    check('awkward series', () => {
      for (const [name, series] of Object.entries(awkward)) {
        try {
          expectFinite(series);
        } catch (error) {
          throw new Error(`series of ${name}`, { cause: error });
        }
      }
    });

    check('any series', () => {
      const value = fc.oneof(
        fc.constantFrom(0, 1, 2, 100),
        fc.double({ min: -1e9, max: 1e9, noNaN: true }),
        fc.double({ min: 1e-9, max: 10, noNaN: true }),
      );
      const some = fc.array(value, { minLength: 1, maxLength: 40 });
      // The same few values over and over: ties, exact cycles, constant stretches.
      const repeated = fc
        .tuple(fc.array(value, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 60 }))
        .map(([values, n]) => Array.from({ length: n }, (_, i) => values[i % values.length]));
      const positive = fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), {
        minLength: 1,
        maxLength: 60,
      });
      fc.assert(
        fc.property(fc.oneof(some, repeated, positive), (values) => expectFinite(Float64Array.from(values))),
        { numRuns: 150 },
      );
    });

    check('scale equivariance', () => {
      // A power of two rounds nothing, so that searches take the same way; 3.7 moves every last bit.
      const forecasts = run(y);
      for (const c of [2 ** -20, 3.7, 2 ** 20]) {
        expectClose(
          run(y.map((value) => c * value)),
          forecasts.map((value) => c * value),
        );
      }
    });

    check('shift equivariance', () => {
      const forecasts = run(y);
      for (const shift of [-3, 1000]) {
        expectClose(
          run(y.map((value) => value + shift)),
          forecasts.map((value) => value + shift),
        );
      }
    });
  });
}
