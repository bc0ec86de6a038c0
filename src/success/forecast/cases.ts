import type { DailyPanel } from '../../champion/forecast/fit.js';
import { createRng } from '../../core/rng.js';
import type { ForecastCases } from '../../release/forecast-cases.js';

/** How a history may look. */
const kinds = [
  'newest',
  'older',
  'unknown',
  'gaps',
  'nothing',
  'nothing-unknown',
  'few',
  'constant',
  'zeros',
] as const;

/**
 * Histories that a graph must answer as the model does: those that will be forecast, older ones, KOLs that nobody
 * knows, gaps, no value at all, the last days only, constant ones, and days beyond the listed events.
 */
export function forecastCases(
  panel: DailyPanel,
  history: number,
  nCases: number,
  seed: number,
): ForecastCases {
  const rng = createRng(seed).split('forecast-cases');
  const nDays = panel.values[0].length;
  const values = new Float32Array(nCases * history).fill(NaN);
  const kolId: string[] = [];
  const start = new Int32Array(nCases);
  for (let i = 0; i < nCases; i++) {
    const kind = kinds[i % kinds.length];
    const k = i % panel.values.length;
    const end = kind === 'newest' ? nDays : 1 + rng.integer(nDays);
    for (let t = 0; t < history; t++) {
      const day = end - history + t;
      const value = day >= 0 ? panel.values[k][day] : NaN;
      values[i * history + t] = historyValue(kind, value, history - t, rng.uniform());
    }
    kolId.push(kind.endsWith('unknown') ? `nobody ${i}` : panel.kolIds[k]);
    start[i] = panel.firstDay + end + (i % 50 === 49 ? 20_000 : 0);
  }
  return { history: values, kolId, start };
}

function historyValue(kind: (typeof kinds)[number], value: number, daysBack: number, draw: number): number {
  switch (kind) {
    case 'gaps':
      return draw < 0.5 ? NaN : value;
    case 'nothing':
    case 'nothing-unknown':
      return NaN;
    case 'few':
      return daysBack > 3 ? NaN : value;
    case 'constant':
      return 7;
    case 'zeros':
      return 0;
    case 'newest':
    case 'older':
    case 'unknown':
      return value;
  }
}
