import { delong } from '../delong.js';
import { formatNumber } from '../format-number.js';
import { wilsonInterval } from '../interval.js';
import { type Check, doubtOn, notApplicable } from './context.js';
import { rowLosses } from './losses.js';
import type { GateSubject, HeldOutRows } from './subject.js';

const title = 'Above the floor';

/** Whether the model is worth anything by itself, beyond chance. */
export const floorCheck: Check = {
  code: 'floor',
  title,
  run({ subject, policy }) {
    const found = subject.rows.flatMap((rows) => {
      const measured = measure(subject, rows, policy.level);
      if (measured === undefined) return [];
      const { metric, label, value, lower, upper } = measured;
      const floor = policy.floor[metric];
      const verdict = lower > floor || floor === 0 ? 'pass' : upper < floor ? 'fail' : doubtOn(subject, rows);
      const interval = `${formatNumber(value)} [${formatNumber(lower)}, ${formatNumber(upper)}]`;
      return [
        {
          code: `floor/${rows.kind}/${metric}`,
          title: `${label} above the floor, ${rows.title}`,
          value,
          threshold: floor,
          verdict,
          evidence: { lower, upper, nRows: rows.y.length },
          words:
            lower > floor || floor === 0
              ? `${label} ${interval} is above ${formatNumber(floor)} on the ${rows.title}`
              : `${label} ${interval} is not surely above the floor of ${formatNumber(floor)} on the ${rows.title}`,
        } as const,
      ];
    });
    return found.length > 0 ? found : [notApplicable('floor', title, 'the task has no floor')];
  },
};

function measure({ task }: GateSubject, { y, challenger }: HeldOutRows, level: number) {
  if (task === 'binary') {
    const positives = y.reduce((sum, label) => sum + label, 0);
    // No ranking without two of each: the interval that says nothing.
    const found =
      Math.min(positives, y.length - positives) < 2
        ? { auc: 0.5, lower: 0, upper: 1 }
        : delong(y, challenger[0], level);
    return {
      metric: 'roc_auc',
      label: 'ROC-AUC',
      value: found.auc,
      lower: found.lower,
      upper: found.upper,
    } as const;
  }
  if (task !== 'multiclass') return undefined;
  const { losses } = rowLosses(task, y, challenger)[1];
  const right = losses.reduce((sum, wrong) => sum + 1 - wrong, 0);
  const interval = wilsonInterval(right, y.length, level);
  return { metric: 'accuracy', label: 'Accuracy', value: right / y.length, ...interval } as const;
}
