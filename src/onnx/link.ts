import type { BaseModel } from '../champion/model.js';
import type { GradientBoostingModel } from '../learners/gbm/model.js';

/** `exp`: the margin is the logarithm of a mean. */
export type Link = 'identity' | 'exp' | 'sigmoid' | 'softmax';

/** What turns boosted margins into scores: nothing where they are the prediction, or all there is to say. */
const boostingLinks: Readonly<Record<GradientBoostingModel['objective'], Link>> = {
  binary: 'sigmoid',
  multiclass: 'softmax',
  poisson: 'exp',
  tweedie: 'exp',
  'squared-error': 'identity',
  'absolute-error': 'identity',
  huber: 'identity',
  quantile: 'identity',
  lambdarank: 'identity',
  custom: 'identity',
  raw: 'identity',
};

/** What turns the margins of a base model into its score. */
export function linkOf(model: BaseModel): Link {
  switch (model.kind) {
    case 'isolation-forest':
    case 'ridge-regression':
      return 'identity';
    case 'gradient-boosting':
      return boostingLinks[model.objective];
    case 'logistic-regression':
    case 'text-classifier':
      return model.nMargins === 1 ? 'sigmoid' : 'softmax';
  }
}
