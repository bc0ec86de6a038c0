import { DataError } from '../../../core/errors.js';
import type { Matrix } from '../../../core/matrix.js';
import { refuseTargets } from '../../validate.js';
import type { GradientBoostingParams } from '../params.js';
import { absoluteError } from './absolute-error.js';
import { binary } from './binary.js';
import { customObjective, type CustomObjective } from './custom.js';
import { huber } from './huber.js';
import { lambdarank } from './lambdarank.js';
import { multiclass } from './multiclass.js';
import type { Objective } from './objective.js';
import { poisson } from './poisson.js';
import { quantile } from './quantile.js';
import { squaredError } from './squared-error.js';
import { tweedie } from './tweedie.js';

/** What of the parameters makes an objective. */
export type ObjectiveParams = Pick<
  GradientBoostingParams,
  'objective' | 'nClasses' | 'huberDelta' | 'quantile' | 'tweedieVariancePower' | 'lambdarankTruncation'
>;

/**
 * The objective that the parameters name.
 * @throws {DataError} when `custom` comes without derivatives, or those with another objective
 */
export function objectiveOf(params: ObjectiveParams, custom?: CustomObjective): Objective {
  if (custom !== undefined && params.objective !== 'custom') {
    throw new DataError(`customObjective must not be combined with objective=${params.objective}`);
  }
  switch (params.objective) {
    case 'binary':
      return binary;
    case 'multiclass':
      return multiclass(params.nClasses);
    case 'squared-error':
      return squaredError;
    case 'absolute-error':
      return absoluteError;
    case 'huber':
      return huber(params.huberDelta);
    case 'quantile':
      return quantile(params.quantile);
    case 'poisson':
      return poisson;
    case 'tweedie':
      return tweedie(params.tweedieVariancePower);
    case 'lambdarank':
      return lambdarank(params.lambdarankTruncation);
    case 'custom':
      if (custom === undefined) throw new DataError('objective=custom needs customObjective');
      return customObjective(custom);
  }
}

/**
 * Refuses targets that the objective does not take.
 * @throws {DataError} naming the first row whose target cannot be learned from
 */
export function checkObjectiveTargets(
  X: Pick<Matrix, 'nRows' | 'nFeatures'>,
  y: ArrayLike<number>,
  { targets, name }: Objective,
): void {
  refuseTargets(X, y, targets.kind);
  const { nonNegative = false, maxGrade } = targets;
  if (!nonNegative && maxGrade === undefined) return;
  for (let i = 0; i < y.length; i++) {
    const isGrade = maxGrade === undefined || (Number.isInteger(y[i]) && y[i] <= maxGrade);
    if (y[i] >= 0 && isGrade) continue;
    const expected =
      maxGrade === undefined ? 'a number of at least 0' : `a whole grade from 0 to ${maxGrade}`;
    throw new DataError(`y[${i}]=${y[i]} must be ${expected} for objective=${name}`);
  }
}
