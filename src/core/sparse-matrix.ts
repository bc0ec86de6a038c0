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
  addProduct(X: SparseMatrix, vector: Float64Array, out: Float64Array): void {
    const { nRows, rowStart, column, value } = X;
    for (let i = 0; i < nRows; i++) {
      let sum = 0;
      const end = rowStart[i + 1];
      for (let s = rowStart[i]; s < end; s++) sum += value[s] * vector[column[s]];
      out[i] += sum;
    }
  },

  /** Adds the product of the transpose with a vector `[nRows]` to `out` `[nColumns]`. */
  addTransposedProduct(X: SparseMatrix, vector: Float64Array, out: Float64Array): void {
    const { nRows, rowStart, column, value } = X;
    for (let i = 0; i < nRows; i++) {
      const factor = vector[i];
      if (factor === 0) continue;
      const end = rowStart[i + 1];
      for (let s = rowStart[i]; s < end; s++) out[column[s]] += factor * value[s];
    }
  },
} as const;
