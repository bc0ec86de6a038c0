import { Command, InvalidArgumentError, Option } from 'commander';
import type { CalendarEvent } from '../../core/calendar/events.js';
import { saleDays, tet } from '../../core/calendar/sale-days.js';
import { ConfigError } from '../../core/errors.js';
import { backtestAccuracy, type BacktestAccuracy } from '../../forecast/accuracy.js';
import { forecastPanel, type PanelForecast } from '../../forecast/forecast-panel.js';
import { frequencyName, parseFrequency } from '../../forecast/frequency.js';
import { buildPanel, type Panel, type SeriesNote } from '../../forecast/panel.js';
import { readEvents } from '../events-file.js';
import { writeForecasts } from '../forecast-output.js';
import { writeForecastReport } from '../forecast-report.js';
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
  report?: string;
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
    .option('--report <file>', 'write a page of fans, errors and coverage of the backtests here (.html)')
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
      await writeForecasts(options, panel, forecast, time, session);
      if (options.report !== undefined) {
        await writeForecastReport(options.report, options, { panel, forecast, accuracy });
      }
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
        coverageByStep: Object.fromEntries(
          options.level.map((level, l) => [level, accuracy.coverageByStep[l]]),
        ),
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
    ...(options.report === undefined ? [] : [`Report: ${options.report}`]),
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
