import type { GramRows } from '../linear/newton-cg.js';

/**
 * Which terms occur in which texts, in two steps: a text is a list of units (tokens and their n-grams), a unit a list
 * of terms (itself, and the character n-grams in it). A term occurs in a text as often as the lists say, one after the
 * other. The character n-grams of a token are then written down once instead of once per text.
 */
export interface FactoredRows {
  readonly nRows: number;
  readonly nUnits: number;
  readonly nTerms: number;
  /** `[nRows + 1]` */
  readonly rowStart: Int32Array;
  /** Unit of every occurrence. */
  readonly unit: Int32Array;
  /** `[nUnits + 1]` */
  readonly unitStart: Int32Array;
  readonly term: Int32Array;
}

/** Some rows, of the same units and terms. */
export function takeRows(rows: FactoredRows, indices: Uint32Array): FactoredRows {
  const rowStart = new Int32Array(indices.length + 1);
  indices.forEach((row, i) => {
    rowStart[i + 1] = rowStart[i] + rows.rowStart[row + 1] - rows.rowStart[row];
  });
  const unit = new Int32Array(rowStart[indices.length]);
  indices.forEach((row, i) =>
    unit.set(rows.unit.subarray(rows.rowStart[row], rows.rowStart[row + 1]), rowStart[i]),
  );
  return { ...rows, nRows: indices.length, rowStart, unit };
}

/** The sum over all term occurrences of every row. @returns `[nRows]` */
export function rowSums(
  { nRows, nUnits, rowStart, unit, unitStart, term }: FactoredRows,
  value: Float64Array,
): Float64Array {
  const units = new Float64Array(nUnits);
  for (let u = 0; u < nUnits; u++) {
    let sum = 0;
    for (let s = unitStart[u]; s < unitStart[u + 1]; s++) sum += value[term[s]];
    units[u] = sum;
  }
  const sums = new Float64Array(nRows);
  for (let i = 0; i < nRows; i++) {
    let sum = 0;
    for (let s = rowStart[i]; s < rowStart[i + 1]; s++) sum += units[unit[s]];
    sums[i] = sum;
  }
  return sums;
}

/** Summed weights of the occurrences of each term in the rows of each class. @returns `[nTerms * K]` */
export function countByClass(
  { nRows, nUnits, nTerms, rowStart, unit, unitStart, term }: FactoredRows,
  y: Float64Array,
  weight: Float64Array,
  K: number,
): Float64Array {
  const units = new Float64Array(nUnits * K);
  for (let i = 0; i < nRows; i++)
    for (let s = rowStart[i]; s < rowStart[i + 1]; s++) units[unit[s] * K + y[i]] += weight[i];
  const counts = new Float64Array(nTerms * K);
  for (let u = 0; u < nUnits; u++)
    for (let s = unitStart[u]; s < unitStart[u + 1]; s++)
      for (let k = 0; k < K; k++) counts[term[s] * K + k] += units[u * K + k];
  return counts;
}

/** How often each term occurs in a row. @returns `[nTerms]` */
export function countTerms(
  { nTerms, rowStart, unit, unitStart, term }: FactoredRows,
  row: number,
): Float64Array {
  const counts = new Float64Array(nTerms);
  for (let s = rowStart[row]; s < rowStart[row + 1]; s++)
    for (let at = unitStart[unit[s]]; at < unitStart[unit[s] + 1]; at++) counts[term[at]]++;
  return counts;
}

/**
 * Rows for the optimiser: an occurrence of term t in row i has the value rowFactor[i] * termFactor[t].
 * @param rowFactor `[nRows]`
 * @param termFactor `[nTerms]`
 */
