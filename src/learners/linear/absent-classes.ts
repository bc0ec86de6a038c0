import type { LinearWeights } from './logistic-loss.js';

/** The share that a class is granted where training saw none of it. */
const smallestShare = 1e-6;

/**
 * Fits the classes that occur with some weight and gives every other one no coefficients and an intercept that
 * leaves it a share of one in a million on the mean row: without it, an unpenalised intercept would run to
 * minus infinity.
 *
 * @param y `[nRows]` class indices below `nClasses`
 * @param weight `[nRows]`
 * @param solve learns from labels 0 to m - 1, all present; one margin for two classes of two, else m margins
 */
export async function fitPresentClasses(
  y: Float64Array,
  weight: Float64Array,
  nClasses: number,
  nColumns: number,
  solve: (labels: Float64Array, nMargins: number) => Promise<LinearWeights>,
): Promise<LinearWeights> {
  const totals = new Float64Array(nClasses);
  for (let i = 0; i < y.length; i++) totals[y[i]] += weight[i];
  const present = Array.from(totals.keys()).filter((k) => totals[k] > 0);
  const nMargins = nClasses === 2 ? 1 : nClasses;
  if (present.length === nClasses) return solve(y, nMargins);

  const odds = Math.log(smallestShare / (1 - smallestShare));
  if (nClasses === 2) {
    const sign = present[0] === 0 ? 1 : -1;
    return { coefficients: new Float64Array(nColumns), intercept: Float64Array.of(sign * odds) };
  }
  // Rows of a class without weight say nothing; any label will do for them.
  const labels = y.map((k) => Math.max(present.indexOf(k), 0));
  const known: LinearWeights =
    present.length === 1
      ? { coefficients: new Float64Array(nColumns), intercept: new Float64Array(1) }
      : await solve(labels, present.length);
  const logSum = Math.log(known.intercept.reduce((sum, b) => sum + Math.exp(b), 0));
  const coefficients = new Float64Array(nClasses * nColumns);
  const intercept = new Float64Array(nClasses).fill(odds + logSum);
  present.forEach((k, m) => {
    coefficients.set(known.coefficients.subarray(m * nColumns, (m + 1) * nColumns), k * nColumns);
    intercept[k] = known.intercept[m];
  });
  return { coefficients, intercept };
}
