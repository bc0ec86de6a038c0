import type { GateCheck } from '../check.js';
import type { GateEvidence } from '../evidence.js';
import type { GatePolicy } from '../policy.js';

/** The graph says what the model says, on held-out and on hostile rows. */
export function checkParity(
  { parity: { maxAbsDifference, nRows } }: GateEvidence,
  { parity }: GatePolicy,
): GateCheck {
  return {
    code: 'parity',
    title: 'ONNX parity',
    // A NaN is no agreement.
    verdict: maxAbsDifference <= parity ? 'pass' : 'fail',
    value: maxAbsDifference,
    threshold: parity,
    words: `graph and model at most ${maxAbsDifference.toExponential(1)} apart on ${nRows} rows, ${parity.toExponential(0)} allowed`,
  };
}
