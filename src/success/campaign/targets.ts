import { withBoosters } from '../../champion/booster-settings.js';
import { trainingData, type TrainingData } from '../../champion/design.js';
import type { ChampionSpec } from '../../champion/fit.js';
import type { OutputPlan } from '../../onnx/outputs.js';
import { amountBases, campaignConsensus, successBases } from './bases.js';
import type { CampaignConfig } from './config.js';
import { campaignCategories, campaignFeaturesOf } from './features.js';
import { campaignInputs, type CampaignRows } from './rows.js';
import { amountPlan, successPlan } from './score-policy.js';
import { successLabels, successThresholds } from './threshold.js';

/** One thing that is predicted of a campaign. */
export interface CampaignTarget {
  readonly name: 'success' | 'orders' | 'revenue';
  readonly spec: ChampionSpec;
  readonly plan: OutputPlan;
  /** All rows with the target as a model of `trainRows` may know it. */
  data(trainRows: Uint32Array): TrainingData;
}

/**
 * Variance of orders and revenue ~ mean^power: many small amounts, some zeros, a long tail. Orders are counts, but
 * campaigns of one mean differ by more than Poisson's variance, and boosters that assume it chase the largest ones.
 */
const tweediePower = 1.5;

/** Success, orders and revenue over the same features. */
export function campaignTargets(
  rows: CampaignRows,
  { folds, quantile, boosters }: CampaignConfig,
): readonly CampaignTarget[] {
  const { table, keys, groups, rates, categories, orders, revenue } = rows;
  const features = campaignFeaturesOf(table);
  const common = {
    inputs: campaignInputs(table),
    features,
    categorical: campaignCategories,
    text: [],
    encoderOutputs: 1,
    consensus: campaignConsensus,
    keep: [],
    nFolds: folds,
  };
  const weight = new Float64Array(table.nRows).fill(1);
  const data = trainingData(table, features, { keys, y: weight, weight, groups });
  const amount = { ...common, task: 'regression' as const, classes: [] };
  return [
    {
      name: 'success',
      plan: successPlan,
      spec: withBoosters(
        { ...common, task: 'binary', classes: ['ordinary', 'success'], bases: successBases() },
        boosters,
      ),
      data: (trainRows) => ({
        ...data,
        y: successLabels(rates, categories, successThresholds(rates, categories, trainRows, quantile)),
      }),
    },
    {
      name: 'orders',
      plan: amountPlan('expected_orders'),
      spec: { ...amount, bases: amountBases(tweediePower), tweediePower },
      data: () => ({ ...data, y: orders }),
    },
    {
      name: 'revenue',
      plan: amountPlan('expected_revenue'),
      spec: { ...amount, bases: amountBases(tweediePower), tweediePower },
      data: () => ({ ...data, y: revenue }),
    },
  ];
}
