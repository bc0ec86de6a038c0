import { ConfigError, DataError } from '../core/errors.js';
import type { Rng } from '../core/rng.js';
import { sortedQuantile } from './interval.js';
import { openResampler } from './kernels/resampler.js';
import { normalCdf, normalQuantile } from './normal.js';

/** Where a mean may lie, by what resampling does to it. */
export interface BootstrapMean {
  readonly mean: number;
  readonly standardError: number;
  /** The end of the bias-corrected and accelerated interval below which lies `probability`. */
  readonly quantile: (probability: number) => number;
}

/**
 * Bootstrap of means over rows, bias-corrected and accelerated (BCa, Efron 1987): second-order right for skewed
 * values such as differences of log losses, where percentiles are not. All means see the same resamples. The
 * acceleration of a mean is its skewness / (6 √n), which is what the jackknife gives.
 * @param values `[nMeans][nRows]`, finite
 * @throws {DataError} for no rows, or a value that is not finite
 * @throws {ConfigError} for replicates below 100
 */
export function bootstrapMeans(
  values: readonly Float64Array[],
  { replicates = 2_000, rng }: { readonly replicates?: number; readonly rng: Rng },
): readonly BootstrapMean[] {
  if (!Number.isInteger(replicates) || replicates < 100) {
    throw new ConfigError(`replicates=${replicates} must be a whole number from 100`);
  }
  if (values.length === 0) return [];
  const nRows = values[0].length;
  if (nRows === 0) throw new DataError('bootstrap: there are no rows');
  for (const column of values) {
    const at = column.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) throw new DataError(`bootstrap: value ${column[at]} of row ${at} must be finite`);
  }
  const resampler = openResampler(nRows, values, rng);
  const means = values.map(() => new Float64Array(replicates));
  for (let r = 0; r < replicates; r++) {
    resampler.draw();
    for (let m = 0; m < means.length; m++) means[m][r] = resampler.sum(m) / nRows;
  }
  return values.map((column, m) => corrected(column, means[m].sort()));
}

function corrected(values: Float64Array, ascending: Float64Array): BootstrapMean {
  const n = values.length;
  let sum = 0;
  for (const value of values) sum += value;
  const mean = sum / n;
  let squares = 0;
  let cubes = 0;
  for (const value of values) {
    squares += (value - mean) ** 2;
    cubes += (value - mean) ** 3;
  }
  if (squares === 0) return { mean, standardError: 0, quantile: () => mean };
  const acceleration = cubes / (6 * squares ** 1.5);
  // Resamples equal to the mean count half: with few rows there are many.
  let below = 0;
  for (const value of ascending) below += value < mean ? 1 : value === mean ? 0.5 : 0;
  const share = Math.min(Math.max(below, 0.5), ascending.length - 0.5) / ascending.length;
  const bias = normalQuantile(share);
  return {
    mean,
    standardError: Math.sqrt(squares / n / Math.max(1, n - 1)),
    quantile(probability) {
      const z = bias + normalQuantile(probability);
      const stretched = 1 - acceleration * z;
      // Beyond its pole the correction would turn round: only what is most skewed comes near.
      const adjusted = stretched > 0 ? normalCdf(bias + z / stretched) : probability < 0.5 ? 0 : 1;
      return sortedQuantile(ascending, Number.isNaN(adjusted) ? probability : adjusted);
    },
  };
}
