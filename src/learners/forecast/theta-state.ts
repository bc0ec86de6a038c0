import type { ThetaFit } from './theta-fit.js';
import { advanceLine, staticLine, type RunningLine } from './theta-lines.js';

/** What a theta model knows after the last value. */
export interface ThetaState {
  readonly alpha: number;
  /** 1 - 1/θ. */
  readonly lineWeight: number;
  /** The smoothed level. */
  readonly level: number;
  /** The line of all values, with their mean. */
  readonly line: RunningLine;
}

/** @param isDynamic whether the line is the running one */
export function stateAfter(
  y: Float64Array,
  isDynamic: boolean,
  { alpha, lineWeight, initialLevel }: Pick<ThetaFit, 'alpha' | 'lineWeight' | 'initialLevel'>,
): ThetaState {
  let level = alpha * y[0] + (1 - alpha) * initialLevel;
  let line: RunningLine = { mean: y[0], intercept: y[0], slope: 0 };
  for (let i = 1; i < y.length; i++) {
    level += alpha * (y[i] - level);
    line = advanceLine(line, i, y[i]);
  }
  if (!isDynamic) {
    const { intercepts, slopes } = staticLine(y);
    line = { mean: line.mean, intercept: intercepts[0], slope: slopes[0] };
  }
  return { alpha, lineWeight, level, line };
}
