import type { OutOfFoldMargin } from '../out-of-fold.js';
import { pickSimplest, type Candidate, type Choice } from '../pick-simplest.js';
import { calibrate } from './apply.js';
import { fitBeta } from './beta.js';
import { fitIsotonic } from './isotonic.js';
import type { CalibratorModel } from './model.js';
import { fitPlatt } from './platt.js';

const identity: CalibratorModel = { kind: 'identity', format: 1 };

/** From the simplest to the most flexible. */
const candidates: readonly Candidate<CalibratorModel>[] = [
  { name: 'identity', fit: () => identity },
  { name: 'platt', fit: (margins, y) => fitPlatt(margins[0], y) },
  { name: 'beta', fit: (margins, y) => fitBeta(margins[0], y) },
  { name: 'isotonic', fit: (margins, y) => fitIsotonic(margins[0], y) },
];

/**
 * The calibrator of least cross-validated log loss, or a simpler one within one standard error of it
 * (Breiman et al. 1984), fitted on all out-of-fold margins.
 *
 * @param y `[oof.rows]` 0 or 1
 * @param folds `[oof.rows]` fold numbers for the cross-validation
 */
export function chooseCalibrator(
  oof: OutOfFoldMargin,
  y: Float64Array,
  folds: Uint8Array,
): Choice<CalibratorModel> {
  return pickSimplest(candidates, [oof.margin], y, folds, (model, margins) => {
    const p = calibrate(model, margins[0]);
    return (label, i) => logLossOf(p[i], label);
  });
}

function logLossOf(p: number, label: number): number {
  const held = Math.min(Math.max(p, 1e-15), 1 - 1e-15);
  return -Math.log(label === 1 ? held : 1 - held);
}
