import type { Pool } from '../core/pool.js';
import type { Progress } from '../core/progress.js';

/** What the forecast of a panel runs with; no result depends on it. */
export interface ForecastContext {
  readonly pool: Pool;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}
