import { Matrix, take } from '../core/matrix.js';
import type { FitResult, FitTask } from './base-model.js';
import { fitDesign, type TrainingData } from './design.js';
import type { ChampionSpec, FitContext } from './fit.js';
import { validationSplit } from './row-splits.js';

/** Iterations without a better validation loss that end a search. */
const patience = 50;

/**
 * The same spec with the number of boosting iterations that did best on a fifth of `rows` (the newest, where rows have
 * a time), which each booster was kept from seeing. Judged rows have no say in it as long as they are not among `rows`.
 */
export async function chooseRounds(
  data: TrainingData,
  spec: ChampionSpec,
  rows: Uint32Array,
  context: FitContext,
  label: string,
): Promise<ChampionSpec> {
  const rng = context.rng.split(`${label}/rounds`);
  const { train, test } = validationSplit(data, spec, rows, rng.split('split').integer(2 ** 32));
  const design = fitDesign(data, spec, train, test, rng.split('encoders').integer(2 ** 32));
  const boosters = spec.bases.filter(({ kind }) => kind === 'gradient-boosting');
  const stage = context.progress.stage(`${label}: rounds`, boosters.length);
  const rounds = new Map<string, number>();
  await Promise.all(
    boosters.map(async (base) => {
      if (base.kind !== 'gradient-boosting') return;
      const task: FitTask = {
        spec: { ...base, params: { ...base.params, earlyStoppingRounds: patience } },
        train: design.train,
        y: take(data.y, train),
        weight: take(data.weight, train),
        seed: rng.split(base.name).integer(2 ** 32),
        score: { X: Matrix.rows(design.score.X, []), texts: {} },
        validation: { ...design.score, y: take(data.y, test) },
      };
      const { model } = await context.pool.run<FitResult>('fit-base', task, {
        ...(context.signal && { signal: context.signal }),
      });
      if (model.kind === 'gradient-boosting') {
        rounds.set(base.name, Math.max(1, Math.round(model.trees.roots.length / model.nMargins)));
      }
      stage.advance();
    }),
  );
  stage.done();
  return {
    ...spec,
    bases: spec.bases.map((base) =>
      base.kind === 'gradient-boosting'
        ? { ...base, params: { ...base.params, nEstimators: rounds.get(base.name) ?? 1 } }
        : base,
    ),
  };
}
