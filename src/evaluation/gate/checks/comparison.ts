import type { Rng } from '../../../core/rng.js';
import { compareClasses } from '../../compare-classes.js';
import { formatDifference, formatNumber } from '../../format-number.js';
import { spentAlpha } from '../alpha-spending.js';
import { type GateCheck, notApplicable } from '../check.js';
import type { GateEvidence, PairedClassRows, PairedRows } from '../evidence.js';
import { pairedFigures, type PairedFigure } from '../paired-figures.js';
import type { GatePolicy } from '../policy.js';

/**
 * Against the champion, on rows held out from both: not worse in any figure by more than its margin, at random and
 * forward in time; and where the policy asks for it, better in a primary figure at random, at a level that the looks at
 * these rows and the primary figures share.
 */
export function checkComparison(
  { champion }: GateEvidence,
  policy: GatePolicy,
  rng: Rng,
): readonly GateCheck[] {
  if (champion === null) {
    return [notApplicable('not-worse', 'Not worse than the champion', 'there was no champion before')];
  }
  const { random, classes, forward, look } = champion;
  if (classes !== undefined) return checkClasses(classes, look, policy, rng);
  if (!enough(random, policy.leastRows)) {
    return [tooFew(random.y.length, policy)];
  }
  const notWorse = pairedFigures(random, policy.alpha, rng.split('random'));
  const checks = [notWorseCheck('not-worse', 'Not worse than the champion', random, notWorse, policy)];
  if (forward !== null && enough(forward, policy.leastRows)) {
    const figures = pairedFigures(forward, policy.alpha, rng.split('forward'));
    checks.push(notWorseCheck('not-worse-forward', 'Not worse forward in time', forward, figures, policy));
  }
  if (policy.require === 'not worse') return checks;
  return [...checks, betterCheck(random, look, policy, rng.split('better'))];
}

/** Models of several classes: accuracy, macro F1 and log loss, none of them worse, and one better where that is asked for. */
function checkClasses(
  { y, a, b }: PairedClassRows,
  look: number,
  policy: GatePolicy,
  rng: Rng,
): readonly GateCheck[] {
  const about = { code: 'not-worse', title: 'Not worse than the champion' } as const;
  if (y.length < policy.leastRows) return [tooFew(y.length, policy)];
  const compared = compareClasses({ y, a, b, rng, level: 1 - 2 * policy.alpha, replicates: 2_000 });
  const worse = compared.filter(({ verdict }) => verdict === 'worse').map(({ label }) => label);
  const notWorse: GateCheck = {
    ...about,
    verdict: worse.length > 0 ? 'fail' : 'pass',
    value: null,
    threshold: null,
    words:
      worse.length > 0
        ? `worse than the champion in ${worse.join(', ')} on ${y.length} rows held out from both`
        : `not worse than the champion in any figure on ${y.length} rows`,
    evidence: { comparisons: compared },
  };
  if (policy.require === 'not worse') return [notWorse];
  const alpha = spentAlpha(policy.alpha, look) / compared.length;
  const strict = compareClasses({ y, a, b, rng, level: 1 - 2 * alpha, replicates: 4_000 });
  const better = strict.filter(({ verdict }) => verdict === 'better').map(({ label }) => label);
  const level = `one-sided level ${formatNumber(alpha)}, look ${look} at these rows`;
  return [
    notWorse,
    {
      code: 'better',
      title: 'Better than the champion',
      verdict: better.length > 0 ? 'pass' : 'inconclusive',
      value: null,
      threshold: null,
      words:
        better.length > 0
          ? `better than the champion in ${better.join(', ')} on ${y.length} rows (${level})`
          : `better than the champion in none of ${strict.map(({ label }) => label).join(', ')} on ${y.length} rows (${level}); the champion stays. A fresher model that is not worse: require: not worse`,
      evidence: { look, alpha },
    },
  ];
}

function tooFew(nRows: number, { leastRows }: GatePolicy): GateCheck {
  return {
    code: 'not-worse',
    title: 'Not worse than the champion',
    verdict: 'inconclusive',
    value: nRows,
    threshold: leastRows,
    words: `only ${nRows} rows were held out from both models, too few to compare them; promote by hand with kol promote`,
  };
}

function enough({ y }: PairedRows, leastRows: number): boolean {
  let positives = 0;
  for (const label of y) positives += label;
  return y.length >= leastRows && Math.min(positives, y.length - positives) >= 2;
}

function notWorseCheck(
  code: string,
  title: string,
  rows: PairedRows,
  figures: readonly PairedFigure[],
  { margins }: GatePolicy,
): GateCheck {
  const worse = figures.filter(({ figure, upper }) => upper < -margins[figure]);
  const open = figures.filter(({ figure, lower }) => lower <= -margins[figure]);
  // The one that comes nearest to its margin, or furthest beyond it.
  const [nearest] = [...figures].sort((p, q) => p.lower / margins[p.figure] - q.lower / margins[q.figure]);
  const list = (some: readonly PairedFigure[]): string => some.map(({ label }) => label).join(', ');
  return {
    code,
    title,
    verdict: worse.length > 0 ? 'fail' : open.length > 0 ? 'inconclusive' : 'pass',
    value: nearest.lower,
    threshold: -margins[nearest.figure],
    words:
      worse.length > 0
        ? `worse than the champion in ${list(worse)} on ${rows.y.length} rows held out from both, by more than the margin with the whole interval`
        : open.length > 0
          ? `${list(open)} may be worse than the champion by more than the margin on ${rows.y.length} rows: more held-out rows would tell`
          : `not worse than the champion in any figure on ${rows.y.length} rows; nearest to its margin: ${nearest.label} ${formatDifference(nearest.gain)}, at worst ${formatDifference(nearest.lower)}, ${formatNumber(margins[nearest.figure])} allowed`,
    evidence: byFigure(figures),
  };
}

function betterCheck(rows: PairedRows, look: number, policy: GatePolicy, rng: Rng): GateCheck {
  const alpha = spentAlpha(policy.alpha, look) / policy.primary.length;
  const figures = pairedFigures(rows, alpha, rng).filter(({ figure }) => policy.primary.includes(figure));
  const won = figures.filter(({ lower }) => lower > 0);
  const best = [...figures].sort((p, q) => q.lower - p.lower)[0];
  const level = `one-sided level ${formatNumber(alpha)}, look ${look} at these rows`;
  return {
    code: 'better',
    title: 'Better than the champion',
    verdict: won.length > 0 ? 'pass' : 'inconclusive',
    value: best.lower,
    threshold: 0,
    words:
      won.length > 0
        ? `better than the champion in ${won.map(({ label, gain, lower }) => `${label} (by ${formatNumber(gain)}, at least ${formatNumber(lower)})`).join(', ')} on ${rows.y.length} rows (${level})`
        : `better than the champion in none of ${figures.map(({ label }) => label).join(', ')} on ${rows.y.length} rows (${level}); the champion stays. A fresher model that is not worse: require: not worse`,
    evidence: { ...byFigure(figures), look, alpha },
  };
}

function byFigure(figures: readonly PairedFigure[]): Record<string, unknown> {
  return Object.fromEntries(
    figures.map(({ figure, gain, lower, upper, method }) => [figure, { gain, lower, upper, method }]),
  );
}
