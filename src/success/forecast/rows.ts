import type { DailyPanel } from '../../champion/forecast/fit.js';
import { DataError } from '../../core/errors.js';
import { sanitizeText } from '../../core/sanitize-text.js';
import { Table } from '../../core/table.js';
import type { ForecastMetric } from './config.js';
import { dailyMetricsTable } from './query.js';

const dayLength = 86_400_000;

/** One metric of all KOLs that have it. */
export interface MetricDays {
  readonly panel: DailyPanel;
  /** `[nKols]` as the lakehouse writes them. */
  readonly kolIds: readonly string[];
}

/** The days of a table of `dailyMetricsQuery`. */
export interface DailyDays {
  readonly firstDay: number;
  readonly nDays: number;
  /** Milliseconds since 1970 UTC when the newest row was written. */
  readonly newestWrite: number;
  /** @throws {DataError} for values below 0, or where no KOL has the metric */
  metric(name: ForecastMetric): MetricDays;
}

/**
 * Reads rows sorted by KOL and day; days without a row are missing, not 0.
 * @throws {DataError} for an empty table, a row without KOL or day, or ids that differ in letter case only
 */
export function dailyDays(table: Table): DailyDays {
  const ids = Table.strings(table, 'kol_id');
  const days = Table.numbers(table, 'day').map((time) => Math.floor(time / dayLength));
  if (table.nRows === 0)
    throw new DataError(`${dailyMetricsTable} holds no row by then: there is nothing to forecast`);
  let [firstDay, lastDay, newestWrite] = [Infinity, -Infinity, -Infinity];
  const written = Table.numbers(table, 'processed_at');
  for (let i = 0; i < table.nRows; i++) {
    if (ids[i] === null || Number.isNaN(days[i])) {
      throw new DataError(`${dailyMetricsTable}: a row has no kol_id or no metric_date`);
    }
    firstDay = Math.min(firstDay, days[i]);
    lastDay = Math.max(lastDay, days[i]);
    newestWrite = Math.max(newestWrite, written[i]);
  }
  const nDays = lastDay - firstDay + 1;

  function metric(name: ForecastMetric): MetricDays {
    const cells = Table.numbers(table, name);
    const kept: { id: string; values: Float32Array }[] = [];
    for (let i = 0; i < table.nRows;) {
      const id = ids[i]!;
      const values = new Float32Array(nDays).fill(NaN);
      let isAny = false;
      for (; i < table.nRows && ids[i] === id; i++) {
        if (cells[i] < 0) {
          const when = new Date(days[i] * dayLength).toISOString().slice(0, 10);
          throw new DataError(
            `${dailyMetricsTable}: ${name}=${cells[i]} of ${id} on ${when} must not be negative`,
          );
        }
        values[days[i] - firstDay] = cells[i];
        isAny ||= !Number.isNaN(cells[i]);
      }
      if (isAny) kept.push({ id, values });
    }
    if (kept.length === 0) throw new DataError(`${dailyMetricsTable} holds no value of ${name}`);
    return {
      kolIds: kept.map(({ id }) => id),
      panel: {
        kolIds: distinct(kept.map(({ id }) => sanitizeText(id))),
        values: kept.map(({ values }) => values),
        firstDay,
      },
    };
  }
  return { firstDay, nDays, newestWrite, metric };
}

function distinct(ids: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  const repeated = ids.find((id) => seen.size === seen.add(id).size);
  if (repeated === undefined) return ids;
  throw new DataError(
    `${dailyMetricsTable}: two KOLs are called ${repeated} but for letter case; rename one`,
  );
}
