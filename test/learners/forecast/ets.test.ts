import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dampedStep } from '../../../src/learners/forecast/damped-step.js';
import { autoEts, ets } from '../../../src/learners/forecast/ets.js';
import { devianceOf, refine, searchRatios } from '../../../src/learners/forecast/ets-fit.js';
import { filter, forecastEts, type EtsState } from '../../../src/learners/forecast/ets-filter.js';
import {
  admissibleForms,
  formName,
  parameterCount,
  type EtsForm,
} from '../../../src/learners/forecast/ets-form.js';
import { score } from '../../../src/learners/forecast/ets-scoring.js';
import { centreSeason, startState } from '../../../src/learners/forecast/ets-start.js';
import { nelderMead } from '../../../src/learners/forecast/nelder-mead.js';
import { expectClose, readGolden } from './against-golden.js';

interface Fit {
  readonly form: EtsForm;
  readonly alpha: number;
  readonly beta: number | null;
  readonly gamma: number | null;
  readonly phi: number | null;
  readonly start: number[];
  readonly deviance: number;
  readonly aicc: number;
  readonly forecast: number[];
}
interface Case {
  readonly period: number;
  readonly y: number[];
  readonly fits: Fit[];
  readonly chosen: { readonly name: string; readonly aicc: number; readonly forecast: number[] };
}

const golden = readGolden('ets') as { readonly cases: Readonly<Record<string, Case>> };
const cases = Object.entries(golden.cases);
const fits = cases.flatMap(([name, { period, y, fits: all }]) =>
  all.map((fit) => [name, formName(fit.form), Float64Array.from(y), period, fit] as const),
);

/** statsforecast keeps the latest season first. */
function startOf({ form, start }: Fit): EtsState {
  const [level, ...others] = start;
  const slope = form.trend === 'N' ? 0 : others.shift()!;
  return Float64Array.of(level, slope, ...others.reverse());
}

const smoothingOf = ({ alpha, beta, gamma, phi, form }: Fit): Parameters<typeof filter>[2] => ({
  alpha,
  beta: beta ?? 0,
  gamma: gamma ?? 0,
  phi: form.trend === 'Ad' ? phi! : 1,
});

describe('against statsforecast', () => {
  it.each(fits)('%s, %s: the likelihood of its parameters', (_, __, y, ___, fit) => {
    expect(filter(y, fit.form, smoothingOf(fit), startOf(fit), 0)).toBeCloseTo(fit.deviance, 8);
  });

  it.each(fits)('%s, %s: the forecast of its parameters', (_, __, y, ___, fit) => {
    const state = startOf(fit);
    const smoothing = smoothingOf(fit);
    filter(y, fit.form, smoothing, state, 0);
    // statsforecast adds up phi + phi + phi² + … for a damped trend, so that only one step agrees.
    const horizon = fit.form.trend === 'Ad' ? 1 : fit.forecast.length;
    const forecast = forecastEts(fit.form, smoothing.phi, state, y.length, horizon);
    expectClose(forecast, fit.forecast.slice(0, horizon), 1e-9);
  });

  it.each(fits)('%s, %s: a fit as good or better', (_, __, y, period, fit) => {
    const { alpha, beta, gamma } = smoothingOf(fit);
    const { form } = fit;
    const start = startState(y, form, period);
    const guesses = [0.05, 0.7].map((gamma) => Float64Array.of(0.3, 0.1, gamma, 0.95));
    const begun = searchRatios(y, form, start, guesses, 100);
    const { deviance } = refine(y, begun, { maxSteps: 30, tolerance: 1e-3, withSeason: true });
    // Its search may leave the region beta < alpha, gamma < 1 - alpha, which ours keeps to.
    const isUsual = beta <= alpha && gamma <= 1 - alpha;
    expect(deviance).toBeLessThan(fit.deviance + (isUsual ? 1e-3 : 1e-2) * Math.abs(fit.deviance));
  });

  it.each(cases)('%s: a choice as good or better', (_, { period, y, chosen }) => {
    const { aicc } = autoEts({ period }).fit(Float64Array.from(y));
    expect(aicc).toBeLessThan(chosen.aicc + 0.05);
  });

  it.each(cases)('%s: the corrected criterion', (_, { period, y, fits: all }) => {
    for (const { form, deviance, aicc } of all) {
      const k = parameterCount(form, period);
      expect(deviance + 2 * k + (2 * k * (k + 1)) / (y.length - k - 1)).toBeCloseTo(aicc, 8);
    }
  });
});

