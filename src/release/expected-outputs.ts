import type { ChampionModel } from '../champion/model.js';
import { scoreChampion, type ChampionScores } from '../champion/predict.js';
import type { Table } from '../core/table.js';
import { sigmoid } from '../ensemble/calibration/apply.js';
import type { Scores } from '../ensemble/out-of-fold.js';
import { linkOf } from '../onnx/link.js';
import { outputColumns, type OutputColumn, type OutputPlan } from '../onnx/outputs.js';

/**
 * What the model itself says of some rows, under the names of the graph's outputs, in float32; without decisions,
 * which the last bit of a probability may turn.
 */
export function expectedOutputs(
  model: ChampionModel,
  plan: OutputPlan,
  rows: Table,
): Record<string, Float64Array> {
  const named = namedScores(model, plan, scoreChampion(model, rows));
  return Object.fromEntries(Object.entries(named).map(([name, said]) => [name, said.map(Math.fround)]));
}

/** Scores of a model under the names of the graph's outputs, before they are rounded; without decisions. */
export function namedScores(
  model: ChampionModel,
  plan: OutputPlan,
  { values, classProbabilities, bases }: ChampionScores,
): Record<string, Float64Array> {
  function answer(output: OutputColumn): Float64Array | undefined {
    switch (output.kind) {
      case 'probability':
        return values.map((p) => output.scale * (output.of === 'positive' ? p : 1 - p));
      case 'class-probability':
        return classProbabilities[output.class];
      case 'class-mean':
        return classProbabilities[0].map((_, i) =>
          output.values.reduce((sum, value, k) => sum + value * classProbabilities[k][i], 0),
        );
      case 'prediction':
        // The graph answers in float32: beyond its range lies infinity.
        return values.map(Math.fround);
      case 'base-score':
        return baseScore(model, output.base, output.margin, bases[output.base]);
      case 'decision':
        return undefined;
    }
  }
  return Object.fromEntries(
    outputColumns(model, plan).flatMap((output) => {
      const said = answer(output);
      return said === undefined ? [] : [[output.name, said]];
    }),
  );
}

function baseScore({ bases }: ChampionModel, base: number, margin: number, scores: Scores): Float64Array {
  switch (linkOf(bases[base].model)) {
    case 'identity':
      return scores[0];
    case 'sigmoid':
      return scores[0].map(sigmoid);
    case 'exp':
      return scores[0].map(Math.exp);
    case 'softmax':
      return scores[margin].map((z, i) => 1 / scores.reduce((sum, other) => sum + Math.exp(other[i] - z), 0));
  }
}
