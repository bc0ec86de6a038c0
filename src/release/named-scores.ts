import type { ChampionModel } from '../champion/model.js';
import type { ChampionScores } from '../champion/predict.js';
import { outputColumns, type OutputPlan } from '../onnx/outputs.js';

/** A model's own answers under the names of the graph's outputs; those that follow from others are left out. */
export function namedScores(
  model: ChampionModel,
  plan: OutputPlan,
  { values, classProbabilities }: ChampionScores,
): Record<string, Float64Array> {
  return Object.fromEntries(
    outputColumns(model, plan).flatMap((output): [string, Float64Array][] => {
      switch (output.kind) {
        case 'probability':
          if (output.scale !== 1) return [];
          return [[output.name, output.of === 'positive' ? values : values.map((p) => 1 - p)]];
        case 'class-probability':
          return [[output.name, classProbabilities[output.class]]];
        case 'prediction':
          // The graph answers in float32: beyond its range lies infinity.
          return [[output.name, values.map(Math.fround)]];
        case 'decision':
        case 'base-score':
          return [];
      }
    }),
  );
}
