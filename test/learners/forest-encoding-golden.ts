import { readFileSync } from 'node:fs';
import { Matrix } from '../../src/core/matrix.js';

type Columns = readonly (readonly (number | null)[])[];

interface EncoderGolden {
  readonly y: readonly number[];
  /** `[nOutputs][scored]` */
  readonly encoded: readonly (readonly number[])[];
}

/** What scikit-learn says: written by test/golden/generate_forest_encoding.py. */
export interface ForestEncodingGolden {
  readonly forest: {
    readonly columns: Columns;
    readonly scores: readonly number[];
    readonly n: readonly number[];
    readonly averagePathLength: readonly number[];
  };
  readonly encoder: {
    readonly texts: readonly string[];
    readonly scored: readonly string[];
    readonly regression: EncoderGolden;
    readonly binary: EncoderGolden;
    readonly multiclass: EncoderGolden;
  };
  readonly boosting: {
    readonly columns: Columns;
    readonly nTrain: number;
    readonly regression: readonly number[];
    readonly binary: readonly number[];
    readonly multiclass: readonly number[];
    readonly meanSquaredError: number;
    readonly rocAuc: number;
    readonly binaryLogLoss: number;
    readonly multiclassLogLoss: number;
  };
}

export const golden = JSON.parse(
  readFileSync(new URL('../golden/forest-encoding.json', import.meta.url), 'utf8'),
) as ForestEncodingGolden;

/** Golden columns as a matrix, null as NaN. */
export function goldenMatrix(columns: Columns): Matrix {
  return Matrix.fromColumns(columns.map((column) => Float32Array.from(column, (x) => x ?? NaN)));
}
