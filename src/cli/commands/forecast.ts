import { Command, InvalidArgumentError, Option } from 'commander';
import type { CalendarEvent } from '../../core/calendar/events.js';
import { saleDays, tet } from '../../core/calendar/sale-days.js';
import { ConfigError } from '../../core/errors.js';
import { Table, type Column } from '../../core/table.js';
import { timeAt } from '../../core/time-grid.js';
import { backtestAccuracy, type BacktestAccuracy } from '../../forecast/accuracy.js';
import { forecastPanel, type PanelForecast } from '../../forecast/forecast-panel.js';
import { frequencyName, parseFrequency } from '../../forecast/frequency.js';
import { buildPanel, type Panel, type SeriesNote } from '../../forecast/panel.js';
import type { TimeText } from '../../forecast/time-text.js';
import { csvField } from '../../sources/csv-text.js';
import type { WriteColumn } from '../../sources/table-writer.js';
import { tableWriter } from '../../sources/write-table.js';
import { readEvents } from '../events-file.js';
import { readLongTable } from '../long-table.js';
import { common, list, wholeNumber } from '../option-types.js';
import type { CliSession } from '../session.js';
import { textTable, wrap } from '../summary.js';

interface Options {
  input: string;
  id?: string;
  time: string;
  target: string;
  horizon: number;
  level: number[];
  frequency?: string;
  calendar?: 'vn';
  events?: string;
  out?: string;
  threads?: number;
  skipBadRows?: string;
  json?: boolean;
}

/** Notes that are printed; `--json` has all. */
const shownNotes = 8;

/** `kol forecast` */
export function forecastCommand(session: CliSession): Command {
  return new Command('forecast')
    .description('forecast every series of a long table, one row per series and time')
    .requiredOption('--input <file>', 'CSV or Parquet file')
    .option('--id <column>', 'column that names the series (left out: the file is one series)')
    .requiredOption('--time <column>', 'column of times: ISO dates and times, 2026-11, 2026Q4, or numbers')
    .requiredOption('--target <column>', 'column of values; empty where missing')
    .requiredOption(
      '--horizon <n>',
      "steps to forecast after each series' last value",
      wholeNumber(1, 100_000),
    )
    .option('--level <percents>', 'levels of the intervals', levels, [80, 95])
    .option('--frequency <unit>', 'daily, h, 15min, W, MS, B … (default: found from the times)')
    .addOption(
      new Option('--calendar <name>', 'events that a country shares: vn (Tet, sale days)').choices(['vn']),
    )
    .option('--events <file>', 'table of events: name, date, and lower_window, upper_window in days')
    .option('--out <file>', 'file to write, .csv or .parquet (default: CSV on stdout)')
    .addOption(common.threads())
    .addOption(common.skipBadRows())
    .addOption(common.json())
    .addHelpText(
      'after',
      `
Writes the id and time columns under their own names, then yhat,
yhat_lower_80, yhat_upper_80, …, sorted by id and time.

Example:
  kol forecast --input views.csv --id kol_id --time date --target views \\
    --horizon 28 --out forecasts.csv`,
    )
    .action(async (options: Options) => {
      const frequency = options.frequency === undefined ? undefined : parseFrequency(options.frequency);
      if (options.json && options.out === undefined) {
        throw new ConfigError('--json prints the summary, so the forecasts need --out FILE');
      }
      const { rows, time, rejected } = await readLongTable(options.input, columnsOf(options), {
        signal: session.signal,
        ...(options.skipBadRows !== undefined && { skipBadRows: options.skipBadRows }),
      });
      if (frequency !== undefined && (frequency.unit === 'count') === time.isCalendar) {
        throw new ConfigError(
          `--frequency ${options.frequency} does not fit column ${options.time}, which holds ${time.isCalendar ? 'times' : 'numbers'}`,
        );
      }
      const events = await eventsOf(options, time.isCalendar, session.signal);
      const panel = buildPanel(rows, time.isCalendar, frequency);
      const forecast = await session.withPool(options.threads ?? session.environment.threads, (pool) =>
        forecastPanel(
          panel,
          { horizon: options.horizon, levels: options.level.map((level) => level / 100), events },
          { pool, progress: session.progress, signal: session.signal },
        ),
      );
      const notes = [...panel.notes, ...forecast.fallbacks];
      const accuracy = backtestAccuracy(forecast, options.level.length);
      await write(session, options, panel, forecast, time);
      if (options.out === undefined) {
        for (const { id, note } of notes) session.progress.note(`${label(id)}${note}`);
        return;
      }
      session.print(
        options.json
          ? json(options, panel, forecast, notes, accuracy, rejected)
          : summary(options, panel, notes, accuracy, rejected),
      );
    });
}

