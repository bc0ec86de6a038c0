import { formatDifference, formatNumber } from '../../format-number.js';
import { holmAdjusted } from '../../drift/holm.js';
import { normalCdf } from '../../normal.js';
import { type GateCheck, notApplicable } from '../check.js';
import type { GateEvidence, SliceRows } from '../evidence.js';
import type { GatePolicy } from '../policy.js';

/** One slice: how much its Brier score grew from champion to challenger. */
export interface SliceFinding {
  readonly name: string;
  readonly nRows: number;
  /** Mean of squared error of the challenger less the champion's; above 0 is worse. */
  readonly change: number;
  readonly standardError: number;
  /** One-sided, that the change is above the margin; adjusted for the number of slices (Holm). 1 where too few rows. */
  readonly pValue: number;
  readonly judged: boolean;
}

/** No declared slice is harmed: its Brier score does not grow by more than the margin, all slices considered. */
export function checkSlices({ champion }: GateEvidence, policy: GatePolicy): GateCheck {
  const about = { code: 'slices', title: 'No slice is harmed' } as const;
  if (champion === null || champion.slices.length === 0) {
    return notApplicable(
      about.code,
      about.title,
      champion === null ? 'there was no champion before' : 'no slices are declared',
    );
  }
  const findings = judgeSlices(champion.slices, policy);
  const judged = findings.filter((finding) => finding.judged);
  if (judged.length === 0) {
    return notApplicable(about.code, about.title, `no slice has ${policy.sliceRows} rows`);
  }
  const harmed = judged.filter(({ pValue }) => pValue < policy.alpha);
  const worst = judged.reduce((a, b) => (b.change > a.change ? b : a));
  return {
    ...about,
    verdict: harmed.length > 0 ? 'fail' : 'pass',
    value: worst.change,
    threshold: policy.sliceMargin,
    words:
      harmed.length > 0
        ? `harms ${harmed.map(({ name, change, nRows }) => `${name} (Brier ${formatDifference(change)} on ${nRows} rows)`).join(', ')}: more than ${formatNumber(policy.sliceMargin)} with all ${judged.length} slices considered`
        : `none of ${judged.length} slices is worse by more than ${formatNumber(policy.sliceMargin)}; the worst is ${worst.name} with ${formatDifference(worst.change)} on ${worst.nRows} rows`,
    evidence: { slices: findings },
  };
}

/** Every slice with its change; p-values of the large enough ones are adjusted for their number. */
export function judgeSlices(
  slices: readonly SliceRows[],
  { sliceRows, sliceMargin }: Pick<GatePolicy, 'sliceRows' | 'sliceMargin'>,
): readonly SliceFinding[] {
  const found = slices.map(({ name, y, a, b }) => {
    const change = y.map((label, i) => (a[i] - label) ** 2 - (b[i] - label) ** 2);
    const mean = change.reduce((sum, value) => sum + value, 0) / y.length;
    const squares = change.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const standardError = Math.sqrt(squares / Math.max(1, y.length - 1) / y.length);
    const beyond = mean - sliceMargin;
    const p = standardError > 0 ? normalCdf(-beyond / standardError) : beyond > 0 ? 0 : 1;
    return { name, nRows: y.length, change: mean, standardError, pValue: p, judged: y.length >= sliceRows };
  });
  const judged = found.filter((finding) => finding.judged);
  const adjusted = holmAdjusted(judged.map(({ pValue }) => pValue));
  return found.map((finding) => ({
    ...finding,
    pValue: finding.judged ? adjusted[judged.indexOf(finding)] : 1,
  }));
}
