import type { Evaluation } from '../../evaluate.js';
import { formatNumber } from '../../format-number.js';
import { type GateCheck, notApplicable } from '../check.js';
import type { GateEvidence } from '../evidence.js';
import type { GatePolicy } from '../policy.js';

/** Better than saying the same of every row, and for probabilities above the floor, with the whole interval. */
export function checkFloor({ random }: GateEvidence, { floor }: GatePolicy): readonly GateCheck[] {
  switch (random.task) {
    case 'binary': {
      const share = random.positives / random.nRows;
      return [
        above('floor', 'ROC-AUC above the floor', random, 'roc_auc', floor, 'the floor'),
        below(
          'naive',
          'Better than the base rate',
          random,
          'brier_score',
          share * (1 - share),
          'the base rate',
        ),
      ];
    }
    case 'multiclass': {
      const commonest = Math.max(...random.perClass.map(({ nRows }) => nRows)) / random.nRows;
      return [
        above(
          'naive',
          'Better than the commonest class',
          random,
          'accuracy',
          commonest,
          'the commonest class',
        ),
      ];
    }
    case 'regression':
      return [above('naive', 'Better than the mean', random, 'r2', 0, 'the mean')];
  }
}

function above(
  code: string,
  title: string,
  evaluation: Evaluation,
  name: string,
  threshold: number,
  of: string,
): GateCheck {
  const metric = evaluation.metrics.find((found) => found.name === name);
  if (metric === undefined) return notApplicable(code, title, `${name} is not measured`);
  const { label, value, lower, upper } = metric;
  return {
    code,
    title,
    verdict: lower > threshold ? 'pass' : upper < threshold ? 'fail' : 'inconclusive',
    value: lower,
    threshold,
    words: `${label} ${formatNumber(value)}, at least ${formatNumber(lower)}, against ${formatNumber(threshold)} of ${of}`,
    evidence: { value, lower, upper },
  };
}

function below(
  code: string,
  title: string,
  evaluation: Evaluation,
  name: string,
  threshold: number,
  of: string,
): GateCheck {
  const metric = evaluation.metrics.find((found) => found.name === name);
  if (metric === undefined) return notApplicable(code, title, `${name} is not measured`);
  const { label, value, lower, upper } = metric;
  return {
    code,
    title,
    verdict: upper < threshold ? 'pass' : lower > threshold ? 'fail' : 'inconclusive',
    value: upper,
    threshold,
    words: `${label} ${formatNumber(value)}, at most ${formatNumber(upper)}, against ${formatNumber(threshold)} of ${of}`,
    evidence: { value, lower, upper },
  };
}
