import { formatNumber } from '../format-number.js';
import type { PairedRows } from './context.js';
import type { CheckResult, CheckVerdict, GateClaim, GateDecision } from './gate.js';

/** Reasons that are said in one breath; the others are counted. */
const saidReasons = 3;

/** Why it was decided so, in one sentence. */
export function reasonOf({
  decision,
  claim,
  results,
  pairs,
}: {
  readonly decision: GateDecision;
  readonly claim: GateClaim;
  readonly results: readonly CheckResult[];
  readonly pairs: readonly PairedRows[];
}): string {
  if (decision !== 'promote') {
    return because(results, decision === 'refuse' ? 'fail' : 'inconclusive');
  }
  const [first] = pairs;
  if (pairs.length > 0 && first.metrics.length === 0) return `every check is passed; ${first.tooFew}`;
  const rows = pairs.length === 0 ? '' : ` on ${formatNumber(first.nRows)} common held-out ${what(first)}`;
  switch (claim) {
    case 'first':
      return 'there was no champion before, and every check is passed';
    case 'better':
      return `better than the champion in ${first.metrics[0].label}, worse in nothing by more than the margins,${rows}`;
    case 'non-inferior':
    case 'none':
      return `as good as the champion within the margins${rows}, and fresher`;
  }
}

function what({ metrics }: PairedRows): string {
  return metrics[0].method === 'diebold-mariano' ? 'series' : 'rows';
}

function because(results: readonly CheckResult[], verdict: CheckVerdict): string {
  const found = results.filter((result) => result.verdict === verdict).map(({ words }) => words);
  const rest = found.length - saidReasons;
  return `${found.slice(0, saidReasons).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}
