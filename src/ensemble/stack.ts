import { DataError } from '../core/errors.js';
import type { VersionedRecord } from '../core/record.js';
import { convexWeights } from './convex-weights.js';
import { fitLeastSquares, fitLogistic, fitSoftmaxWeights } from './few-columns.js';
import { marginLoss, type MarginTask } from './margin-loss.js';
import type { OutOfFold, Scores } from './out-of-fold.js';
import { pickSimplest, type Candidate, type Choice } from './pick-simplest.js';

/**
 * A fitted second level: margin_k = intercept_k + sum over bases b of weights[b] * score_b,k. A base with a single
 * score (an anomaly score, say) adds it to every margin of a binary or regression stack.
 */
export interface StackModel extends VersionedRecord {
  readonly kind: 'linear-stack';
  readonly format: 1;
  /** `[nBases]` */
  readonly weights: Float64Array;
  /** `[nMargins]` */
  readonly intercept: Float64Array;
}

/** How the bases may be combined. */
export interface StackPlan extends MarginTask {
  readonly nMargins: number;
  /** Names of models of one kind grown in different ways: one voice speaks for them, their mean or a mixture. */
  readonly consensus: readonly string[];
  /** The rows were judged by models of older ones: voices are mixed, never extrapolated. */
  readonly forward?: boolean;
}

/**
 * Margins of the stack.
 * @param bases `[nBases]` scores in the order of the weights
 * @returns `[nMargins]` arrays of `[nRows]`
 */
export function stackMargins(model: StackModel, bases: readonly Scores[]): Float64Array[] {
  return Array.from(model.intercept, (intercept, k) => {
    const nRows = bases[0]?.[0]?.length ?? 0;
    const margin = new Float64Array(nRows).fill(intercept);
    bases.forEach((scores, b) => {
      const weight = model.weights[b];
      if (weight === 0) return;
      const column = scores[k] ?? scores[0];
      for (let i = 0; i < nRows; i++) margin[i] += weight * column[i];
    });
    return margin;
  });
}

/**
 * Learns the second level from out-of-fold scores (Wolpert 1992), in two steps. What the consensus says: the plain mean of
 * its members, or a mixture of them (weights of at least 0 that add up to 1, Breiman 1996), as members that agree at .99
 * have no weights that a regression could tell apart. Then that voice alone, or it and every other base weighted by
 * logistic, softmax or least-squares regression. The simpler one is taken unless the other cross-validates better by
 * more than a standard error.
 *
 * Where margins are logarithms of means, and forward in time, voices are mixed instead of weighted: a few giants, or a
 * past that differs from the future in more than noise, would teach weights that extrapolate. Logarithms are then
 * levelled on these rows.
 *
 * @param y `[oof.rows]`
 * @param folds `[oof.rows]` fold numbers for the cross-validation
 * @throws {DataError} when the plan names no base that is there
 */
export function fitStack(
  plan: StackPlan,
  oof: OutOfFold,
  y: Float64Array,
  folds: Uint8Array,
): Choice<StackModel> {
  const members = oof.bases.flatMap(({ name }, b) => (plan.consensus.includes(name) ? [b] : []));
  if (members.length === 0) throw new DataError(`stack: none of ${plan.consensus.join(', ')} was fitted`);
  const others = oof.bases.flatMap((_, b) => (members.includes(b) ? [] : [b]));
  const shares = shareConsensus(
    plan,
    members.map((b) => oof.bases[b].scores),
    y,
    folds,
  );
  const consensus = mixture(
    members.map((b) => oof.bases[b].scores),
    shares.model,
  );
  if (others.length === 0) {
    return { ...shares, model: expand(1, [], levelOf(plan, consensus[0], y)) };
  }
  const voices: Scores[] = [consensus, ...others.map((b) => oof.bases[b].scores)];
  const mixed: Candidate<readonly number[]> = {
    name: 'mixed',
    fit: (columns, labels) => mixVoices(plan, regroup(columns), labels),
  };
  const either: readonly Candidate<readonly number[]>[] = [
    { name: 'mean', fit: ([voice], labels) => [levelOf(plan, voice, labels), 1] },
    plan.tweediePower === undefined
      ? { name: 'weighted', fit: (columns, labels) => fitVoices(plan.task, regroup(columns), labels) }
      : mixed,
  ];
  const choice = pickSimplest(
    plan.forward ? [mixed] : either,
    voices.flat(),
    y,
    folds,
    (weights, columns) => {
      const [intercept, ...rest] = weights;
      const margins = stackMargins(
        stackOf(
          plan,
          Float64Array.from(voices, (_, v) => rest[v] ?? 0),
          intercept,
        ),
        regroup(columns),
      );
      return (target, i) => marginLoss(plan, target, margins, i);
    },
  );
  const [intercept, own, ...rest] = choice.model;
  return { ...choice, model: expand(own, rest, intercept) };

  function regroup(columns: readonly Float64Array[]): Scores[] {
    let next = 0;
    return voices.map(({ length }) => columns.slice(next, (next += length)));
  }

  function expand(consensusWeight: number, rest: readonly number[], intercept: number): StackModel {
    const weights = new Float64Array(oof.bases.length);
    members.forEach((b, m) => (weights[b] = consensusWeight * shares.model[m]));
    rest.forEach((weight, o) => (weights[others[o]] = weight));
    return stackOf(plan, weights, intercept);
  }
}

