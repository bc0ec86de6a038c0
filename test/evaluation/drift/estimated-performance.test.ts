import { describe, expect, it } from 'vitest';
import { createRng, type Rng } from '../../../src/core/rng.js';
import { brierScore } from '../../../src/evaluation/brier-score.js';
import { drawBinomial } from '../../../src/evaluation/drift/binomial.js';
import { confidenceReference } from '../../../src/evaluation/drift/confidence-reference.js';
import {
  estimatePerformance,
  type EstimatedMetric,
} from '../../../src/evaluation/drift/estimated-performance.js';
import type { ConfidenceReference } from '../../../src/evaluation/drift/reference.js';
import type { MetricEstimate } from '../../../src/evaluation/metric.js';
import { rocAuc } from '../../../src/evaluation/roc-auc.js';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const threshold = 0.4;

/** Rows whose labels follow a chance that the model claims with its logit stretched. */
function rows(n: number, rng: Rng, { shift = 0, stretch = 1 } = {}): { y: number[]; p: Float64Array } {
  const margins = Array.from({ length: n }, () => 1.5 * rng.normal() - 0.7 + shift);
  return {
    y: margins.map((margin) => (rng.uniform() < sigmoid(margin) ? 1 : 0)),
    p: Float64Array.from(margins, (margin) => sigmoid(stretch * margin)),
  };
}
function truth(y: number[], p: Float64Array): Record<EstimatedMetric, number> {
  const right = y.filter((label, i) => label === (p[i] >= threshold ? 1 : 0)).length;
  return { roc_auc: rocAuc(y, p), brier_score: brierScore(y, p), accuracy: right / y.length };
}
function referenceOf(y: number[], p: Float64Array): ConfidenceReference {
  const figures = Object.entries(truth(y, p)).map(([name, value]): MetricEstimate => ({
    name,
    label: name,
    value,
    lower: value,
    upper: value,
    direction: 'higher',
  }));
  return confidenceReference(y, p, threshold, figures)!;
}

describe('performance without labels', () => {
  it('is the mean over all labels that the probabilities allow', () => {
    const rng = createRng(3);
    const reference: ConfidenceReference = {
      // Held-out bins that keep their word exactly: the line is the diagonal.
      bins: [
        [0.2, 10_000, 2_000],
        [0.5, 10_000, 5_000],
        [0.8, 10_000, 8_000],
      ],
      threshold,
      figures: {
        roc_auc: { value: 0.9, lower: 0.9, upper: 0.9 },
        brier_score: { value: 0.1, lower: 0.1, upper: 0.1 },
        accuracy: { value: 0.9, lower: 0.9, upper: 0.9 },
      },
    };
    const p = Float64Array.of(0.1, 0.35, 0.35, 0.7, 0.95, 0.6);
    let wins = 0;
    let pairs = 0;
    for (let i = 0; i < p.length; i++) {
      for (let j = 0; j < p.length; j++) {
        if (i === j) continue;
        pairs += p[i] * (1 - p[j]);
        wins += p[i] * (1 - p[j]) * (p[i] > p[j] ? 1 : p[i] === p[j] ? 0.5 : 0);
      }
    }
    const expected = {
      roc_auc: wins / pairs,
      brier_score: p.reduce((sum, q) => sum + q * (1 - q), 0) / p.length,
      accuracy: p.reduce((sum, q) => sum + (q >= threshold ? q : 1 - q), 0) / p.length,
    };
    for (const { metric, value } of estimatePerformance(p, reference, rng).figures)
      expect(value).toBeCloseTo(expected[metric], 9);
  });

  it.each([
    ['rows like those of the training', { n: 300 }],
    ['rows of another kind', { n: 300, shift: 1.2 }],
    ['probabilities that claim too much, as the held-out rows showed', { n: 300, stretch: 2 }],
    ['more rows than are kept apart', { n: 2_500, shift: -0.5 }],
  ])('covers what labels show, on %s', (_, { n, ...how }) => {
    const rng = createRng(21);
    const trials = 60;
    const covered: Record<EstimatedMetric, number> = { roc_auc: 0, brier_score: 0, accuracy: 0 };
    for (let t = 0; t < trials; t++) {
      const heldOut = rows(2_000, rng, 'stretch' in how ? { stretch: how.stretch } : {});
      const { y, p } = rows(n, rng, how);
      const real = truth(y, p);
      const found = estimatePerformance(p, referenceOf(heldOut.y, heldOut.p), rng, { replicates: 100 });
      for (const { metric, lower, upper } of found.figures)
        if (lower <= real[metric] && real[metric] <= upper) covered[metric]++;
    }
    // 95 % of 60 trials has a standard error of 3 points.
    for (const share of Object.values(covered).map((count) => count / trials)) {
      expect(share).toBeGreaterThan(0.86);
    }
  });

  it('sees a loss where rows become hard to tell apart', () => {
    const rng = createRng(8);
    const heldOut = rows(4_000, rng);
    const hard = Float64Array.from({ length: 800 }, () => sigmoid(0.2 * rng.normal()));
    const found = estimatePerformance(hard, referenceOf(heldOut.y, heldOut.p), rng);
    for (const { loss, metric, lower, upper, value } of found.figures) {
      expect(loss, metric).toBeGreaterThan(0.05);
      expect(lower).toBeLessThanOrEqual(value);
      expect(upper).toBeGreaterThanOrEqual(value);
    }
    expect(found.positives).toBeGreaterThan(found.positivesBefore);
  });

  it('says nothing of a ranking where all probabilities are certain of one class', () => {
    const rng = createRng(8);
    const heldOut = rows(2_000, rng);
    const found = estimatePerformance(new Float64Array(50), referenceOf(heldOut.y, heldOut.p), rng);
    expect(found.figures.map(({ metric }) => metric)).toEqual(['brier_score', 'accuracy']);
  });
});

describe('binomial draws', () => {
  it.each([
    [20, 0.1],
    [20, 0.93],
    [400, 0.5],
    [5, 0],
    [5, 1],
    [0, 0.5],
  ])('of %d trials at %d have their mean and variance', (n, p) => {
    const rng = createRng(4);
    const draws = Array.from({ length: 4_000 }, () => drawBinomial(n, p, rng));
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw - mean) ** 2, 0) / draws.length;
    const expected = n * p * (1 - p);
    expect(Math.abs(mean - n * p)).toBeLessThanOrEqual(4 * Math.sqrt(expected / 4_000));
    expect(Math.abs(variance - expected)).toBeLessThanOrEqual(0.12 * expected);
    expect(draws.every((draw) => Number.isInteger(draw) && draw >= 0 && draw <= n)).toBe(true);
  });
});
