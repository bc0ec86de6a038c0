import type { ForecastCriterion, GateTask } from './subject.js';

/** A metric that is a mean over rows. */
export interface RowLosses {
  readonly metric: string;
  readonly label: string;
  /** `[nRows]`, lower is better. */
  readonly losses: Float64Array;
}

/**
 * What each row costs a model, by every metric of the task that is a mean over rows.
 * @param y labels, class indices or targets `[nRows]`
 * @param outputs `[nOutputs][nRows]`; of forecasts the errors themselves
 */
export function rowLosses(
  task: GateTask,
  y: Float64Array,
  outputs: readonly Float64Array[],
  criterion: ForecastCriterion = 'mase',
): readonly RowLosses[] {
  const [first] = outputs;
  switch (task) {
    case 'binary':
      return [
        { metric: 'brier_score', label: 'Brier score', losses: first.map((p, i) => (p - y[i]) ** 2) },
        {
          metric: 'log_loss',
          label: 'Log loss',
          losses: logLosses(y, (i) => (y[i] === 1 ? first[i] : 1 - first[i])),
        },
      ];
    case 'multiclass':
      return [
        { metric: 'log_loss', label: 'Log loss', losses: logLosses(y, (i) => outputs[y[i]][i]) },
        {
          metric: 'error_rate',
          label: 'Error rate',
          losses: y.map((label, i) =>
            Number(outputs.some((p, k) => k !== label && p[i] > outputs[label][i])),
          ),
        },
      ];
    case 'regression':
      return [
        { metric: 'mae', label: 'MAE', losses: first.map((value, i) => Math.abs(value - y[i])) },
        { metric: 'mse', label: 'Squared error', losses: first.map((value, i) => (value - y[i]) ** 2) },
      ];
    case 'forecast':
      return [{ metric: criterion, label: criterion.toUpperCase(), losses: first }];
  }
}

/** @param chance probability that was given to what came */
function logLosses(y: Float64Array, chance: (row: number) => number): Float64Array {
  return y.map((_, i) => -Math.log(Math.min(Math.max(chance(i), Number.EPSILON), 1)));
}

/** What the best constant answer would cost: base rate, class shares, mean. */
export function constantAnswer(task: GateTask, y: Float64Array, nOutputs: number): readonly Float64Array[] {
  const mean = (of: (value: number) => number): number =>
    y.reduce((sum, value) => sum + of(value), 0) / y.length;
  if (task === 'multiclass') {
    return Array.from({ length: nOutputs }, (_, k) => y.map(() => mean((label) => Number(label === k))));
  }
  const value = mean((label) => label);
  return [y.map(() => value)];
}
