import { dotAt } from './dot.js';
import { firstEvent, firstHinge, type SeasonalDesign } from './design.js';

/**
 * Rows `from` to `to - 1` of a design times a vector, without looking at most of the design: hinges are straight
 * lines, cycles of a whole number of steps repeat themselves, events are mostly 0.
 *
 * @param vector `[nColumns]`
 * @returns `[to - from]`
 */
export function fittedValues(
  design: SeasonalDesign,
  vector: Float64Array,
  from: number,
  to: number,
): Float64Array {
  const out = new Float64Array(to - from);
  fillTrendLine(design, vector, from, out);
  addCycles(design, vector, from, out);
  addWaves(design, vector, from, out);
  const eventColumn = firstEvent(design);
  design.events.forEach(({ rows, values }, k) => {
    for (let at = 0; at < rows.length; at++) {
      if (rows[at] >= from && rows[at] < to) out[rows[at] - from] += values[at] * vector[eventColumn + k];
    }
  });
  return out;
}

function fillTrendLine(design: SeasonalDesign, vector: Float64Array, from: number, out: Float64Array): void {
  const { n, hasSlope, changepoints } = design;
  if (!hasSlope) {
    out.fill(vector[0]);
    return;
  }
  const span = Math.max(n - 1, 1);
  const hinge = firstHinge(design);
  const last = from + out.length - 1;
  // Backwards from the last row: a hinge joins at its changepoint and steepens the line from there on.
  let next = changepoints.length - 1;
  let value = vector[0] + (vector[1] * (last - n + 1)) / span;
  let slope = vector[1];
  for (; next >= 0 && changepoints[next] > last; next--) {
    value += (vector[hinge + next] * (changepoints[next] - last)) / span;
    slope -= vector[hinge + next];
  }
  for (let i = last; i >= from; i--) {
    for (; next >= 0 && changepoints[next] > i; next--) {
      value += (vector[hinge + next] * (changepoints[next] - i)) / span;
      slope -= vector[hinge + next];
    }
    out[i - from] = value;
    value -= slope / span;
  }
}

function addCycles(design: SeasonalDesign, vector: Float64Array, from: number, out: Float64Array): void {
  const { nColumns, rows } = design;
  for (const { period, column, width } of design.cycles) {
    const profile = new Float64Array(period);
    for (let p = 0; p < period; p++) {
      let sum = 0;
      for (let j = column; j < column + width; j++) sum += rows[p * nColumns + j] * vector[j];
      profile[p] = sum;
    }
    for (let at = 0, p = from % period; at < out.length; at++, p++) {
      if (p === period) p = 0;
      out[at] += profile[p];
    }
  }
}

function addWaves(
  { waves, waveColumns }: SeasonalDesign,
  vector: Float64Array,
  from: number,
  out: Float64Array,
): void {
  const width = waveColumns.length;
  if (width === 0) return;
  const coefficients = new Float64Array(width);
  for (let j = 0; j < width; j++) coefficients[j] = vector[waveColumns[j]];
  let offset = from * width;
  for (let at = 0; at < out.length; at++) {
    out[at] += dotAt(waves, offset, coefficients);
    offset += width;
  }
}

/**
 * The transposed first rows of a design times a series, for every one of some ascending numbers of rows.
 * @param z `[n]`; a missing value counts as 0
 * @returns `[nColumns]` for each of `origins`; hinges at or beyond an origin are not told apart from nothing
 */
export function transposedProducts(
  design: SeasonalDesign,
  z: Float64Array,
  origins: readonly number[],
): Float64Array[] {
  const filled = z.map((value) => (Number.isNaN(value) ? 0 : value));
  const sums = origins.map(() => new Float64Array(design.nColumns));
  sumTrend(design, filled, origins, sums);
  sumCycles(design, filled, origins, sums);
  sumWaves(design, filled, origins, sums);
  const eventColumn = firstEvent(design);
  design.events.forEach(({ rows, values }, k) => {
    rows.forEach((row, at) => {
      origins.forEach((origin, o) => {
        if (row < origin) sums[o][eventColumn + k] += values[at] * filled[row];
      });
    });
  });
  return sums;
}

function sumTrend(
  design: SeasonalDesign,
  z: Float64Array,
  origins: readonly number[],
  sums: Float64Array[],
): void {
  const { n, hasSlope, changepoints } = design;
  const span = Math.max(n - 1, 1);
  const hinge = firstHinge(design);
  const hinges = new Float64Array(changepoints.length);
  let total = 0;
  // The sum of all sums so far: each value counts once for every step that has passed since.
  let aged = 0;
  let row = 0;
  let next = 0;
  origins.forEach((origin, o) => {
    for (; row < origin; row++) {
      for (; next < hinges.length && changepoints[next] === row; next++) hinges[next] = aged / span;
      total += z[row];
      aged += total;
    }
    for (let k = next; k < hinges.length && changepoints[k] === origin; k++) hinges[k] = aged / span;
    sums[o][0] = total;
    if (!hasSlope) return;
    // Time of row i is (i - n + 1) / span; aged holds the sum of (origin - i) z.
    sums[o][1] = ((origin - n + 1) * total - aged) / span;
    sums[o].set(hinges, hinge);
  });
}

function sumCycles(
  design: SeasonalDesign,
  z: Float64Array,
  origins: readonly number[],
  sums: Float64Array[],
): void {
  const { nColumns, rows } = design;
  for (const { period, column, width } of design.cycles) {
    const folded = new Float64Array(period);
    let row = 0;
    let p = 0;
    origins.forEach((origin, o) => {
      for (; row < origin; row++) {
        folded[p] += z[row];
        if (++p === period) p = 0;
      }
      const out = sums[o];
      for (let q = 0; q < period; q++) {
        for (let j = column; j < column + width; j++) out[j] += folded[q] * rows[q * nColumns + j];
      }
    });
  }
}

function sumWaves(
  { waves, waveColumns }: SeasonalDesign,
  z: Float64Array,
  origins: readonly number[],
  sums: Float64Array[],
): void {
  const width = waveColumns.length;
  if (width === 0) return;
  const total = new Float64Array(width);
  let row = 0;
  origins.forEach((origin, o) => {
    for (; row < origin; row++) {
      const value = z[row];
      const offset = row * width;
      for (let j = 0; j < width; j++) total[j] += value * waves[offset + j];
    }
    waveColumns.forEach((column, j) => (sums[o][column] = total[j]));
  });
}
