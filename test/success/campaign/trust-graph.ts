import type { ChampionModel } from '../../../src/champion/model.js';
import { column, empty, indicator, log1p } from '../../../src/features/expression.js';
import { exportChampion } from '../../../src/onnx/champion.js';
import { servingCard } from '../../../src/release/card.js';

const feature = (name: string, expression: ChampionModel['features'][number]['expression']) => ({
  name,
  expression,
  description: name,
  owner: 'test',
  lookBackDays: 0,
});

/** A graph that trusts accounts the more, the older they are; it also asks for a place, which no KOL has. */
export function trustOnnx(): Uint8Array {
  const model: ChampionModel = {
    kind: 'champion',
    format: 1,
    task: 'binary',
    classes: ['trustworthy', 'untrustworthy'],
    inputs: [
      { name: 'account_age_days', type: 'number' },
      { name: 'location', type: 'string' },
    ],
    features: [
      feature('age', log1p(column('account_age_days'))),
      feature('no_place', indicator(empty('location'))),
    ],
    encoders: [],
    bases: [
      {
        name: 'linear',
        model: {
          kind: 'logistic-regression',
          format: 1,
          featureNames: ['age', 'no_place'],
          nMargins: 1,
          mean: Float64Array.of(7, 1),
          scale: Float64Array.of(1, 1),
          coefficients: Float64Array.of(-2, 0),
          intercept: Float64Array.of(0),
        },
      },
    ],
    stack: { kind: 'linear-stack', format: 1, weights: Float64Array.of(1), intercept: Float64Array.of(0) },
    calibrator: { kind: 'identity', format: 1 },
  };
  const card = servingCard(model, 0.5, {
    name: 'kol-trust',
    outputs: [{ name: 'trust_probability', description: '' }],
    primaryOutputs: ['trust_probability'],
    idColumns: [],
    seed: 1,
    lineage: { sources: [], rows: 0, digest: '' },
  });
  const plan = {
    probabilities: [{ name: 'trust_probability', of: 'negative' as const, scale: 1 as const }],
    baseScores: false,
  };
  return exportChampion(model, plan, { kol: JSON.stringify(card) });
}
