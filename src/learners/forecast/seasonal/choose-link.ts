import type { Link } from './link.js';
import type { SeasonalForecasterParams } from './params.js';
import { regress, type Regression } from './regression.js';
import { presentMean, standardizedSeries, type StandardizedSeries } from './standardized.js';
import type { PenalizedDesign } from './weighted-solve.js';

/** A series on the scale on which its parts add up, and its regression there. */
export interface LinkedRegression {
  readonly series: StandardizedSeries;
  readonly regression: Regression;
}

/**
 * Regresses the series on the scale that growth and mode ask for. With mode `auto` that is the logarithm's where it
 * makes the series more likely: residuals as in Laplace's distribution, the Jacobian 1 / y counted (Box & Cox 1964).
 */
export function chooseLink(
  { growth, cap, floor, mode }: SeasonalForecasterParams,
  penalized: PenalizedDesign,
  y: Float64Array,
  isPositive: boolean,
): LinkedRegression {
  const on = (link: Link): LinkedRegression => {
    const series = standardizedSeries(link, y);
    return { series, regression: regress(penalized, series.z) };
  };
  if (growth === 'logistic') return on({ kind: 'logit', floor, cap: cap! });
  if (mode === 'additive' || !isPositive) return on({ kind: 'identity' });
  const multiplied = on({ kind: 'log' });
  if (mode === 'multiplicative') return multiplied;
  const added = on({ kind: 'identity' });
  return surprise(multiplied) + multiplied.series.centre < surprise(added) ? multiplied : added;
}

/** Logarithm of the mean size of the residuals. */
function surprise({ series, regression }: LinkedRegression): number {
  const size = presentMean(regression.residuals.map(Math.abs));
  return Math.log(Math.max(size, 1e-12)) + Math.log(series.scale);
}
