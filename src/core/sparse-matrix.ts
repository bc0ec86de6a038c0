/** Compressed sparse rows: what text becomes, where nearly every entry is 0. */
export interface SparseMatrix {
  readonly nRows: number;
  readonly nColumns: number;
  /** `[nRows + 1]` row i holds the entries from starts[i] to starts[i + 1]. */
  readonly starts: Uint32Array;
  /** `[nEntries]` distinct within a row, in any order. */
  readonly columns: Uint32Array;
  /** `[nEntries]` */
  readonly values: Float64Array;
}
