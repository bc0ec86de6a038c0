import { jensenShannonDistance } from '../../drift/jensen-shannon.js';
import { populationStabilityIndex } from '../../drift/population-stability-index.js';
import { binCounts, quantileEdges } from '../../drift/quantile-bins.js';
import { formatNumber, formatShare } from '../../format-number.js';
import { type GateCheck, notApplicable } from '../check.js';
import type { GateEvidence } from '../evidence.js';
import type { GatePolicy } from '../policy.js';

const bins = 10;

/** Consumers see much the same scores and decisions as before, on the same rows. */
export function checkScoreDrift({ champion }: GateEvidence, policy: GatePolicy): readonly GateCheck[] {
  if (champion === null || champion.random.y.length === 0) {
    return [
      notApplicable('score-drift', 'Scores stay where they were', 'there is nothing to compare them with'),
    ];
  }
  const { a, b } = champion.random;
  const edges = quantileEdges(b, bins);
  const [before, after] = [binCounts(edges, b), binCounts(edges, a)];
  const psi = populationStabilityIndex(before, after);
  const distance = jensenShannonDistance(before, after);
  const { thresholds } = champion;
  let flipped = 0;
  a.forEach((p, i) => (flipped += p >= thresholds.a === b[i] >= thresholds.b ? 0 : 1));
  const flips = flipped / a.length;
  return [
    {
      code: 'score-drift',
      title: 'Scores stay where they were',
      verdict: psi <= policy.scoreDrift ? 'pass' : 'fail',
      value: psi,
      threshold: policy.scoreDrift,
      words: `population stability index ${formatNumber(psi)} between the scores of both on the same ${a.length} rows, ${formatNumber(policy.scoreDrift)} allowed`,
      evidence: { jensenShannon: distance },
    },
    {
      code: 'flips',
      title: 'Decisions stay what they were',
      verdict: flips <= policy.flips ? 'pass' : 'inconclusive',
      value: flips,
      threshold: policy.flips,
      words: `${formatShare(flips)} of decisions change, ${formatShare(policy.flips)} allowed`,
    },
  ];
}