function stackOf({ nMargins }: StackPlan, weights: Float64Array, intercept: number): StackModel {
  return { kind: 'linear-stack', format: 1, weights, intercept: new Float64Array(nMargins).fill(intercept) };
}

/**
 * The share of each member in what the consensus says. Forward in time and of logarithms all have the same: what
 * sets one apart there is too often the past or a few giants.
 */
function shareConsensus(
  plan: StackPlan,
  members: readonly Scores[],
  y: Float64Array,
  folds: Uint8Array,
): Choice<readonly number[]> {
  const even = members.map(() => 1 / members.length);
  if (members.length === 1 || plan.forward || plan.tweediePower !== undefined) {
    return { name: 'mean', model: even, losses: [] };
  }
  return pickSimplest<readonly number[]>(
    [
      { name: 'mean', fit: () => even },
      { name: 'mixed', fit: (columns, labels) => mixVoices(plan, regroup(columns), labels).slice(1) },
    ],
    members.flat(),
    y,
    folds,
    (shares, columns) => {
      const margins = mixture(regroup(columns), shares);
      return (target, i) => marginLoss(plan, target, margins, i);
    },
  );

  function regroup(columns: readonly Float64Array[]): Scores[] {
    return members.map((_, m) => columns.slice(m * plan.nMargins, (m + 1) * plan.nMargins));
  }
}

/** What the consensus lacks by the quasi-likelihood of its power, for 1 to the sum of the targets; 0 without a log link. */
function levelOf({ tweediePower: power }: StackPlan, margin: Float64Array, y: Float64Array): number {
  if (power === undefined) return 0;
  let drawn = 0;
  let pushed = 0;
  margin.forEach((z, i) => {
    drawn += y[i] * Math.exp((1 - power) * z);
    pushed += Math.exp((2 - power) * z);
  });
  return Math.log(Math.max(drawn, Number.MIN_VALUE) / pushed);
}

/** [0, weight of each voice]: the mixture of least loss. */
function mixVoices(plan: StackPlan, voices: readonly Scores[], y: Float64Array): number[] {
  const weights = convexWeights(voices.length, (shares) => {
    const margins = mixture(voices, shares);
    return y.reduce((sum, target, i) => sum + marginLoss(plan, target, margins, i), 0);
  });
  return [levelOf(plan, mixture(voices, weights)[0], y), ...weights];
}

function mixture(voices: readonly Scores[], shares: readonly number[]): Float64Array[] {
  return voices[0].map((_, k) => {
    const margin = new Float64Array(voices[0][k].length);
    voices.forEach((scores, v) => {
      const column = scores[k] ?? scores[0];
      for (let i = 0; i < margin.length; i++) margin[i] += shares[v] * column[i];
    });
    return margin;
  });
}

/** [intercept, weight of each voice] */
function fitVoices(task: StackPlan['task'], voices: readonly Scores[], y: Float64Array): number[] {
  const single = voices.map((scores) => scores[0]);
  switch (task) {
    case 'binary':
      return fitLogistic(single, y);
    case 'regression':
      return fitLeastSquares(single, y);
    case 'multiclass':
      return [0, ...fitSoftmaxWeights(voices, y)];
  }
}
