import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Forecasts } from '../../champion/forecast/predict.js';
import { Table } from '../../core/table.js';
import type { WriteColumn } from '../../sources/table-writer.js';
import { tableWriter } from '../../sources/write-table.js';

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
 * Writes forecasts into `kol_gold.kol_forecasts` of an embedded lakehouse. One file per metric and first day:
 * forecasting the same day again replaces it, whole or not at all.
 *
 * @returns the path of the file and its rows
 * @throws {ConfigError} when the lakehouse cannot be written
 */
export async function writeForecasts(
  lakehouse: string,
  batch: ForecastBatch,
): Promise<{ readonly path: string; readonly nRows: number }> {
  const folder = join(lakehouse, 'kol_gold', 'kol_forecasts');
  await mkdir(folder, { recursive: true });
  const day = new Date(batch.firstDay * dayLength).toISOString().slice(0, 10).replaceAll('-', '');
  const path = join(folder, `${batch.metric}-${day}.parquet`);
  const table = forecastTable(batch);
  const writer = await tableWriter(path, forecastColumns);
  try {
    await writer.write(table);
    await writer.close();
  } finally {
    await writer.abort();
  }
  return { path, nRows: table.nRows };
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
