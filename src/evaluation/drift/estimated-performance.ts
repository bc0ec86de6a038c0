import type { Rng } from '../../core/rng.js';
import { fitCalibrationLine } from '../calibration-line.js';
import { sortedQuantile } from '../interval.js';
import { tieGroups } from '../tie-groups.js';
import { drawBinomial } from './binomial.js';
import type { ConfidenceReference, HeldOutFigure } from './reference.js';

export type EstimatedMetric = 'roc_auc' | 'brier_score' | 'accuracy';

/** A figure that labels would probably show, with the interval in which they would show it. JSON-plain. */
export interface EstimatedFigure {
  readonly metric: EstimatedMetric;
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  /** On the held-out rows of the training, with labels. */
  readonly before: HeldOutFigure;
  /** How much worse: loss of ROC-AUC or accuracy, rise of the Brier score. */
  readonly loss: number;
}

/** How a model is expected to do on rows without labels. JSON-plain. */
export interface EstimatedPerformance {
  readonly nRows: number;
  /** Expected share of positive rows, and the share of the held-out rows of the training. */
  readonly positives: number;
  readonly positivesBefore: number;
  readonly figures: readonly EstimatedFigure[];
}

/** Rows of like probability, taken together. */
interface Groups {
  /** `[nGroups]` mean probability, ascending. */
  readonly score: Float64Array;
  /** `[nGroups]` */
  readonly rows: Float64Array;
}

const mostGroups = 2_000;

/**
 * Confidence-based performance estimation: if a probability of 0.8 is right four times in five, the probabilities of
 * rows tell how many of the model's answers are wrong, and which (Bialek et al. 2024, "Estimating Model Performance
 * Under Covariate Shift Without Labels"). Probabilities are first put on the line that the held-out labels showed.
 * The interval is of what labels of these rows would show: for each replicate the calibration is drawn anew within
 * its error, then labels from the probabilities.
 *
 * It sees what follows from other inputs. It cannot see that the same inputs have come to mean something else.
 *
 * @param p probabilities `[nRows]` of class 1, without NaN
 */
export function estimatePerformance(
  p: Float64Array,
  reference: ConfidenceReference,
  rng: Rng,
  { level = 0.95, replicates = 400 }: { readonly level?: number; readonly replicates?: number } = {},
): EstimatedPerformance {
  const groups = groupRows(p);
  const { rows, score } = groups;
  const counts = reference.bins.map(([, n, positives]) => [n, positives] as const);
  const expected = recalibrated(score, reference, counts);
  const expectedPositives = rows.map((n, g) => n * expected[g]);
  const central = figuresOf(groups, expectedPositives, reference.threshold, expected);
  const draws: Record<EstimatedMetric, number[]> = { roc_auc: [], brier_score: [], accuracy: [] };
  for (let r = 0; r < replicates; r++) {
    const redrawn = counts.map(([n, positives]) => [n, drawBinomial(n, positives / n, rng)] as const);
    const chance = recalibrated(score, reference, redrawn);
    const drawn = figuresOf(
      groups,
      rows.map((n, g) => drawBinomial(n, chance[g], rng)),
      reference.threshold,
    );
    for (const metric of metricNames) if (!Number.isNaN(drawn[metric])) draws[metric].push(drawn[metric]);
  }
  const heldOut = counts.reduce((sum, [n]) => sum + n, 0);
  const tail = (1 - level) / 2;
  return {
    nRows: p.length,
    positives: total(expectedPositives) / p.length,
    positivesBefore: counts.reduce((sum, [, positives]) => sum + positives, 0) / heldOut,
    figures: metricNames.flatMap((metric): EstimatedFigure[] => {
      const before = reference.figures[metric];
      const value = central[metric];
      const ascending = Float64Array.from(draws[metric]).sort();
      // Labels of one class only leave a metric undefined.
      if (Number.isNaN(value) || ascending.length < replicates / 2) return [];
      return [
        {
          metric,
          value,
          lower: sortedQuantile(ascending, tail),
          upper: sortedQuantile(ascending, 1 - tail),
          before,
          loss: metric === 'brier_score' ? value - before.value : before.value - value,
        },
      ];
    }),
  };
}

const metricNames: readonly EstimatedMetric[] = ['roc_auc', 'brier_score', 'accuracy'];

/** Each row by itself while there are few, else neighbours together. */
function groupRows(p: Float64Array): Groups {
  const { order, ends } = tieGroups(p);
  const nGroups = Math.min(mostGroups, ends.length);
  const sums = new Float64Array(nGroups);
  const rows = new Float64Array(nGroups);
  let i = 0;
  let below = 0;
  for (const [t, end] of ends.entries()) {
    const size = end - i;
    const slot = ends.length <= mostGroups ? t : Math.floor((nGroups * (below + size / 2)) / p.length);
    below += size;
    for (; i < end; i++) {
      sums[slot] += p[order[i]];
      rows[slot]++;
    }
  }
  const filled = Array.from(rows.keys()).filter((g) => rows[g] > 0);
  return {
    score: Float64Array.from(filled, (g) => sums[g] / rows[g]),
    rows: Float64Array.from(filled, (g) => rows[g]),
  };
}

/** The chances behind the probabilities, by the line through the bins of held-out rows; as they are without one. */
function recalibrated(
  score: Float64Array,
  { bins }: ConfidenceReference,
  counts: readonly (readonly [number, number])[],
): Float64Array {
  const p = bins.flatMap(([mean]) => [mean, mean]);
  const weight = Float64Array.from(counts.flatMap(([n, positives]) => [n - positives, positives]));
  const line = fitCalibrationLine(
    p.map((_, i) => i % 2),
    p,
    weight,
  );
  if (line === null) return score;
  return score.map((claimed) => {
    const clipped = Math.min(Math.max(claimed, Number.EPSILON), 1 - Number.EPSILON);
    const margin = line.intercept + line.slope * (Math.log(clipped) - Math.log1p(-clipped));
    return 1 / (1 + Math.exp(-margin));
  });
}

/**
 * The metrics where `positives[g]` rows of each group are positive.
 * @param expected the chance of each group where the positives are expectations: a row does not compete with itself
 */
function figuresOf(
  { score, rows }: Groups,
  positives: Float64Array,
  threshold: number,
  expected?: Float64Array,
): Record<EstimatedMetric, number> {
  let wins = 0;
  let allPositives = 0;
  let allNegatives = 0;
  let squares = 0;
  let right = 0;
  let itself = 0;
  for (let g = 0; g < score.length; g++) {
    const s = score[g];
    const negatives = rows[g] - positives[g];
    wins += positives[g] * (allNegatives + negatives / 2);
    allPositives += positives[g];
    allNegatives += negatives;
    squares += positives[g] * (1 - s) ** 2 + negatives * s * s;
    right += s >= threshold ? positives[g] : negatives;
    if (expected !== undefined) itself += rows[g] * expected[g] * (1 - expected[g]);
  }
  const n = allPositives + allNegatives;
  const pairs = allPositives * allNegatives - itself;
  return {
    roc_auc: pairs > 0 ? (wins - itself / 2) / pairs : NaN,
    brier_score: squares / n,
    accuracy: right / n,
  };
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
