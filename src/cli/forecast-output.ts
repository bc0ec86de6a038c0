import { Table, type Column } from '../core/table.js';
import { timeAt } from '../core/time-grid.js';
import type { PanelForecast } from '../forecast/forecast-panel.js';
import type { Panel } from '../forecast/panel.js';
import type { TimeText } from '../forecast/time-text.js';
import { csvField } from '../sources/csv-text.js';
import type { WriteColumn } from '../sources/table-writer.js';
import { tableWriter } from '../sources/write-table.js';
import type { CliSession } from './session.js';

/** Where forecasts go, and under which names. */
export interface ForecastOutput {
  /** Column of ids; none for a single series. */
  readonly id?: string;
  readonly time: string;
  readonly horizon: number;
  /** Percents. */
  readonly level: readonly number[];
  /** File; stdout when left out. */
  readonly out?: string;
}

/** Rows that are written at once. */
const batchRows = 20_000;

/**
 * Writes id, time, yhat and the bounds of every level, sorted as the panel is, times as those of the input; to stdout
 * as CSV where no file is named.
 * @throws {ConfigError} when the file cannot be written
 */
export async function writeForecasts(
  options: ForecastOutput,
  panel: Panel,
  forecast: PanelForecast,
  time: TimeText,
  session: Pick<CliSession, 'print'>,
): Promise<void> {
  const batches = forecastBatches(options, panel, forecast, time);
  if (options.out === undefined) {
    let isFirst = true;
    for (const batch of batches) {
      session.print(csvOf(batch, isFirst));
      isFirst = false;
    }
    return;
  }
  const isParquet = /\.parquet$/i.test(options.out);
  const timeType = !isParquet ? 'string' : time.isCalendar ? 'timestamp' : 'number';
  const columns: WriteColumn[] = [
    ...(options.id === undefined ? [] : [{ name: options.id, type: 'string' as const }]),
    { name: options.time, type: timeType },
    ...valueColumns(options).map((name) => ({ name, type: 'number' as const })),
  ];
  const writer = await tableWriter(options.out, columns);
  try {
    for (const batch of batches)
      await writer.write(timeType === 'string' ? batch : withTimes(batch, options, time));
    await writer.close();
  } catch (error) {
    await writer.abort();
    throw error;
  }
}

function valueColumns({ level }: ForecastOutput): string[] {
  return ['yhat', ...level.flatMap((percent) => [`yhat_lower_${percent}`, `yhat_upper_${percent}`])];
}

/** The forecasts as tables, times as text. */
function* forecastBatches(
  options: ForecastOutput,
  { series }: Panel,
  { forecasts }: PanelForecast,
  time: TimeText,
): Generator<Table> {
  const perBatch = Math.max(1, Math.floor(batchRows / options.horizon));
  for (let from = 0; from < series.length; from += perBatch) {
    const some = series.slice(from, from + perBatch);
    const ids: string[] = [];
    const times: string[] = [];
    for (const { id, grid, y } of some) {
      for (let h = 0; h < options.horizon; h++) {
        ids.push(id);
        times.push(time.format(timeAt(grid, y.length + h)));
      }
    }
    const column = (pick: (k: number) => Float64Array): Column => {
      const values = new Float64Array(some.length * options.horizon);
      some.forEach((_, k) => values.set(pick(from + k), k * options.horizon));
      return { type: 'number', values };
    };
    yield Table.fromColumns({
      ...(options.id !== undefined && { [options.id]: { type: 'string', values: ids } }),
      [options.time]: { type: 'string', values: times },
      yhat: column((k) => forecasts[k].yhat),
      ...Object.fromEntries(
        options.level.flatMap((percent, l) => [
          [`yhat_lower_${percent}`, column((k) => forecasts[k].intervals[l].lower)],
          [`yhat_upper_${percent}`, column((k) => forecasts[k].intervals[l].upper)],
        ]),
      ),
    });
  }
}

function withTimes(batch: Table, options: ForecastOutput, time: TimeText): Table {
  const texts = Table.strings(batch, options.time).map(String);
  const parse = time.readAs === 'timestamp' ? (text: string) => Date.parse(isoUtc(text)) : time.parse;
  return Table.fromColumns({
    ...batch.columns,
    [options.time]: {
      type: time.isCalendar ? 'timestamp' : 'number',
      values: Float64Array.from(texts, parse),
    },
  });
}

/** `2026-11-25 07:00` as a moment in UTC. */
function isoUtc(text: string): string {
  const normal = text.replaceAll('/', '-').replace(' ', 'T');
  return /T/.test(normal) && !/(Z|[+-]\d\d:?\d\d)$/i.test(normal) ? `${normal}Z` : normal;
}

function csvOf(batch: Table, withHeader: boolean): string {
  const columns = Object.entries(batch.columns);
  const lines = withHeader ? [columns.map(([name]) => csvField(name)).join(',')] : [];
  for (let i = 0; i < batch.nRows; i++) {
    lines.push(columns.map(([, { values }]) => csvField(String(values[i]))).join(','));
  }
  return lines.join('\n');
}
