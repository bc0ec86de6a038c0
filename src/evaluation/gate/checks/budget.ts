import { formatNumber } from '../../format-number.js';
import { type GateCheck, notApplicable } from '../check.js';
import type { GateEvidence } from '../evidence.js';
import type { GatePolicy } from '../policy.js';

/** The graph is small and fast enough to be served. */
export function checkBudget({ serving }: GateEvidence, policy: GatePolicy): readonly GateCheck[] {
  if (serving === null) return [notApplicable('budget', 'Serving budget', 'not measured')];
  const within = (
    code: string,
    title: string,
    value: number,
    threshold: number,
    unit: string,
  ): GateCheck => ({
    code,
    title,
    verdict: value <= threshold ? 'pass' : 'fail',
    value,
    threshold,
    words: `${formatNumber(value)} ${unit}, ${formatNumber(threshold)} ${unit} allowed`,
  });
  return [
    within('latency-row', 'Time of one row (95th percentile)', serving.row.p95, policy.rowMilliseconds, 'ms'),
    within(
      'latency-batch',
      'Time of 100 rows (95th percentile)',
      serving.batch.p95,
      policy.batchMilliseconds,
      'ms',
    ),
    within('size', 'Size of the file', serving.megabytes, policy.megabytes, 'MB'),
    within('load', 'Time to open it', serving.loadMilliseconds, policy.loadMilliseconds, 'ms'),
    within('memory', 'Memory it takes', serving.memoryMegabytes, policy.memoryMegabytes, 'MB'),
  ];
}