export function scaledRows(rows: FactoredRows, rowFactor: Float64Array, termFactor: Float64Array): GramRows {
  const { nRows, nUnits, nTerms, rowStart, unit, unitStart, term } = rows;
  // Summing over the lists turned around is several times faster than adding to many places.
  const rowsOf = turnAround(nRows, nUnits, rowStart, unit);
  const unitsOf = turnAround(nUnits, nTerms, unitStart, term);
  const buffers = new Map<number, { scaled: Float64Array; units: Float64Array; terms: Float64Array }>();

  function buffersFor(K: number): { scaled: Float64Array; units: Float64Array; terms: Float64Array } {
    let own = buffers.get(K);
    if (own === undefined) {
      const length = (n: number): Float64Array => new Float64Array(n * K);
      buffers.set(K, (own = { scaled: length(nRows), units: length(nUnits), terms: length(nTerms) }));
    }
    return own;
  }

  /** Rows transposed times the vector, before the factors of the terms. */
  function sumTerms(vector: Float64Array, K: number): Float64Array {
    const { scaled, units, terms } = buffersFor(K);
    scaleRows(vector, K, scaled);
    gather(nUnits, rowsOf.start, rowsOf.index, scaled, K, units);
    gather(nTerms, unitsOf.start, unitsOf.index, units, K, terms);
    return terms;
  }

  function scaleRows(vector: Float64Array, K: number, out: Float64Array): void {
    for (let i = 0, s = 0; i < nRows; i++) for (let k = 0; k < K; k++, s++) out[s] = vector[s] * rowFactor[i];
  }

  return {
    nRows,
    nColumns: nTerms,
    multiplyGram(vector, K, out) {
      const terms = sumTerms(vector, K);
      let largest = 0;
      for (let t = 0, s = 0; t < nTerms; t++) {
        const factor = termFactor[t];
        for (let k = 0; k < K; k++, s++) {
          const component = terms[s] * factor;
          const size = component < 0 ? -component : component;
          if (size > largest) largest = size;
          terms[s] = component * factor;
        }
      }
      const { units } = buffersFor(K);
      gather(nUnits, unitStart, term, terms, K, units);
      gather(nRows, rowStart, unit, units, K, out);
      scaleRows(out, K, out);
      return largest;
    },
    combine(vector, K) {
      const combined = sumTerms(vector, K).slice();
      for (let t = 0, s = 0; t < nTerms; t++) for (let k = 0; k < K; k++, s++) combined[s] *= termFactor[t];
      return combined;
    },
  };
}

/** Lists of values as lists, by value, of the lists that hold them. */
function turnAround(
  nLists: number,
  nValues: number,
  start: Int32Array,
  value: Int32Array,
): { readonly start: Int32Array; readonly index: Int32Array } {
  const turned = new Int32Array(nValues + 1);
  for (let s = 0; s < value.length; s++) turned[value[s] + 1]++;
  for (let v = 0; v < nValues; v++) turned[v + 1] += turned[v];
  const next = turned.slice(0, nValues);
  const index = new Int32Array(value.length);
  for (let list = 0; list < nLists; list++)
    for (let s = start[list]; s < start[list + 1]; s++) index[next[value[s]]++] = list;
  return { start: turned, index };
}

function gather(
  n: number,
  start: Int32Array,
  index: Int32Array,
  value: Float64Array,
  K: number,
  out: Float64Array,
): void {
  if (K === 1) gatherOne(n, start, index, value, out);
  else if (K === 3) gatherThree(n, start, index, value, out);
  else gatherMany(n, start, index, value, K, out);
}

/** Three classes are the common case, and the sums then stay in registers. */
function gatherThree(
  n: number,
  start: Int32Array,
  index: Int32Array,
  value: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    let a = 0;
    let b = 0;
    let c = 0;
    const end = start[i + 1];
    for (let s = start[i]; s < end; s++) {
      const at = 3 * index[s];
      a += value[at];
      b += value[at + 1];
      c += value[at + 2];
    }
    out[3 * i] = a;
    out[3 * i + 1] = b;
    out[3 * i + 2] = c;
  }
}

/** Sums of the values that each list names. */
function gatherOne(
  n: number,
  start: Int32Array,
  index: Int32Array,
  value: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    // Two sums at a time: the processor need not wait for one addition to begin the next.
    let a = 0;
    let b = 0;
    const end = start[i + 1];
    let s = start[i];
    for (; s + 1 < end; s += 2) {
      a += value[index[s]];
      b += value[index[s + 1]];
    }
    if (s < end) a += value[index[s]];
    out[i] = a + b;
  }
}

function gatherMany(
  n: number,
  start: Int32Array,
  index: Int32Array,
  value: Float64Array,
  K: number,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i++) {
    const own = i * K;
    for (let k = 0; k < K; k++) out[own + k] = 0;
    for (let s = start[i]; s < start[i + 1]; s++) {
      const at = index[s] * K;
      for (let k = 0; k < K; k++) out[own + k] += value[at + k];
    }
  }
}
