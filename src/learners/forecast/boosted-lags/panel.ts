import { DataError } from '../../../core/errors.js';
import { stepsTo, type TimeGrid } from '../../../core/time-grid.js';

/** One regular series: NaN stands for a value that is missing. */
export interface PanelSeries {
  readonly y: Float64Array;
  readonly grid: TimeGrid;
}

/** Many series of one frequency, and what is known beside them. */
export interface SeriesPanel {
  readonly series: readonly PanelSeries[];
  /** Per name `[nSeries]`, what never changes; NaN where missing. */
  readonly attributes?: Readonly<Record<string, ArrayLike<number>>>;
  /** Per name and series `[n]`, aligned with `y`: known up to the origin, so its value there is the feature. */
  readonly dynamic?: Readonly<Record<string, readonly ArrayLike<number>[]>>;
  /** Per name and series `[>= n + horizon]`, aligned with `y`: known beforehand, so its value at the target is. */
  readonly events?: Readonly<Record<string, readonly ArrayLike<number>[]>>;
}

/**
 * How many points of each series lie at or before `until`; all of them when left out.
 * @param until milliseconds since 1970 UTC, a plain number for `count`
 */
export function knownPoints(panel: SeriesPanel, until: number | undefined): Int32Array {
  return Int32Array.from(panel.series, ({ y, grid }) => {
    if (until === undefined) return y.length;
    return Math.min(y.length, Math.max(0, Math.floor(stepsTo(grid, until)) + 1));
  });
}

/**
 * Refuses a panel whose parts do not fit.
 * @param known `[nSeries]` points of each series that are looked at
 * @param ahead steps beyond them whose events are looked at
 * @throws {DataError} naming the part, the series and what was expected
 */
export function checkPanel(panel: SeriesPanel, known: Int32Array, ahead: number): void {
  const { series, attributes = {}, dynamic = {}, events = {} } = panel;
  for (const [name, values] of Object.entries(attributes)) {
    if (values.length === series.length) continue;
    throw new DataError(`attribute ${name} has ${values.length} values for ${series.length} series`);
  }
  for (const [name, rows] of Object.entries(dynamic)) checkLengths(`dynamic column ${name}`, rows, known, 0);
  for (const [name, rows] of Object.entries(events)) checkLengths(`event column ${name}`, rows, known, ahead);
  const first = JSON.stringify(series[0]?.grid.frequency);
  series.forEach(({ y, grid }, s) => {
    if (JSON.stringify(grid.frequency) !== first) {
      throw new DataError(`series ${s} has another frequency than the first; forecast them apart`);
    }
    for (let i = 0; i < known[s]; i++) {
      if (y[i] !== Infinity && y[i] !== -Infinity) continue;
      throw new DataError(`series ${s}, point ${i}: y=${y[i]} must be finite, or NaN for a gap`);
    }
  });
}

function checkLengths(
  what: string,
  rows: readonly ArrayLike<number>[],
  known: Int32Array,
  ahead: number,
): void {
  known.forEach((n, s) => {
    const length = rows[s]?.length ?? 0;
    if (length >= n + ahead) return;
    throw new DataError(`${what} has ${length} values for series ${s}, expected at least ${n + ahead}`);
  });
}
