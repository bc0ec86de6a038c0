import { DataError } from '../../../core/errors.js';
import type { GradientBoostingModel } from '../model.js';
import { quote } from './foreign-tree.js';
import { array, float32, item, text, type JsonPlace } from './json-place.js';
import { logf } from './logf.js';

/** How XGBoost turns `base_score` into a margin, and what the objective is called here. */
const objectives: Readonly<
  Record<string, { link: 'identity' | 'logit' | 'log'; name: GradientBoostingModel['objective'] }>
> = {
  'binary:logistic': { link: 'logit', name: 'binary' },
  'binary:logitraw': { link: 'identity', name: 'binary' },
  'binary:hinge': { link: 'identity', name: 'raw' },
  'reg:logistic': { link: 'logit', name: 'raw' },
  'reg:squarederror': { link: 'identity', name: 'squared-error' },
  'reg:linear': { link: 'identity', name: 'squared-error' },
  'reg:squaredlogerror': { link: 'identity', name: 'raw' },
  'reg:pseudohubererror': { link: 'identity', name: 'raw' },
  'reg:absoluteerror': { link: 'identity', name: 'absolute-error' },
  'reg:quantileerror': { link: 'identity', name: 'quantile' },
  'reg:gamma': { link: 'log', name: 'raw' },
  'reg:tweedie': { link: 'log', name: 'tweedie' },
  'count:poisson': { link: 'log', name: 'poisson' },
  'survival:cox': { link: 'log', name: 'raw' },
  'survival:aft': { link: 'log', name: 'raw' },
  'multi:softprob': { link: 'identity', name: 'multiclass' },
  'multi:softmax': { link: 'identity', name: 'multiclass' },
  'rank:ndcg': { link: 'identity', name: 'lambdarank' },
  'rank:map': { link: 'identity', name: 'raw' },
  'rank:pairwise': { link: 'identity', name: 'raw' },
};

function known(name: string): (typeof objectives)[string] {
  if (Object.hasOwn(objectives, name)) return objectives[name];
  throw new DataError(
    `xgboost: learner.objective.name=${quote(name)} is not known, nor what its base_score means; known are ${Object.keys(objectives).join(', ')}`,
  );
}

/**
 * Our name of an objective.
 * @throws {DataError} for one whose link is not known
 */
export function xgboostObjective(name: string, nMargins: number): GradientBoostingModel['objective'] {
  const objective = known(name).name;
  return (objective === 'multiclass') === nMargins > 1 ? objective : 'raw';
}

/**
 * Where margins start: `base_score` is a text that holds a number, or since version 3.1 an array with one number for
 * each margin.
 * @returns `[nMargins]` float32 values
 * @throws {DataError} for a text that is neither, or a number outside the domain of the link
 */
export function baseMargins(place: JsonPlace, objective: string, nMargins: number): Float64Array {
  const { link } = known(objective);
  const parsed = { path: place.path, value: parseScore(place) };
  const listed = Array.isArray(parsed.value) ? array(parsed) : [parsed.value];
  if (listed.length !== 1 && listed.length !== nMargins) {
    throw new DataError(`xgboost: ${place.path} has ${listed.length} values, expected 1 or ${nMargins}`);
  }
  const scores = listed.map((_, k) => {
    const score = float32(item(parsed, listed, k));
    if (link !== 'identity' && !(score > 0 && (link === 'log' || score < 1))) {
      const range = link === 'log' ? 'above 0' : 'between 0 and 1';
      throw new DataError(`xgboost: ${place.path}=${score} must be ${range} for ${objective}`);
    }
    return margin(score, link);
  });
  return Float64Array.from({ length: nMargins }, (_, k) => scores[scores.length === 1 ? 0 : k]);
}

function parseScore(place: JsonPlace): unknown {
  const score = text(place);
  try {
    return JSON.parse(score) as unknown;
  } catch (error) {
    throw new DataError(`xgboost: ${place.path}=${quote(score)} must be a number, or an array of numbers`, {
      cause: error,
    });
  }
}

/** In float32, operation by operation. */
function margin(score: number, link: 'identity' | 'logit' | 'log'): number {
  switch (link) {
    case 'identity':
      return score;
    case 'log':
      return logf(score);
    case 'logit':
      return -logf(Math.fround(Math.fround(1 / score) - 1));
  }
}
