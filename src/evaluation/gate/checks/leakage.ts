import { formatNumber } from '../../format-number.js';
import { type GateCheck, notApplicable } from '../check.js';
import type { GateEvidence } from '../evidence.js';
import type { GatePolicy } from '../policy.js';

/** No feature is a copy of the label, nor a number of the row. */
export function checkLeakage(
  { features }: GateEvidence,
  { singleFeature }: GatePolicy,
): readonly GateCheck[] {
  if (features.length === 0)
    return [notApplicable('leak', 'No feature gives the label away', 'no features to probe')];
  const strongest = features.reduce((a, b) => (b.rocAuc > a.rocAuc ? b : a));
  const ids = features.filter(({ looksLikeId }) => looksLikeId).map(({ name }) => name);
  return [
    {
      code: 'leak',
      title: 'No feature gives the label away',
      verdict: strongest.rocAuc <= singleFeature ? 'pass' : 'fail',
      value: strongest.rocAuc,
      threshold: singleFeature,
      words: `${strongest.name} alone reaches ROC-AUC ${formatNumber(strongest.rocAuc)}, ${formatNumber(singleFeature)} allowed${strongest.rocAuc > singleFeature ? ': a copy of the label, or known only after it; drop it' : ''}`,
    },
    {
      code: 'id',
      title: 'No feature numbers the rows',
      verdict: ids.length === 0 ? 'pass' : 'fail',
      value: ids.length,
      threshold: 0,
      words:
        ids.length === 0
          ? 'no feature is a different whole number in every row'
          : `${ids.join(', ')} is a different whole number in nearly every row and tells the classes apart, as an id or a time of labelling does; drop it`,
    },
  ];
}
