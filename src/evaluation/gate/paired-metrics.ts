import type { Rng } from '../../core/rng.js';
import { bootstrapMeans } from '../bca.js';
import { delongPaired } from '../delong.js';
import { dieboldMariano } from '../diebold-mariano.js';
import { normalQuantile } from '../normal.js';
import { rocAuc } from '../roc-auc.js';
import { rowLosses } from './losses.js';
import type { ForecastCriterion, GateTask } from './subject.js';

/** One metric of two models on the same rows, with the distribution of what the challenger wins. */
export interface PairedMetric {
  readonly metric: string;
  readonly label: string;
  readonly direction: 'higher' | 'lower';
  readonly method: 'delong' | 'paired bootstrap' | 'diebold-mariano';
  readonly challenger: number;
  readonly champion: number;
  /** What the challenger wins: above 0 it is the better one, whichever way the metric runs. */
  readonly gain: number;
  readonly standardError: number;
  /** The end of the interval of the gain below which lies `probability`. */
  readonly quantile: (probability: number) => number;
}

/** What is compared. */
export interface PairedAnswers {
  readonly task: GateTask;
  readonly criterion?: ForecastCriterion | undefined;
  readonly y: Float64Array;
  readonly challenger: readonly Float64Array[];
  readonly champion: readonly Float64Array[];
}

/**
 * Every metric of the task: ROC-AUC by DeLong's test, means over rows by the BCa bootstrap, errors of forecasts by
 * Diebold and Mariano's test over series.
 * @param smallestTail the smallest probability that `quantile` will be asked for
 */
export function pairedMetrics(
  { task, criterion, y, challenger, champion }: PairedAnswers,
  options: { readonly replicates: number; readonly smallestTail: number; readonly rng: Rng },
): readonly PairedMetric[] {
  const ofChallenger = rowLosses(task, y, challenger, criterion);
  const ofChampion = rowLosses(task, y, champion, criterion);
  const gains = ofChallenger.map(({ losses }, m) => losses.map((loss, i) => ofChampion[m].losses[i] - loss));
  const distributions =
    task === 'forecast'
      ? gains.map((gain) => {
          const { difference, standardError, quantile } = dieboldMariano(gain);
          return { mean: difference, standardError, quantile };
        })
      : bootstrapMeans(gains, { replicates: replicatesFor(options), rng: options.rng });
  const means = distributions.map(({ mean: gain, standardError, quantile }, m): PairedMetric => ({
    metric: ofChallenger[m].metric,
    label: ofChallenger[m].label,
    direction: 'lower',
    method: task === 'forecast' ? 'diebold-mariano' : 'paired bootstrap',
    challenger: mean(ofChallenger[m].losses),
    champion: mean(ofChampion[m].losses),
    gain,
    standardError,
    quantile,
  }));
  return task === 'binary' ? [pairedAuc(y, challenger[0], champion[0]), ...means] : means;
}

/** ROC-AUC of two models by DeLong's test. */
export function pairedAuc(y: Float64Array, challenger: Float64Array, champion: Float64Array): PairedMetric {
  const { difference, standardError } = delongPaired(y, challenger, champion);
  return {
    metric: 'roc_auc',
    label: 'ROC-AUC',
    direction: 'higher',
    method: 'delong',
    challenger: rocAuc(y, challenger),
    champion: rocAuc(y, champion),
    gain: difference,
    standardError,
    quantile: (probability) =>
      standardError === 0 ? difference : difference + normalQuantile(probability) * standardError,
  };
}

/** So many that ten resamples lie beyond the end that is asked for, where that is to be had. */
function replicatesFor({
  replicates,
  smallestTail,
}: {
  readonly replicates: number;
  readonly smallestTail: number;
}): number {
  return Math.max(replicates, Math.min(20_000, Math.ceil(10 / Math.max(smallestTail, 1e-9))));
}

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
