import type { CalendarEvent } from '../../../core/calendar/events.js';
import type { TimeGrid } from '../../../core/time-grid.js';
import type { Link } from './link.js';
import type { ResidualLevel } from './residual-level.js';
import type { Seasonality } from './seasonalities.js';

/** A slope at the end of the series that fades: `slope * (damping + … + damping^j)` is gained after j steps. */
export interface FadingSlope {
  /** Per step. */
  readonly slope: number;
  readonly damping: number;
}

/** A fitted seasonal forecaster; everything is on the scale of the link unless it says otherwise. */
export interface SeasonalForecasterModel {
  readonly kind: 'seasonal-forecaster';
  readonly format: 1;
  readonly grid: TimeGrid;
  /** Points fitted. */
  readonly n: number;
  readonly link: Link;
  readonly hasSlope: boolean;
  /** Points at which the slope changes. */
  readonly changepoints: Float64Array;
  readonly seasonalities: readonly Seasonality[];
  readonly events: readonly CalendarEvent[];
  /** Columns of events that were felt in the series. */
  readonly eventNames: readonly string[];
  /** Intercept, slope, hinges, sine and cosine of each harmonic, events. */
  readonly coefficients: Float64Array;
  readonly slopes: readonly FadingSlope[];
  readonly levels: readonly ResidualLevel[];
  /** Robust standard deviation of the residuals. */
  readonly noise: number;
}
