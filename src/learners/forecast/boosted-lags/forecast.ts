import { ConfigError } from '../../../core/errors.js';
import { Matrix } from '../../../core/matrix.js';
import { boostingMargins } from '../../gbm/predict.js';
import { featureWriter } from './features.js';
import { backTransformed, transformed, type BoostedLagsModel } from './model.js';
import { checkPanel, knownPoints, type SeriesPanel } from './panel.js';
import { featureNames } from './plan.js';
import { meanLevel } from './training-rows.js';
import { emptyWindow, readWindow, seasonalLevel } from './window.js';

/** What a forecast may be given beside the panel. */
export interface BoostedLagsForecastOptions {
  /** Time of the last point that may be looked at; the end of every series when left out. */
  readonly until?: number;
  /**
   * `[nSeries]` what stands for a window without any value, on the transformed scale; about 0 when left out.
   */
  readonly unknown?: readonly Level[];
}

/** Mean and mean absolute deviation on the transformed scale. */
export interface Level {
  readonly center: number;
  readonly scale: number;
}

/** Series whose rows lie in memory together. */
const seriesPerBatch = 2_000;

/**
 * Forecasts every series of a panel, all steps of all series in one matrix after the other.
 *
 * @param panel with the attributes, events and dynamic columns of the training; `y` may be longer or other series
 * @param horizon steps, at most those the model was fitted for
 * @returns per series `[horizon]`, from the step after its last known point on
 * @throws {ConfigError} for a horizon beyond the model's
 */
export function forecastBoostedLags(
  model: BoostedLagsModel,
  panel: SeriesPanel,
  horizon: number,
  { until, unknown }: BoostedLagsForecastOptions = {},
): Float64Array[] {
  const { plan, transform, target } = model;
  if (!Number.isInteger(horizon) || horizon < 1 || horizon > plan.horizon) {
    throw new ConfigError(`horizon=${horizon} must be a whole number from 1 to ${plan.horizon}`);
  }
  const known = knownPoints(panel, until);
  checkPanel(panel, known, horizon);
  const names = featureNames(plan);
  const window = emptyWindow(plan);
  const writer = featureWriter(panel, plan, window);
  const forecasts: Float64Array[] = [];
  for (let from = 0; from < panel.series.length; from += seriesPerBatch) {
    const to = Math.min(from + seriesPerBatch, panel.series.length);
    const columns = names.map(() => new Float32Array((to - from) * horizon));
    // What each margin is added to, and by how much it is stretched.
    const base = new Float64Array((to - from) * horizon);
    const stretch = new Float64Array((to - from) * horizon);
    let row = 0;
    for (let s = from; s < to; s++) {
      const { y } = panel.series[s];
      const end = known[s];
      readWindow(window, plan, transformed(y, end, transform), end, unknown?.[s]);
      writer.moveTo(s, end);
      const level =
        window.nKnown === 0 && unknown !== undefined
          ? backTransformed(unknown[s].center, transform)
          : meanLevel(y, end, plan.history);
      for (let step = 1; step <= horizon; step++, row++) {
        const features = writer.at(step);
        for (let j = 0; j < features.length; j++) columns[j][row] = features[j];
        stretch[row] = target === 'ratio' ? level : window.scale;
        base[row] = target === 'ratio' ? 0 : window.center + window.scale * seasonalLevel(window, plan, step);
      }
    }
    const [margins] = boostingMargins(model.booster, Matrix.fromColumns(columns, names));
    for (let s = from; s < to; s++) {
      const first = (s - from) * horizon;
      forecasts.push(
        Float64Array.from({ length: horizon }, (_, h) =>
          target === 'ratio'
            ? stretch[first + h] * Math.exp(margins[first + h])
            : backTransformed(base[first + h] + stretch[first + h] * margins[first + h], transform),
        ),
      );
    }
  }
  return forecasts;
}
