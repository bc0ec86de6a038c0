import { chooseRounds } from '../champion/choose-rounds.js';
import { fitOnSplit, type ChampionSpec, type FitContext } from '../champion/fit.js';
import type { BaseModel } from '../champion/model.js';
import type { TrainingData } from '../champion/design.js';
import type { Split } from '../ensemble/folds.js';
import { marginLoss } from '../ensemble/margin-loss.js';
import type { CategoryEncoderModel } from '../learners/encoding/model.js';

/** What a booster costs to serve on its own. */
export interface ServingCost {
  /** Bytes of its graph. */
  readonly bytes: number;
  /** Median time of one row. */
  readonly milliseconds: number;
}

/** What came out of a trial. */
export interface TrialResult {
  /** Loss on each fold that it was judged on; fewer than all where it was stopped. */
  readonly losses: readonly number[];
  /** Boosting iterations that did best. */
  readonly rounds: number;
  /** Out-of-fold margins `[nMargins][judged rows]`, the folds one after the other; none where it was stopped. */
  readonly margins: readonly Float32Array[];
  /** Where constraints ask for it. */
  readonly cost?: ServingCost;
}

/** What a trial is made on. */
export interface TrialGround {
  readonly data: TrainingData;
  readonly rows: Uint32Array;
  /** Splits of `rows`, the same ones for every trial. */
  readonly folds: readonly Split[];
  readonly context: FitContext;
  /** Measures what was fitted, where there are constraints. */
  readonly measure?: (fitted: {
    encoders: readonly CategoryEncoderModel[];
    model: BaseModel;
  }) => Promise<ServingCost>;
}

/**
 * Judges one booster out of fold as training would fit it: rounds chosen on all of the rows, then a fit for every fold.
 * @param spec with that booster for its only base
 * @param choosesRounds whether early stopping finds the rounds; else they are those of the spec
 * @param goesOn asked after every fold but the last with the losses so far
 */
export async function runTrial(
  { data, rows, folds, context, measure }: TrialGround,
  spec: ChampionSpec,
  choosesRounds: boolean,
  goesOn: (losses: readonly number[]) => boolean,
): Promise<TrialResult> {
  const chosen = choosesRounds ? await chooseRounds(data, spec, rows, context, 'tuning') : spec;
  const [booster] = chosen.bases;
  const rounds = (booster.kind === 'gradient-boosting' ? booster.params.nEstimators : undefined) ?? 100;
  const losses: number[] = [];
  const parts: Float32Array[][] = [];
  let cost: ServingCost | undefined;
  for (const [fold, split] of folds.entries()) {
    const fitted = await fitOnSplit(data, chosen, split, context, `tuning/fold-${fold}`);
    const [{ model, scores }] = fitted.bases;
    losses.push(foldLoss(data, chosen, split.test, scores));
    parts.push(scores.map((margin) => Float32Array.from(margin)));
    cost ??= await measure?.({ encoders: fitted.encoders, model });
    if (fold + 1 < folds.length && !goesOn(losses))
      return { losses, rounds, margins: [], ...(cost && { cost }) };
  }
  return {
    losses,
    rounds,
    margins: parts[0].map((_, k) => joined(parts.map((part) => part[k]))),
    ...(cost && { cost }),
  };
}

/** Weighted mean loss of the margins of some rows. */
export function foldLoss(
  { y, weight }: Pick<TrainingData, 'y' | 'weight'>,
  spec: Pick<ChampionSpec, 'task' | 'tweediePower'>,
  rows: Uint32Array,
  margins: readonly ArrayLike<number>[],
): number {
  let sum = 0;
  let total = 0;
  rows.forEach((row, i) => {
    sum += weight[row] * marginLoss(spec, y[row], margins, i);
    total += weight[row];
  });
  return sum / total;
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