describe('forms', () => {
  it('are as many as the taxonomy allows', () => {
    expect(admissibleForms(true, true)).toHaveLength(15);
    expect(admissibleForms(true, false)).toHaveLength(6);
    expect(admissibleForms(false, true)).toHaveLength(6);
    expect(admissibleForms(false, false)).toHaveLength(3);
  });
});

describe('the derivatives', () => {
  const { y: values, period } = golden.cases['monthly, growing season'];
  const y = Float64Array.from(values);

  it.each(admissibleForms(true, true).map((form) => [formName(form), form] as const))(
    'of %s agree with differences',
    (_, form) => {
      const ratios = Float64Array.of(0.3, 0.2, 0.1, 0.9);
      const start = startState(y, form, period);
      const free = [...start.keys()].filter((j) => j !== 1 || form.trend !== 'N');
      const { gradient } = score(y, form, ratios, start, free);
      const entries = [
        ...[0, 1, 2, 3].filter(
          (j) => [true, form.trend !== 'N', form.season !== 'N', form.trend === 'Ad'][j],
        ),
        ...free.map((entry) => entry + 4),
      ];
      const at = (entry: number, step: number): number => {
        const [r, s] = [ratios.slice(), start.slice()];
        if (entry < 4) r[entry] += step;
        else s[entry - 4] += step;
        return devianceOf(y, form, s, r);
      };
      const differences = entries.map((entry) => {
        const size = entry < 4 ? 1e-5 : 1e-5 * Math.max(Math.abs(start[entry - 4]), 0.1);
        // The gradient is that of the log likelihood.
        return -(at(entry, size) - at(entry, -size)) / (4 * size);
      });
      differences.forEach((difference, j) => {
        expect(Math.abs(gradient[j] - difference)).toBeLessThan(1e-4 * Math.max(1, Math.abs(difference)));
      });
    },
  );
});

describe('the state', () => {
  it.each([
    [{ trend: 'Ad', season: 'M' }, 0.9],
    [{ trend: 'A', season: 'A' }, 1],
    [{ trend: 'N', season: 'A' }, 1],
  ] as const)('forecasts alike with its season centred: %o', (form, phi) => {
    const state = Float64Array.of(10, 0.3, 1, 2, 4);
    const centred = centreSeason(state, form);
    expectClose(forecastEts(form, phi, centred, 7, 9), [...forecastEts(form, phi, state, 7, 9)], 1e-12);
    const mean = (centred[2] + centred[3] + centred[4]) / 3;
    expect(mean).toBeCloseTo(form.season === 'M' ? 1 : 0, 12);
  });

  it('damps the trend by the sum of the powers of phi', () => {
    const form = { trend: 'Ad', season: 'N' } as const;
    const forecasts = forecastEts(form, 0.5, Float64Array.of(1, 8), 3, 3);
    expect([...forecasts]).toEqual([5, 7, 8]);
  });
});

describe('the choice', () => {
  const rest = (i: number): number => 0.3 * Math.sin(i * i);

  it('has no season for a cycle above 24 steps', () => {
    const y = Float64Array.from(
      { length: 120 },
      (_, i) => 20 + 5 * Math.cos((2 * Math.PI * i) / 30) + rest(i),
    );
    expect(autoEts({ period: 30 }).fit(y).form.season).toBe('N');
  });

  it('sees a trend and a season', () => {
    const y = Float64Array.from({ length: 84 }, (_, i) => i / 2 - 20 + [3, 0, -2, -1][i % 4] + rest(i));
    const { form } = autoEts({ period: 4 }).fit(y);
    expect(form).toMatchObject({ error: 'A', season: 'A' });
    expect(form.trend).not.toBe('N');
  });

  it('sees a season that grows with the level', () => {
    const y = Float64Array.from(
      { length: 96 },
      (_, i) => (10 + i) * [1.4, 1, 0.7, 0.9][i % 4] * (1 + rest(i) / 10),
    );
    expect(autoEts({ period: 4 }).fit(y).form).toMatchObject({ error: 'M', season: 'M' });
  });

  it('refuses a period that is not whole', () => {
    expect(() => autoEts({ period: 7.5 })).toThrow('period=7.5 must be a whole number from 1');
  });
});

