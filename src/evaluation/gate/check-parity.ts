import { formatNumber } from '../format-number.js';
import { type Check, notApplicable } from './context.js';

const title = 'ONNX parity';

/** Whether the graph says what the model says that it was written from. */
export const parityCheck: Check = {
  code: 'parity',
  title,
  run({ subject: { parity }, policy }) {
    if (parity === undefined) {
      return [notApplicable('parity', title, 'the model that the graph was written from is not at hand')];
    }
    const { maxAbsDifference, nRows } = parity;
    const pass = maxAbsDifference <= policy.parity;
    const apart = `${Number.isFinite(maxAbsDifference) ? maxAbsDifference.toExponential(1) : 'infinitely'} apart`;
    return [
      {
        code: 'parity',
        title,
        value: Number.isFinite(maxAbsDifference) ? maxAbsDifference : 'infinite',
        threshold: policy.parity,
        verdict: pass ? 'pass' : 'fail',
        evidence: { nRows },
        words: pass
          ? `graph and model agree on ${formatNumber(nRows)} rows: ${apart} at most`
          : `the graph does not say what the model says: ${apart} on ${formatNumber(nRows)} rows, ${policy.parity} is allowed`,
      },
    ];
  },
};