async function eventsOf(
  { calendar, events }: Options,
  isCalendar: boolean,
  signal: AbortSignal,
): Promise<CalendarEvent[]> {
  if (!isCalendar && (calendar !== undefined || events !== undefined)) {
    throw new ConfigError('--calendar and --events need a time column of dates, this one holds numbers');
  }
  return [
    ...(calendar === 'vn' ? [tet, ...saleDays()] : []),
    ...(events === undefined ? [] : await readEvents(events, signal)),
  ];
}

function columnsOf({ id, time, target }: Options): { id?: string; time: string; target: string } {
  return { ...(id !== undefined && { id }), time, target };
}

function levels(text: string, before: readonly number[]): number[] {
  const given = list(text).map(Number);
  if (given.length === 0 || given.some((level) => !(level > 0 && level < 100))) {
    throw new InvalidArgumentError('It must be percents above 0 and below 100, such as 80,95.');
  }
  // The first mention replaces the default.
  const held = before.length === 2 && before[0] === 80 && before[1] === 95 ? [] : before;
  return [...new Set([...held, ...given])].sort((a, b) => a - b);
}

/** Rows that are written at once. */
const batchRows = 20_000;

async function write(
  session: CliSession,
  options: Options,
  panel: Panel,
  forecast: PanelForecast,
  time: TimeText,
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

function valueColumns({ level }: Options): string[] {
  return ['yhat', ...level.flatMap((percent) => [`yhat_lower_${percent}`, `yhat_upper_${percent}`])];
}

/** The forecasts as tables, times as text. */
function* forecastBatches(
  options: Options,
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

function withTimes(batch: Table, options: Options, time: TimeText): Table {
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

function label(id: string): string {
  return id === '' ? '' : `${id}: `;
}

function json(
  options: Options,
  panel: Panel,
  forecast: PanelForecast,
  notes: readonly SeriesNote[],
  accuracy: BacktestAccuracy,
  rejected: number,
): string {
  const weights: Record<string, number> = {};
  for (const { weights: own } of forecast.forecasts) {
    for (const [name, weight] of Object.entries(own)) {
      weights[name] = (weights[name] ?? 0) + weight / forecast.forecasts.length;
    }
  }
  return JSON.stringify(
    {
      output: options.out,
      series: panel.series.length,
      horizon: options.horizon,
      frequency: frequencyName(panel.frequency),
      rejected,
      backtests: {
        ...accuracy,
        coverage: Object.fromEntries(options.level.map((level, l) => [level, accuracy.coverage[l]])),
      },
      weights,
      notes,
    },
    null,
    2,
  );
}

function summary(
  options: Options,
  panel: Panel,
  notes: readonly SeriesNote[],
  accuracy: BacktestAccuracy,
  rejected: number,
): string {
  const count = panel.series.length;
  const lines = [
    `${count} series, ${frequencyName(panel.frequency)}, ${options.horizon} steps each: ${options.out}`,
  ];
  if (rejected > 0) lines.push(`${rejected} bad rows were set aside in ${options.skipBadRows}`);
  if (accuracy.nSeries > 0) {
    lines.push(
      '',
      textTable([
        [`Backtests of ${accuracy.nSeries} series`, 'blend', 'seasonal naive'],
        [
          '  error, in units of recent movement',
          accuracy.scaledError.toFixed(3),
          accuracy.scaledErrorNaive.toFixed(3),
        ],
        ...options.level.map((level, l) => [
          `  share within the ${level} % interval`,
          accuracy.coverage[l].toFixed(3),
          '',
        ]),
      ]),
    );
  }
  if (notes.length > 0) {
    lines.push('', 'To know:');
    lines.push(...notes.slice(0, shownNotes).map(({ id, note }) => wrap(`${label(id)}${note}`)));
    if (notes.length > shownNotes) lines.push(`  and ${notes.length - shownNotes} more (--json has all)`);
  }
  return lines.join('\n');
}
