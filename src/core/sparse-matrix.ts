/** Compressed sparse rows of doubles. A row lists each of its columns once, in any order. */
export interface SparseMatrix {
  readonly nRows: number;
  readonly nColumns: number;
  /** `[nRows + 1]`; row i stands at `[rowStart[i], rowStart[i + 1])`. */
  readonly rowStart: Int32Array;
  /** `[nStored]` */
  readonly column: Int32Array;
  /** `[nStored]` */
  readonly value: Float64Array;
}

export const SparseMatrix = {
  /** Matrices of the same rows side by side. */
  concat(parts: readonly SparseMatrix[]): SparseMatrix {
    const nRows = parts.length === 0 ? 0 : parts[0].nRows;
    const nStored = parts.reduce((sum, part) => sum + part.value.length, 0);
    const rowStart = new Int32Array(nRows + 1);
    const column = new Int32Array(nStored);
    const value = new Float64Array(nStored);
    let at = 0;
    for (let i = 0; i < nRows; i++) {
      let offset = 0;
      for (const part of parts) {
        for (let s = part.rowStart[i]; s < part.rowStart[i + 1]; s++, at++) {
          column[at] = offset + part.column[s];
          value[at] = part.value[s];
        }
        offset += part.nColumns;
      }
      rowStart[i + 1] = at;
    }
    const nColumns = parts.reduce((sum, part) => sum + part.nColumns, 0);
    return Object.freeze({ nRows, nColumns, rowStart, column, value });
  },

  /** Adds the product with a vector `[nColumns]` to `out` `[nRows]`. */
  addProduct(
    { nRows, rowStart, column, value }: SparseMatrix,
    vector: Float64Array,
    out: Float64Array,
  ): void {
    for (let i = 0; i < nRows; i++) {
      // Four sums at a time: the processor need not wait for one addition to begin the next.
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      const end = rowStart[i + 1];
      let s = rowStart[i];
      for (; s + 3 < end; s += 4) {
        a += value[s] * vector[column[s]];
        b += value[s + 1] * vector[column[s + 1]];
        c += value[s + 2] * vector[column[s + 2]];
        d += value[s + 3] * vector[column[s + 3]];
      }
      for (; s < end; s++) a += value[s] * vector[column[s]];
      out[i] += a + b + (c + d);
    }
  },

  /** Adds the product of the transpose with a vector `[nRows]` to `out` `[nColumns]`. */
  addTransposedProduct(
    { nRows, rowStart, column, value }: SparseMatrix,
    vector: Float64Array,
    out: Float64Array,
  ): void {
    for (let i = 0; i < nRows; i++) {
      const factor = vector[i];
      if (factor === 0) continue;
      const end = rowStart[i + 1];
      let s = rowStart[i];
      for (; s + 3 < end; s += 4) {
        out[column[s]] += factor * value[s];
        out[column[s + 1]] += factor * value[s + 1];
        out[column[s + 2]] += factor * value[s + 2];
        out[column[s + 3]] += factor * value[s + 3];
      }
      for (; s < end; s++) out[column[s]] += factor * value[s];
    }
  },
} as const;
