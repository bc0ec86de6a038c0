import type { OutputPlan } from '../../onnx/outputs.js';
import type { OutputColumn } from '../../release/card.js';

/** The outputs of the probability of success. */
export const successPlan: OutputPlan = {
  probabilities: [
    { name: 'success_probability', of: 'positive', scale: 1 },
    { name: 'success_score', of: 'positive', scale: 100 },
  ],
  baseScores: false,
};

/** The one output of an expected amount. */
export function amountPlan(name: string): OutputPlan {
  return { probabilities: [], baseScores: false, prediction: name };
}

/** All outputs of the graph in words. */
export function campaignOutputs(quantile: number): OutputColumn[] {
  return [
    {
      name: 'success_probability',
      description: `probability that conversions per click are above the ${quantile} quantile of the category, 0 to 1`,
    },
    { name: 'success_score', description: '100 times success_probability' },
    { name: 'expected_orders', description: 'expected number of orders over the planned days' },
    {
      name: 'expected_revenue',
      description: 'expected revenue over the planned days, in the currency of the past',
    },
  ];
}
