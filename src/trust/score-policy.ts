import type { ChampionModel } from '../champion/model.js';
import type { OutputPlan } from '../onnx/outputs.js';
import type { OutputColumn } from '../release/card.js';

/** The outputs of a trust graph: how far an account can be trusted, and what each base model says. */
export const trustPlan: OutputPlan = {
  probabilities: [
    { name: 'trust_probability', of: 'negative', scale: 1 },
    { name: 'trust_score', of: 'negative', scale: 100 },
    { name: 'untrustworthy_probability', of: 'positive', scale: 1 },
  ],
  baseScores: true,
};

/** The same outputs in words. */
export function trustOutputs(model: ChampionModel): OutputColumn[] {
  return [
    {
      name: 'trust_probability',
      description: 'probability that the account is trustworthy (label 0), 0 to 1',
    },
    { name: 'trust_score', description: '100 times trust_probability' },
    {
      name: 'untrustworthy_probability',
      description: 'probability that the account is untrustworthy (label 1), 0 to 1',
    },
    ...model.bases.map(({ name, model: { kind } }) => ({
      name: `score_${name}`,
      description:
        kind === 'isolation-forest'
          ? 'anomaly score, 0 to 1, higher = more unlike trustworthy accounts'
          : 'what this base model alone takes for the probability of untrustworthy',
    })),
  ];
}
