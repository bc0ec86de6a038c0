import { fitSoftmaxWeights } from '../few-columns.js';
import type { OutOfFoldMargins } from '../out-of-fold.js';
import { pickSimplest, type Candidate, type Choice } from '../pick-simplest.js';
import type { ClassCalibratorModel } from './class-model.js';

/** More classes than this make vector scaling slow, O(nClasses³) a row, and little is known of each. */
const mostClassesOfVector = 4;

/**
 * Probabilities of classes that sum to 1 in every row.
 * @param margins `[nClasses]` arrays of `[nRows]`
 */
export function calibrateClasses(
  model: ClassCalibratorModel,
  margins: readonly Float64Array[],
): Float64Array[] {
  const scaled = scaleMargins(model, margins);
  const nRows = scaled[0].length;
  const shares = scaled.map(() => new Float64Array(nRows));
  for (let i = 0; i < nRows; i++) {
    let largest = -Infinity;
    for (const margin of scaled) largest = Math.max(largest, margin[i]);
    let sum = 0;
    scaled.forEach((margin, k) => (sum += shares[k][i] = Math.exp(margin[i] - largest)));
    for (const share of shares) share[i] /= sum;
  }
  return shares;
}

function scaleMargins(
  model: ClassCalibratorModel,
  margins: readonly Float64Array[],
): readonly Float64Array[] {
  switch (model.kind) {
    case 'identity':
      return margins;
    case 'temperature':
      return margins.map((margin) => margin.map((z) => model.scale * z));
    case 'vector':
      return margins.map((margin, k) => margin.map((z) => model.scale[k] * z + model.offset[k]));
  }
}

/**
 * The calibrator of least cross-validated log loss, or a simpler one within one standard error of it
 * (Breiman et al. 1984), fitted on all out-of-fold margins.
 *
 * @param y `[oof.rows]` class indices
 * @param folds `[oof.rows]` fold numbers for the cross-validation
 */
export function chooseClassCalibrator(
  oof: OutOfFoldMargins,
  y: Float64Array,
  folds: Uint8Array,
): Choice<ClassCalibratorModel> {
  const candidates: Candidate<ClassCalibratorModel>[] = [
    { name: 'identity', fit: () => ({ kind: 'identity', format: 1 }) },
    { name: 'temperature', fit: fitTemperature },
  ];
  if (oof.margins.length <= mostClassesOfVector) candidates.push({ name: 'vector', fit: fitVector });
  return pickSimplest(candidates, oof.margins, y, folds, (model, margins) => {
    const P = calibrateClasses(model, margins);
    return (label, i) => -Math.log(Math.max(P[label][i], 1e-15));
  });
}

/** A negative scale would turn the order of the classes round and is held at 0. */
function fitTemperature(margins: readonly Float64Array[], y: Float64Array): ClassCalibratorModel {
  return { kind: 'temperature', format: 1, scale: Math.max(0, fitSoftmaxWeights([margins], y)[0]) };
}

/** Scales and offsets are weights of columns that stand for one class each. */
function fitVector(margins: readonly Float64Array[], y: Float64Array): ClassCalibratorModel {
  const nothing = new Float64Array(y.length);
  const one = new Float64Array(y.length).fill(1);
  const alone = (column: Float64Array, k: number): Float64Array[] =>
    margins.map((_, j) => (j === k ? column : nothing));
  const weights = fitSoftmaxWeights(
    [
      ...margins.map((margin, k) => alone(margin, k)),
      // The softmax does not see a shift of all margins: the first class has no offset.
      ...margins.slice(1).map((_, k) => alone(one, k + 1)),
    ],
    y,
  );
  return {
    kind: 'vector',
    format: 1,
    scale: Float64Array.from(margins, (_, k) => weights[k]),
    offset: Float64Array.from(margins, (_, k) => (k === 0 ? 0 : weights[margins.length + k - 1])),
  };
}
