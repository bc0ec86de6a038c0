import type { ForecastAccuracy } from '../champion/forecast/accuracy.js';
import { DataError } from '../core/errors.js';
import type { Rng } from '../core/rng.js';
import { sortedQuantile } from '../evaluation/interval.js';
import type { Challenge } from './challenge.js';

/** How a champion did on its held-out window, KOL by KOL, by the criterion of its goal. */
export interface ForecastRecord {
  /** Epoch day on which the window began. */
  readonly firstDay: number;
  readonly error: ReadonlyMap<string, number>;
}

const header = 'kol_id,first_day,error\n';
const replicates = 1_000;
/** Fewer common KOLs than this compare nothing. */
const fewestKols = 20;

/** The judged KOLs as CSV, so that the next champion can be compared on the same window. */
export function writeForecastRecord(
  kolIds: readonly string[],
  firstDay: number,
  error: Float64Array,
): string {
  const lines = kolIds.flatMap((id, k) =>
    Number.isNaN(error[k]) ? [] : [`"${id.replaceAll('"', '""')}",${firstDay},${error[k]}\n`],
  );
  return header + lines.join('');
}

/**
 * What `writeForecastRecord` wrote.
 * @throws {DataError} naming the first line that is not of that form
 */
export function readForecastRecord(text: string): ForecastRecord {
  const error = new Map<string, number>();
  let firstDay = NaN;
  const line = /"((?:[^"]|"")*)",(-?\d+),(\d+(?:\.\d+)?(?:e[-+]?\d+)?)\n/y;
  line.lastIndex = text.startsWith(header) ? header.length : 0;
  while (line.lastIndex < text.length) {
    const start = line.lastIndex;
    const match = line.exec(text);
    if (match === null) {
      const found = text.slice(start, start + 80).split('\n')[0];
      throw new DataError(
        `held-out.csv line ${text.slice(0, start).split('\n').length}: expected "kol_id",day,error, found ${found}; the file was changed after it was written`,
      );
    }
    firstDay = Number(match[2]);
    error.set(match[1].replaceAll('""', '"'), Number(match[3]));
  }
  return { firstDay, error };
}

/**
 * Whether a forecaster may become champion. By the criterion of its goal it must beat the seasonal naive forecast with
 * an interval that leaves out 0; and where the former champion was judged on the same window, not be worse than it with such an interval.
 *
 * @param champion the record of the former champion, or undefined where there is none
 */
export function challengeForecast(
  accuracy: ForecastAccuracy,
  kolIds: readonly string[],
  firstDay: number,
  champion: ForecastRecord | undefined,
  rng: Rng,
): Challenge {
  const { error, criterion, metrics, nKols } = accuracy;
  const gain = metrics.find(({ name }) => name === `${criterion}_gain`);
  if (!(gain !== undefined && gain.lower > 0)) {
    const reason = `not better than the seasonal naive forecast in ${criterion.toUpperCase()} on ${nKols} KOLs of the newest window`;
    return { decision: 'hold', reason, nRows: nKols, comparisons: [] };
  }
  const won = 'better than the seasonal naive forecast on the newest window';
  const promote = (reason: string, nRows: number): Challenge => ({
    decision: 'promote',
    reason,
    nRows,
    comparisons: [],
  });
  if (champion === undefined) return promote(`there was no champion before, and ${won}`, nKols);
  if (champion.firstDay !== firstDay) {
    return promote(`${won}, which the champion was not judged on`, nKols);
  }
  const differences = kolIds.flatMap((id, k) => {
    const former = champion.error.get(id);
    return former === undefined || Number.isNaN(error[k]) ? [] : [error[k] - former];
  });
  if (differences.length < fewestKols) {
    const reason = `only ${differences.length} KOLs were judged for both models, too few to compare them; promote by hand with kol promote`;
    return { decision: 'hold', reason, nRows: differences.length, comparisons: [] };
  }
  const means = new Float64Array(replicates).map(() => {
    let sum = 0;
    for (let i = 0; i < differences.length; i++) sum += differences[rng.integer(differences.length)];
    return sum / differences.length;
  });
  const [lower, upper] = [0.025, 0.975].map((share) => sortedQuantile(means.sort(), share));
  if (lower > 0) {
    const reason = `worse than the champion in ${criterion.toUpperCase()} on ${differences.length} KOLs of the same window`;
    return { decision: 'hold', reason, nRows: differences.length, comparisons: [] };
  }
  const verdict =
    upper < 0
      ? `better than the champion in ${criterion.toUpperCase()}`
      : 'as good as the champion, and fresher';
  return promote(`${verdict}, on ${differences.length} KOLs of the same window`, differences.length);
}
