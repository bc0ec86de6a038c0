import type { Matrix } from '../core/matrix.js';
import type { FeatureStrength } from '../evaluation/gate/evidence.js';
import { binOf, quantileEdges } from '../evaluation/drift/quantile-bins.js';
import { rocAuc } from '../evaluation/roc-auc.js';

const bins = 64;
/** Distinct whole numbers in more than this share of the rows look like an id. */
const distinctShare = 0.98;
/** An id that says nothing of the label does no harm. */
const harmlessAuc = 0.6;

/**
 * How well each feature alone tells two classes apart: rows are binned by its value, the share of positives of a bin is
 * learned on one half of the rows and scores the other, so that a feature with many values gains nothing by chance, and
 * one that leaks in any shape is found.
 * @param X `[nRows, nFeatures]`
 * @param y `[nRows]` 0 or 1
 */
export function featureStrength(X: Matrix, y: Float64Array): readonly FeatureStrength[] {
  return X.columns.map((column, j) => {
    const auc = crossFittedAuc(column, y);
    return { name: X.names[j], rocAuc: auc, looksLikeId: auc > harmlessAuc && isNumbering(column) };
  });
}

function crossFittedAuc(column: ArrayLike<number>, y: Float64Array): number {
  const present = Float64Array.from(column).filter((value) => !Number.isNaN(value));
  if (present.length === 0) return 0.5;
  const edges = quantileEdges(present, bins);
  const base = y.reduce((sum, label) => sum + label, 0) / y.length;
  const binned = Uint32Array.from(y, (_, i) =>
    Number.isNaN(column[i]) ? edges.length + 1 : binOf(edges, column[i]),
  );
  const score = new Float64Array(y.length);
  for (const half of [0, 1]) {
    const total = new Float64Array(edges.length + 2);
    const positives = new Float64Array(edges.length + 2);
    for (let i = 1 - half; i < y.length; i += 2) {
      total[binned[i]]++;
      positives[binned[i]] += y[i];
    }
    for (let i = half; i < y.length; i += 2) {
      score[i] = (positives[binned[i]] + base) / (total[binned[i]] + 1);
    }
  }
  return Math.max(0.5, rocAuc(y, score));
}

function isNumbering(column: ArrayLike<number>): boolean {
  const values = new Set<number>();
  for (let i = 0; i < column.length; i++) {
    if (!Number.isInteger(column[i])) return false;
    values.add(column[i]);
  }
  return values.size > distinctShare * column.length && values.size > 100;
}
