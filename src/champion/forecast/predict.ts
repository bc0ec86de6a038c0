import { DataError } from '../../core/errors.js';
import { sanitizeText } from '../../core/sanitize-text.js';
import { blendMembers } from './blend.js';
import { memberForecasts, type MemberForecasts } from './members.js';
import type { ForecastChampion, ForecastRequest } from './model.js';

/** `[N][horizon]` forecasts and, per level, where they may fall. */
export interface Forecasts {
  readonly yhat: Float64Array;
  readonly intervals: readonly {
    readonly level: number;
    readonly lower: Float64Array;
    readonly upper: Float64Array;
  }[];
}

/**
 * Forecasts from histories: what the ONNX graph answers, to float32 rounding.
 *
 * @param history `[N][model.history]` the latest day last; NaN for a missing day
 * @param kolId `[N]`; a KOL that the training did not know is forecast by the boosted lags and the season before,
 *   with intervals as wide as they are for strangers
 * @param start `[N]` epoch day of the first day to forecast
 * @throws {DataError} when the lengths do not fit
 */
export function forecastChampion(
  model: ForecastChampion,
  history: Float32Array,
  kolId: readonly (string | null)[],
  start: ArrayLike<number>,
): Forecasts {
  const n = kolId.length;
  if (history.length !== n * model.history || start.length !== n) {
    throw new DataError(
      `history has ${history.length} values and start ${start.length}, expected ${n * model.history} and ${n} for ${n} KOLs`,
    );
  }
  const rowOf = new Map(model.kolIds.map((id, k) => [id, k + 1]));
  const request: ForecastRequest = {
    history,
    rows: Int32Array.from(kolId, (id) => rowOf.get(sanitizeText(id)) ?? 0),
    start: Int32Array.from(start),
  };
  return combine(model, request.rows, memberForecasts(model, request));
}

/** Blends what the members say and lays the intervals around it. */
export function combine(
  model: Pick<ForecastChampion, 'horizon' | 'goal' | 'factors' | 'known' | 'unknown' | 'kols'>,
  rows: Int32Array,
  said: MemberForecasts,
): Forecasts {
  const { horizon, known, unknown, kols } = model;
  const ofKnown = blendMembers(said, model, model.factors, known.weights);
  const ofUnknown = blendMembers(said, model, model.factors, unknown.weights);
  const z = ofKnown.map((value, i) => (rows[Math.floor(i / horizon)] > 0 ? value : ofUnknown[i]));
  const value = (logarithm: number): number => Math.max(Math.expm1(logarithm), 0);
  return {
    yhat: z.map(value),
    intervals: known.intervals.map(({ level }, l) => {
      const bound = (side: 'lower' | 'upper'): Float64Array =>
        z.map((middle, i) => {
          const n = Math.floor(i / horizon);
          const table = rows[n] > 0 ? known : unknown;
          const unit = kols.error[rows[n]] * said.movement[n];
          return value(middle + unit * table.intervals[l][side][i % horizon]);
        });
      return { level, lower: bound('lower'), upper: bound('upper') };
    }),
  };
}