describe('one form', () => {
  const { y: values, period } = golden.cases['monthly, growing season'];
  const y = Float64Array.from(values);

  it('is fitted as the choice would fit it', () => {
    const chosen = autoEts({ period }).fit(y);
    const model = ets({ period, ...chosen.form }).fit(y);
    expect(model).toEqual({ ...chosen, kind: 'ets' });
  });

  it('gives way to the nearest that suits the series', () => {
    const form = { error: 'M', trend: 'Ad', season: 'M' } as const;
    const fitted = (series: Float64Array): string => ets({ period, ...form }).fit(series).name;
    expect(fitted(y)).toBe('ETS(M,Ad,M)');
    expect(fitted(y.map((value) => value - 60))).toBe('ETS(A,Ad,A)');
    expect(fitted(y.subarray(0, 23))).toBe('ETS(M,Ad,N)');
    expect(fitted(y.subarray(0, 7))).toBe('ETS(A,N,N)');
  });

  it('refuses parameters by name', () => {
    expect(() => ets({ period, season: 'M' })).toThrow('season=M must go with error=M');
    expect(() => ets({ period, trend: 'M' as 'A' })).toThrow('trend=M must be one of N, A, Ad');
    expect(() => ets({ period: 0 })).toThrow('period=0 must be a whole number from 1');
  });
});

describe('the simplex', () => {
  it('finds the lowest point of a valley that bends', () => {
    const f = ([a, b]: Float64Array): number => 100 * (b - a * a) ** 2 + (0.7 - a) ** 2;
    const { x } = nelderMead(f, Float64Array.of(0.1, 0.9), {
      step: 0.2,
      maxEvaluations: 400,
      tolerance: 1e-14,
    });
    expectClose(x, [0.7, 0.49], 1e-5);
  });

  it('stays in the cube and counts its evaluations', () => {
    let count = 0;
    const f = (x: Float64Array): number => {
      count++;
      expect(x.every((value) => value >= 0 && value <= 1)).toBe(true);
      return x[0] - x[1] + (x[2] - 0.5) ** 2;
    };
    const options = { step: 0.3, maxEvaluations: 200, tolerance: 1e-12 };
    const { x } = nelderMead(f, Float64Array.of(0.5, 0.5, 0.9), options);
    expectClose(x, [0, 1, 0.5], 1e-3);
    expect(count).toBeLessThan(200 + 4);
  });
});

describe('the damped step', () => {
  it('solves for the free entries', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 16, maxLength: 16 }),
        fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
        (entries, isFree) => {
          const g = Float64Array.of(1, -2, 3, 0.5);
          // A Aᵀ + I is positive definite.
          const h = Float64Array.from({ length: 16 }, (_, at) => {
            const [i, j] = [Math.floor(at / 4), at % 4];
            let sum = i === j ? 1 : 0;
            for (let m = 0; m < 4; m++) sum += entries[4 * i + m] * entries[4 * j + m];
            return sum;
          });
          const x = dampedStep(h, g, 0.5, isFree)!;
          for (let i = 0; i < 4; i++) {
            if (!isFree[i]) {
              expect(x[i]).toBe(0);
              continue;
            }
            let sum = 0.5 * h[5 * i] * x[i];
            for (let j = 0; j < 4; j++) sum += h[4 * i + j] * x[j];
            expect(sum).toBeCloseTo(g[i], 8);
          }
        },
      ),
    );
  });

  it('gives up where the ground is flat', () => {
    expect(dampedStep(Float64Array.of(1, 0, 2, 1), Float64Array.of(1, 1), 0, [true, true])).toBeUndefined();
  });
});
