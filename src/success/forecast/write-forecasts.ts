import type { Forecasts } from '../../champion/forecast/predict.js';
import { Table } from '../../core/table.js';
import type { BatchTarget, WrittenBatch } from '../../sources/batch-target.js';
import type { WriteColumn } from '../../sources/table-writer.js';

const dayLength = 86_400_000;

/** The columns of `kol_gold.kol_forecasts`: one row per KOL, day and level. */
export const forecastColumns: readonly WriteColumn[] = [
  { name: 'kol_id', type: 'string' },
  { name: 'metric', type: 'string' },
  { name: 'ds', type: 'date' },
  { name: 'yhat', type: 'number' },
  { name: 'yhat_lower', type: 'number' },
  { name: 'yhat_upper', type: 'number' },
  { name: 'level', type: 'integer' },
  { name: 'forecast_at', type: 'timestamp' },
  { name: 'model_name', type: 'string' },
  { name: 'model_version', type: 'string' },
];

/** Forecasts of one metric and what made them. */
export interface ForecastBatch {
  readonly metric: string;
  readonly kolIds: readonly string[];
  /** Epoch day of the first day that is forecast. */
  readonly firstDay: number;
  readonly forecasts: Forecasts;
  /** The moment whose knowledge they rest on, milliseconds since 1970 UTC. */
  readonly forecastAt: number;
  readonly model: { readonly name: string; readonly version: number };
}

/**
 * Writes forecasts into `kol_gold.kol_forecasts`. The batch is named by the metric and the moment: forecasting from the
 * same knowledge again replaces it, whole or not at all.
 * @throws {ConfigError} when the lakehouse cannot be written
 */
export function writeForecasts(
  target: BatchTarget,
  batch: ForecastBatch,
  signal: AbortSignal | undefined,
): Promise<WrittenBatch> {
  return target.replace(
    {
      table: 'kol_gold.kol_forecasts',
      columns: forecastColumns,
      within: ['metric', 'forecast_at'],
      key: ['kol_id', 'ds', 'level'],
      rows: forecastTable(batch),
    },
    signal,
  );
}

function forecastTable({ metric, kolIds, firstDay, forecasts, forecastAt, model }: ForecastBatch): Table {
  const { yhat, intervals } = forecasts;
  const horizon = yhat.length / kolIds.length;
  const nRows = yhat.length * intervals.length;
  // Rows by KOL, then day, then level.
  const cell = (i: number): number => Math.floor(i / intervals.length);
  const numbers = (of: (i: number) => number): { type: 'number'; values: Float64Array } => ({
    type: 'number',
    values: Float64Array.from({ length: nRows }, (_, i) => of(i)),
  });
  const text = (of: (i: number) => string): { type: 'string'; values: string[] } => ({
    type: 'string',
    values: Array.from({ length: nRows }, (_, i) => of(i)),
  });
  const interval = (i: number): Forecasts['intervals'][number] => intervals[i % intervals.length];
  return Table.fromColumns({
    kol_id: text((i) => kolIds[Math.floor(cell(i) / horizon)]),
    metric: text(() => metric),
    ds: {
      type: 'timestamp',
      values: numbers((i) => (firstDay + (cell(i) % horizon)) * dayLength).values,
    },
    yhat: numbers((i) => yhat[cell(i)]),
    yhat_lower: numbers((i) => interval(i).lower[cell(i)]),
    yhat_upper: numbers((i) => interval(i).upper[cell(i)]),
    level: numbers((i) => Math.round(100 * interval(i).level)),
    forecast_at: { type: 'timestamp', values: new Float64Array(nRows).fill(forecastAt) },
    model_name: text(() => model.name),
    model_version: text(() => String(model.version)),
  });
}
