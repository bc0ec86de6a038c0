import { DataError } from './errors.js';

/** Column-major float32 features. NaN marks a missing value; infinities are ordinary values at the ends of the order. */
export interface Matrix {
  /** Length of every column. */
  readonly nRows: number;
  /** How many columns there are. */
  readonly nFeatures: number;
  /** `[nFeatures]`, distinct. */
  readonly names: readonly string[];
  /** One array of `nRows` per feature. */
  readonly columns: readonly Float32Array[];
}

export const Matrix = {
  /**
   * A matrix of these columns.
   * @param columns one array of length `[nRows]` per feature, taken as they are (not copied); other number arrays
   *   are rounded to float32
   * @param names `[nFeatures]`, distinct; `x0`, `x1`, … when left out
   * @throws {DataError} for ragged columns, or names that do not fit or repeat
   * @example
   * Matrix.fromColumns([[1, 2, 3], [4, 5, NaN]], ['age', 'posts']).nRows // 3
   */
  fromColumns(columns: readonly ArrayLike<number>[], names?: readonly string[]): Matrix {
    const nRows = columns.length === 0 ? 0 : columns[0].length;
    const labels = names ?? columns.map((_, j) => `x${j}`);
    if (labels.length !== columns.length) {
      throw new DataError(`matrix: ${columns.length} columns need as many names, not ${labels.length}`);
    }
    const seen = new Set<string>();
    const repeated = labels.find((name) => seen.size === seen.add(name).size);
    if (repeated !== undefined) throw new DataError(`matrix: column name ${repeated} appears twice`);
    columns.forEach((column, j) => {
      if (column.length !== nRows) {
        throw new DataError(`matrix: column ${labels[j]} has ${column.length} rows, expected ${nRows}`);
      }
    });
    return Object.freeze({
      nRows,
      nFeatures: columns.length,
      names: Object.freeze([...labels]),
      columns: Object.freeze(columns.map((c) => (c instanceof Float32Array ? c : Float32Array.from(c)))),
    });
  },

  /** The given rows, in the given order, as a new matrix. */
  rows(X: Matrix, rows: ArrayLike<number>): Matrix {
    return Matrix.fromColumns(
      X.columns.map((column) => gather(column, rows)),
      X.names,
    );
  },

  /**
   * The named columns, in that order; the arrays are shared with `X`.
   * @throws {DataError} naming the first column that `X` lacks
   */
  select(X: Matrix, names: readonly string[]): Matrix {
    return Matrix.fromColumns(
      names.map((name) => {
        const j = X.names.indexOf(name);
        if (j < 0) throw new DataError(`matrix: no column ${name}, only ${X.names.join(', ')}`);
        return X.columns[j];
      }),
      names,
    );
  },

  /**
   * The columns of several matrices of the same rows side by side.
   * @throws {DataError} when the row counts differ or a name repeats
   */
  concat(...parts: readonly Matrix[]): Matrix {
    return Matrix.fromColumns(
      parts.flatMap((X) => X.columns),
      parts.flatMap((X) => X.names),
    );
  },

  /** The same values in memory that worker threads read without a copy. */
  share(X: Matrix): Matrix {
    return Matrix.fromColumns(
      X.columns.map((column) => {
        const shared = new Float32Array(new SharedArrayBuffer(4 * column.length));
        shared.set(column);
        return shared;
      }),
      X.names,
    );
  },
} as const;

function gather(column: Float32Array, rows: ArrayLike<number>): Float32Array {
  const out = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = column[rows[i]]!;
  return out;
}

/** `values[rows]` as doubles. */
export function take(values: ArrayLike<number>, rows: ArrayLike<number>): Float64Array {
  const out = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i]]!;
  return out;
}
