import type { LogisticFit } from './fit-logistic.js';

/** The probability that a class without a single training row is given: its margin has to be finite. */
const absentShare = 1e-6;

/**
 * Fits on the classes that occur and gives those that do not a constant, very low margin, so that a fold without a
 * rare class still gets a model of the full shape. With one class only, the model is a constant.
 *
 * @param y `[nRows]` class indices below `nClasses`
 * @param weights `[nRows]`; a row of weight 0 does not make its class occur
 * @param nFeatures number of features the coefficients are for
 * @param fit called with targets renumbered 0, 1, … over the classes that occur, and their number of margins
 * @returns one margin for 2 classes, else one per class
 */
export async function fitPresentClasses(
  y: Float64Array,
  weights: Float64Array,
  nClasses: number,
  nFeatures: number,
  fit: (y: Float64Array, nMargins: number) => Promise<LogisticFit>,
): Promise<LogisticFit> {
  const occurs = new Uint8Array(nClasses);
  for (let i = 0; i < y.length; i++) if (weights[i] > 0) occurs[y[i]] = 1;
  const present = Array.from(occurs.keys()).filter((k) => occurs[k] === 1);
  const nMargins = nClasses === 2 ? 1 : nClasses;
  if (present.length === nClasses) return fit(y, nMargins);
  if (nClasses === 2) {
    const odds = Math.log((1 - absentShare) / absentShare);
    const sign = present[0] === 1 ? 1 : -1;
    return { coefficients: new Float64Array(nFeatures), intercept: Float64Array.of(sign * odds) };
  }

  const index = new Map(present.map((k, position) => [k, position]));
  const few =
    present.length === 1
      ? { coefficients: new Float64Array(nFeatures), intercept: Float64Array.of(0) }
      : await fit(
          y.map((k) => index.get(k) ?? 0),
          present.length === 2 ? 1 : present.length,
        );
  // Two present classes come as one margin, that of the second against the first: half of it for each.
  const source = (p: number): { at: number; factor: number } =>
    present.length === 2 ? { at: 0, factor: p === 0 ? -0.5 : 0.5 } : { at: p, factor: 1 };
  const known = present.map((_, p) => source(p).factor * few.intercept[source(p).at]);
  const most = Math.max(...known);
  const all = most + Math.log(known.reduce((sum, margin) => sum + Math.exp(margin - most), 0));
  const intercept = new Float64Array(nClasses).fill(all + Math.log(absentShare));
  const coefficients = new Float64Array(nClasses * nFeatures);
  present.forEach((k, p) => {
    const { at, factor } = source(p);
    intercept[k] = known[p];
    for (let j = 0; j < nFeatures; j++) {
      coefficients[k * nFeatures + j] = factor * few.coefficients[at * nFeatures + j];
    }
  });
  return { coefficients, intercept };
}
