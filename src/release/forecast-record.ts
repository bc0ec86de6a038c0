import { DataError } from '../core/errors.js';

/** How a champion did on its held-out window, KOL by KOL, by the criterion of its goal. */
export interface ForecastRecord {
  /** Epoch day on which the window began. */
  readonly firstDay: number;
  readonly error: ReadonlyMap<string, number>;
}

const header = 'kol_id,first_day,error\n';

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
