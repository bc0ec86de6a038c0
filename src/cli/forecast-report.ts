import { basename } from 'node:path';
import { formatNumber } from '../evaluation/format-number.js';
import { renderReport } from '../evaluation/report-html.js';
import type { Report } from '../evaluation/report.js';
import type { BacktestAccuracy } from '../forecast/accuracy.js';
import { backtestFigures } from '../forecast/backtest-figures.js';
import type { PanelForecast } from '../forecast/forecast-panel.js';
import { frequencyName } from '../forecast/frequency.js';
import type { Panel } from '../forecast/panel.js';
import { writeFileAtomically } from '../registry/atomic-file.js';
import { chartRuntime } from '../release/chart-runtime.js';
import { commandLine } from '../release/reproduce.js';
import { fileHash } from '../sources/file-hash.js';
import { toolkitVersion } from '../version.js';

interface ReportedJob {
  readonly input: string;
  readonly id?: string;
  readonly time: string;
  readonly target: string;
  readonly horizon: number;
  /** Percents. */
  readonly level: readonly number[];
  readonly frequency?: string;
  readonly calendar?: string;
  readonly events?: string;
  readonly out?: string;
}

/** Writes report.html of a job: how its backtests went, and how its series go on. */
export async function writeForecastReport(
  file: string,
  job: ReportedJob,
  done: { readonly panel: Panel; readonly forecast: PanelForecast; readonly accuracy: BacktestAccuracy },
): Promise<void> {
  const report = forecastReport(job, done, await fileHash(job.input));
  await writeFileAtomically(file, renderReport(report, await chartRuntime()));
}

function forecastReport(
  job: ReportedJob,
  { panel, forecast, accuracy }: Parameters<typeof writeForecastReport>[2],
  sha256: string,
): Report {
  const { nSeries, scaledError, scaledErrorNaive, coverage } = accuracy;
  const won = 1 - scaledError / scaledErrorNaive;
  return {
    title: `${job.target} of ${basename(job.input)}`,
    subtitle: `${formatNumber(panel.series.length)} series, ${frequencyName(panel.frequency)}, ${formatNumber(job.horizon)} steps ahead`,
    facts:
      nSeries === 0
        ? []
        : [
            ['Error', formatNumber(scaledError)],
            ['Error of the seasonal naive', formatNumber(scaledErrorNaive)],
            ...job.level.map(
              (level, l) =>
                [`Within the ${level} % interval`, `${(100 * coverage[l]).toFixed(1)} %`] as const,
            ),
          ],
    verdict:
      nSeries === 0
        ? 'The series are too short for backtests: nothing is known of how good their forecasts are.'
        : won > 0
          ? `In the backtests of ${formatNumber(nSeries)} series the error is ${(100 * won).toFixed(1)} % below that of the seasonal naive forecast.`
          : `In the backtests of ${formatNumber(nSeries)} series the error is not below that of the seasonal naive forecast.`,
    sections: [],
    comparison: [],
    importance: [],
    forecast: backtestFigures(
      panel,
      forecast,
      accuracy,
      job.level.map((level) => level / 100),
    ),
    sources: [{ name: basename(job.input), id: sha256, rows: null, committedAt: null }],
    lineage: [['Toolkit', `kol-trainer ${toolkitVersion}`]],
    reproduce: [
      commandLine([
        'kol forecast',
        ['--input', job.input],
        ['--id', job.id],
        ['--time', job.time],
        ['--target', job.target],
        ['--horizon', job.horizon],
        ['--level', job.level.join(',')],
        ['--frequency', job.frequency],
        ['--calendar', job.calendar],
        ['--events', job.events],
        ['--out', job.out],
      ]),
    ],
    howToUse: [],
  };
}
