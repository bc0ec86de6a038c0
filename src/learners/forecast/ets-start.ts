import { removeSeason, seasonalIndices } from './classical-decomposition.js';
import type { EtsState } from './ets-filter.js';
import type { EtsForm } from './ets-form.js';

const smallestIndex = 0.01;

/**
 * A state before the first value to begin the search from (Hyndman et al. 2008, section 2.6.1): indices of the
 * classical decomposition, then the mean or the line of the first values without their season.
 * @param y `[n]`, n at least two periods where the form has a season
 */
export function startState(y: Float64Array, { trend, season }: EtsForm, period: number): EtsState {
  let rest = y;
  let indices = new Float64Array(0);
  if (season !== 'N') {
    const kind = season === 'A' ? 'additive' : 'multiplicative';
    indices = Float64Array.from(seasonalIndices(y, period, kind).indices);
    if (season === 'M') indices = indices.map((index) => Math.max(index, smallestIndex));
    rest = removeSeason(y, { kind, indices });
  }
  const count = Math.min(Math.max(10, 2 * period), y.length);
  let mean = 0;
  for (let i = 0; i < count; i++) mean += rest[i] / count;
  let product = 0;
  for (let i = 0; i < count; i++) product += (i - (count - 1) / 2) * (rest[i] - mean);
  const slope = trend === 'N' ? 0 : (12 * product) / (count * (count * count - 1));
  const state = new Float64Array(2 + indices.length);
  state[0] = mean - (slope * (count + 1)) / 2;
  state[1] = slope;
  state.set(indices, 2);
  return state;
}

/** The same state with a season of mean 0 (additive) or 1 (multiplicative); the forecasts stay. */
export function centreSeason(state: EtsState, { season }: Pick<EtsForm, 'season'>): EtsState {
  const centred = state.slice();
  const period = state.length - 2;
  if (season === 'N') return centred;
  let mean = 0;
  for (let phase = 0; phase < period; phase++) mean += state[2 + phase] / period;
  if (season === 'A') {
    centred[0] += mean;
    for (let phase = 0; phase < period; phase++) centred[2 + phase] -= mean;
  } else {
    centred[0] *= mean;
    centred[1] *= mean;
    for (let phase = 0; phase < period; phase++) centred[2 + phase] /= mean;
  }
  return centred;
}
