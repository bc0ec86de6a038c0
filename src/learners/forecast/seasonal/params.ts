import { checkEvents, type CalendarEvent } from '../../../core/calendar/events.js';
import { ConfigError } from '../../../core/errors.js';
import { aboveZero, checkInteger, checkOneOf, checkWithin, mergeParams } from '../../params.js';
import type { Seasonality } from './seasonalities.js';

/** What a seasonal forecaster may be told. */
export interface SeasonalForecasterParams {
  /** How the trend goes: straight between changepoints, nowhere, or straight on the logit scale below a cap. */
  readonly growth: 'linear' | 'flat' | 'logistic';
  /** Upper bound of logistic growth. */
  readonly cap: number | null;
  /** Lower bound of logistic growth. */
  readonly floor: number;
  /**
   * Whether the parts add up or multiply (add up as logarithms). `auto` takes what makes the series more likely; a
   * series with a value of 0 or below always adds up.
   */
  readonly mode: 'auto' | 'additive' | 'multiplicative';
  /** Points at which the slope may change, spread evenly over the first part of the series. */
  readonly nChangepoints: number;
  /** The share of the series that is its first part. */
  readonly changepointRange: number;
  /** Standard deviation of a change of slope over the whole series, in units of the noise's; `auto` weighs a few. */
  readonly changepointPriorScale: number | 'auto';
  /** Cycles; `auto` for those natural to the grid that the series has seen twice. */
  readonly seasonalities: readonly Seasonality[] | 'auto';
  /** Standard deviation of a cycle's first harmonic in units of the noise's; `auto` weighs a few. */
  readonly seasonalityPriorScale: number | 'auto';
  readonly events: readonly CalendarEvent[];
  /** Standard deviation of an event's effect in units of the noise's. */
  readonly eventPriorScale: number;
  /** What is kept of the slope from one forecast point to the next, 0 to 1; `auto` weighs a few. */
  readonly damping: number | 'auto';
  /** Whether the last residuals, fading, are carried into the forecast. */
  readonly residual: 'ar1' | 'none';
  /** Whether outliers count for less. */
  readonly robust: boolean;
  /** How far ahead the forecast shall be good: what is weighed is weighed by held-out tails of this length. */
  readonly horizon: number | 'auto';
}

export const seasonalForecasterDefaults: SeasonalForecasterParams = {
  growth: 'linear',
  cap: null,
  floor: 0,
  mode: 'auto',
  nChangepoints: 25,
  changepointRange: 0.95,
  changepointPriorScale: 'auto',
  seasonalities: 'auto',
  seasonalityPriorScale: 'auto',
  events: [],
  eventPriorScale: 5,
  damping: 'auto',
  residual: 'ar1',
  robust: true,
  horizon: 'auto',
};

/**
 * The parameters, defaults filled in.
 * @throws {ConfigError} naming the first that is unknown or out of its range
 */
export function seasonalForecasterParams(given: Partial<SeasonalForecasterParams>): SeasonalForecasterParams {
  const params = mergeParams('the seasonal forecaster', seasonalForecasterDefaults, given);
  checkOneOf(params, 'growth', ['linear', 'flat', 'logistic']);
  checkOneOf(params, 'mode', ['auto', 'additive', 'multiplicative']);
  checkOneOf(params, 'residual', ['ar1', 'none']);
  checkInteger(params, 'nChangepoints', 0, 200);
  checkWithin(params, 'changepointRange', aboveZero, 1);
  checkWithin(params, 'eventPriorScale', aboveZero, Number.MAX_VALUE);
  if (params.changepointPriorScale !== 'auto') {
    checkWithin(params, 'changepointPriorScale', 0, Number.MAX_VALUE);
  }
  if (params.seasonalityPriorScale !== 'auto') {
    checkWithin(params, 'seasonalityPriorScale', aboveZero, Number.MAX_VALUE);
  }
  if (params.damping !== 'auto') checkWithin(params, 'damping', 0, 1);
  if (params.horizon !== 'auto') checkInteger(params, 'horizon', 1, 100_000);
  if (params.seasonalities !== 'auto') {
    for (const seasonality of params.seasonalities) {
      checkWithin(seasonality, 'period', 2, Number.MAX_VALUE);
      checkInteger(seasonality, 'order', 1, 200);
    }
  }
  checkEvents(params.events);
  checkBounds(params);
  return params;
}

function checkBounds({ growth, cap, floor, mode }: SeasonalForecasterParams): void {
  if (growth !== 'logistic') {
    if (cap !== null) throw new ConfigError(`cap=${cap} must be left out unless growth=logistic`);
    return;
  }
  if (cap === null || !Number.isFinite(cap)) {
    throw new ConfigError(`cap=${cap} must be a number with growth=logistic`);
  }
  if (!Number.isFinite(floor) || floor >= cap)
    throw new ConfigError(`floor=${floor} must be below cap=${cap}`);
  if (mode === 'multiplicative') {
    throw new ConfigError(
      'mode=multiplicative must be additive with growth=logistic, which bends the scale already',
    );
  }
}
