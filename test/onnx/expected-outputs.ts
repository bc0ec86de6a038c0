import type { ChampionModel } from '../../src/champion/model.js';
import type { Table } from '../../src/core/table.js';
import { outputColumns, type OutputPlan } from '../../src/onnx/outputs.js';
import { champion } from './random-champion.js';

const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));
/** Every output that a graph may have. */
export const allOutputs: OutputPlan = {
  probabilities: [
    { name: 'trust_probability', of: 'negative', scale: 1 },
    { name: 'trust_score', of: 'negative', scale: 100 },
    { name: 'fake', of: 'positive', scale: 1 },
  ],
  threshold: 0.5,
  classMeans: [
    { name: 'leaning', values: [-1, 0, 1] },
    { name: 'points', values: [0, 2.5, 10] },
  ],
  baseScores: true,
};

/** What the outputs must be, from what the champion's parts say. */
export function expectedOutputs(model: ChampionModel, table: Table): Record<string, Float64Array> {
  const { margins, probabilities, bases } = champion(model, table);
  const scaled = margins.map((margin, k) => {
    const own = model.classCalibrator ?? { kind: 'identity' };
    if (own.kind === 'identity') return margin;
    if (own.kind === 'temperature') return margin.map((z) => own.scale * z);
    return margin.map((z) => own.scale[k] * z + own.offset[k]);
  });
  const softmax = (parts: Float64Array[], k: number): Float64Array =>
    parts[k].map((_, i) => 1 / parts.reduce((sum, part) => sum + Math.exp(part[i] - parts[k][i]), 0));
  return Object.fromEntries(
    outputColumns(model, allOutputs).map((output) => {
      switch (output.kind) {
        case 'probability':
          return [
            output.name,
            probabilities.map((p) => output.scale * (output.of === 'positive' ? p : 1 - p)),
          ];
        case 'decision':
          return [output.name, probabilities.map((p) => (Math.fround(p) >= output.threshold ? 1 : 0))];
        case 'prediction':
          return [output.name, margins[0]];
        case 'class-probability':
          return [output.name, softmax(scaled, output.class)];
        case 'class-mean': {
          const shares = scaled.map((_, k) => softmax(scaled, k));
          return [
            output.name,
            shares[0].map((_, i) => output.values.reduce((sum, value, k) => sum + value * shares[k][i], 0)),
          ];
        }
        case 'base-score': {
          const { kind } = model.bases[output.base].model;
          const scores = bases[output.base];
          if (scores.length > 1) return [output.name, softmax(scores, output.margin)];
          const plain =
            kind === 'isolation-forest' || (model.task === 'regression' && kind === 'gradient-boosting');
          return [output.name, plain ? scores[0] : scores[0].map(sigmoid)];
        }
      }
    }),
  );
}
