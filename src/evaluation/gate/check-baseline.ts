import { bootstrapMeans } from '../bca.js';
import { dieboldMariano } from '../diebold-mariano.js';
import { formatDifference } from '../format-number.js';
import { type Check, doubtOn, notApplicable } from './context.js';
import type { CheckVerdict } from './gate.js';
import { constantAnswer, rowLosses } from './losses.js';

const title = 'Above the naive baseline';

/** Whether the model beats the best constant answer, or the season before, beyond chance. */
export const baselineCheck: Check = {
  code: 'baseline',
  title,
  run({ subject, policy, rng }) {
    const { task, rows, criterion } = subject;
    if (!policy.baseline) return [notApplicable('baseline', title, 'the policy asks for none')];
    return rows.map((on) => {
      const [own] = rowLosses(task, on.y, on.challenger, criterion).filter(({ metric }) => metric !== 'mae');
      const naive =
        task === 'forecast'
          ? on.y
          : rowLosses(task, on.y, constantAnswer(task, on.y, on.challenger.length)).find(
              ({ metric }) => metric === own.metric,
            )!.losses;
      const gains = own.losses.map((loss, i) => naive[i] - loss);
      const { value, lower, upper } = gainOf(gains);
      const verdict: CheckVerdict = lower > 0 ? 'pass' : upper < 0 ? 'fail' : doubtOn(subject, on);
      const rival = task === 'forecast' ? 'the seasonal naive forecast' : 'the best constant answer';
      return {
        code: `baseline/${on.kind}/${own.metric}`,
        title: `${own.label} won over ${rival}, ${on.title}`,
        value,
        threshold: 0,
        verdict,
        evidence: { lower, upper, nRows: gains.length },
        words: `${lower > 0 ? 'better than' : upper < 0 ? 'worse than' : 'not surely better than'} ${rival} in ${own.label} by ${formatDifference(value)} [${formatDifference(lower)}, ${formatDifference(upper)}] on the ${on.title}`,
      };
    });

    function gainOf(gains: Float64Array): { value: number; lower: number; upper: number } {
      const tail = (1 - policy.level) / 2;
      if (gains.length < 2) return { value: 0, lower: -Infinity, upper: Infinity };
      if (task === 'forecast') {
        const { difference, quantile } = dieboldMariano(gains);
        return { value: difference, lower: quantile(tail), upper: quantile(1 - tail) };
      }
      const [found] = bootstrapMeans([gains], { replicates: policy.replicates, rng: rng.split('baseline') });
      return { value: found.mean, lower: found.quantile(tail), upper: found.quantile(1 - tail) };
    }
  },
};
