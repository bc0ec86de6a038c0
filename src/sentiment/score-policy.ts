import type { OutputPlan } from '../onnx/outputs.js';
import type { OutputColumn } from '../release/card.js';

/** The outputs that are judged. */
export const sentimentProbabilities = ['negative', 'neutral', 'positive'].map(
  (label) => `probability_${label}`,
);

/** The outputs of a sentiment graph. */
export const sentimentPlan: OutputPlan = {
  probabilities: [],
  classMeans: [{ name: 'sentiment', values: [-1, 0, 1] }],
  baseScores: false,
};

/** What the same graph says of spam, where there are texts to learn it from. */
export const spamPlan: OutputPlan = {
  probabilities: [{ name: 'spam_probability', of: 'positive', scale: 1 }],
  baseScores: false,
};

/** The same outputs in words. */
export function sentimentOutputs(withSpam: boolean): OutputColumn[] {
  return [
    ...sentimentProbabilities.map((name) => ({
      name,
      description: `probability that the text is ${name.replace('probability_', '')}, 0 to 1`,
    })),
    { name: 'sentiment', description: 'probability of positive less that of negative, -1 to 1' },
    ...(withSpam
      ? [{ name: 'spam_probability', description: 'probability that the text is spam, 0 to 1' }]
      : []),
  ];
}
