import type { DailyPanel, ForecastSpec } from '../../../src/champion/forecast/fit.js';
import type { Rng } from '../../../src/core/rng.js';
import { salesCalendar } from '../../../src/success/forecast/events.js';

/** KOLs that gain by a sale day, have weeks and noise, join late, stop, and miss days. */
export function randomDays(nKols: number, nDays: number, rng: Rng): DailyPanel {
  const firstDay = 20_000;
  const calendar = salesCalendar();
  const values = Array.from({ length: nKols }, (_, k) => {
    const joined = k % 7 === 3 ? Math.floor(nDays / 2) : 0;
    const stopped = k % 11 === 5 ? nDays - 130 : nDays;
    const level = 1 + 6 * rng.uniform();
    let form = 0;
    return Float32Array.from({ length: nDays }, (_, t) => {
      form = 0.9 * form + 0.1 * rng.normal();
      const weekly = 0.4 * Math.sin((2 * Math.PI * (t + k)) / 7);
      const sale = calendar.fixed.days[(firstDay + t) % 1461] === 1 ? 0.7 : 0;
      const value = Math.round(Math.exp(level + weekly + form + sale + 0.2 * rng.normal()));
      return t < joined || t >= stopped || rng.uniform() < 0.02 ? NaN : value;
    });
  });
  return { kolIds: values.map((_, k) => `kol ${k} đẹp`), values, firstDay };
}

/** A spec that fits such days soon. */
export function quickSpec(goal: ForecastSpec['goal']): ForecastSpec {
  return {
    metric: 'views',
    goal,
    horizon: 14,
    history: 56,
    nWindows: 2,
    levels: [0.8, 0.95],
    lags: [1, 2, 7, 14],
    calendar: salesCalendar(),
    boosted: {
      objective: goal === 'mean' ? 'tweedie' : 'huber',
      differencePeriods: 2,
      maxRows: 5_000,
      boosting: { nEstimators: 20, learningRate: 0.2 },
    },
  };
}
