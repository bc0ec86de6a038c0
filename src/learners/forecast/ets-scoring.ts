import type { EtsState } from './ets-filter.js';
import type { EtsForm } from './ets-form.js';
import { activeRatios, smoothingOf, type Ratios } from './ets-parameters.js';

/** A quadratic model of -½ · (-2 log likelihood) around a point, over the free ratios and then the free states. */
export interface Scoring {
  /** `[k]`, the gradient of the log likelihood. */
  readonly gradient: Float64Array;
  /** `[k · k]`, the expected information (Fisher), lower triangle. */
  readonly information: Float64Array;
}

/**
 * Gradient and information of the log likelihood by forward sensitivities: the state equations, differentiated by
 * every parameter and every entry of the start state. O(n · k²) for k of them.
 * @param state before the first value
 * @param free the entries of the state to differentiate by
 */
export function score(
  y: Float64Array,
  form: EtsForm,
  ratios: Ratios,
  state: EtsState,
  free: readonly number[],
): Scoring {
  const { alpha, beta, gamma, phi } = smoothingOf(ratios, form);
  const [, betaRatio, gammaRatio] = ratios;
  const active = activeRatios(form);
  const k = active.length + free.length;
  const period = state.length - 2;
  const isRelative = form.error === 'M';
  const isMultiplicative = form.season === 'M';
  const isSeasonal = form.season !== 'N';

  // Sensitivities of level and slope `[k]` and of the indices `[period · k]`; columns of the ratios, -1 for none.
  const dLevel = new Float64Array(k);
  const dSlope = new Float64Array(k);
  const dIndex = new Float64Array(Math.max(period, 1) * k);
  const [byAlpha, byBeta, byGamma, byPhi] = [0, 1, 2, 3].map((ratio) => active.indexOf(ratio));
  free.forEach((entry, j) => {
    const column = active.length + j;
    if (entry === 0) dLevel[column] = 1;
    else if (entry === 1) dSlope[column] = 1;
    else dIndex[(entry - 2) * k + column] = 1;
  });

  const gradient = new Float64Array(k);
  const pull = new Float64Array(k);
  const information = new Float64Array(k * k);
  const row = new Float64Array(k);
  const indices = state.slice(2);
  let level = state[0];
  let slope = state[1];
  let phase = 0;
  let squares = 0;
  for (let i = 0; i < y.length; i++) {
    const at = phase * k;
    const base = level + phi * slope;
    const index = isSeasonal ? indices[phase] : 0;
    const forecast = isMultiplicative ? base * index : base + index;
    const target = isMultiplicative ? y[i] / index : y[i] - index;
    const surprise = target - base;
    const detrended = isMultiplicative ? y[i] / base : y[i] - base;
    const miss = detrended - index;
    // By the chain rule: how the forecast, the surprise and the index move with base and index.
    const forecastByBase = isMultiplicative ? index : 1;
    const forecastByIndex = isMultiplicative ? base : 1;
    const surpriseByIndex = isMultiplicative ? -target / index : -1;
    const indexByBase = isMultiplicative ? (-gamma * detrended) / base : -gamma;
    const scale = isRelative ? 1 / forecast : 1;
    for (let c = 0; c < k; c++) {
      let dDamped = phi * dSlope[c];
      if (c === byPhi) dDamped += slope;
      const dBase = dLevel[c] + dDamped;
      let dSurprise = -dBase;
      let dForecast = forecastByBase * dBase;
      if (isSeasonal) {
        const d = dIndex[at + c];
        dForecast += forecastByIndex * d;
        dSurprise += surpriseByIndex * d;
        dIndex[at + c] = (1 - gamma) * d + indexByBase * dBase;
      }
      dLevel[c] = dBase + alpha * dSurprise;
      dSlope[c] = dDamped + beta * dSurprise;
      row[c] = dForecast * scale;
    }
    dLevel[byAlpha] += surprise;
    if (byBeta >= 0) {
      dSlope[byAlpha] += betaRatio * surprise;
      dSlope[byBeta] += alpha * surprise;
    }
    if (byGamma >= 0) {
      dIndex[at + byAlpha] -= gammaRatio * miss;
      dIndex[at + byGamma] += (1 - alpha) * miss;
    }
    const e = (y[i] - forecast) * scale;
    const weight = isRelative ? e * (1 + e) : e;
    squares += e * e;
    for (let c = 0; c < k; c++) {
      const value = row[c];
      if (value === 0) continue;
      gradient[c] += weight * value;
      pull[c] += value;
      for (let d = 0; d <= c; d++) information[c * k + d] += value * row[d];
    }
    level = base + alpha * surprise;
    slope = phi * slope + beta * surprise;
    if (isSeasonal) {
      indices[phase] = index + gamma * miss;
      if (++phase === period) phase = 0;
    }
  }
  const precision = y.length / squares;
  for (let c = 0; c < k; c++) gradient[c] = precision * gradient[c] - (isRelative ? pull[c] : 0);
  const factor = isRelative ? precision + 2 : precision;
  for (let c = 0; c < k * k; c++) information[c] *= factor;
  return { gradient, information };
}
