import { type GateCheck, notApplicable } from '../check.js';
import type { GateEvidence } from '../evidence.js';
import type { GatePolicy } from '../policy.js';

/** The graph says what the model says, on held-out and on hostile rows. */
export function checkParity({ parity }: GateEvidence, policy: GatePolicy): GateCheck {
  const about = { code: 'parity', title: 'ONNX parity' } as const;
  if (parity === null) return notApplicable(about.code, about.title, 'there is a graph alone');
  const { maxAbsDifference, nRows } = parity;
  return {
    ...about,
    // A NaN is no agreement.
    verdict: maxAbsDifference <= policy.parity ? 'pass' : 'fail',
    value: maxAbsDifference,
    threshold: policy.parity,
    words: `graph and model at most ${maxAbsDifference.toExponential(1)} apart on ${nRows} rows, ${policy.parity.toExponential(0)} allowed`,
  };
}
