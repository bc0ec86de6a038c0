import type { ForecastAccuracy } from '../champion/forecast/accuracy.js';
import type { Lineage } from '../core/lineage.js';
import type { Rng } from '../core/rng.js';
import { formatNumber } from '../evaluation/format-number.js';
import { type GateCheck, notApplicable } from '../evaluation/gate/check.js';
import { checkLineage } from '../evaluation/gate/checks/lineage.js';
import { decide, type Gate } from '../evaluation/gate/gate.js';
import { sortedQuantile } from '../evaluation/interval.js';
import type { ForecastRecord } from './forecast-record.js';

const replicates = 2_000;
/** Fewer common KOLs than this compare nothing. */
const fewestKols = 20;

/** What a forecaster is judged by. */
export interface ForecastGateInput {
  readonly accuracy: ForecastAccuracy;
  readonly kolIds: readonly string[];
  /** Epoch day on which the judged window began. */
  readonly firstDay: number;
  readonly lineage: Lineage;
  /** The former champion and its record; undefined where there is none. */
  readonly former: { readonly version: number; readonly record: ForecastRecord } | undefined;
  readonly rng: Rng;
}

/**
 * Whether a forecaster may become champion. By the criterion of its goal it must beat the seasonal naive forecast with
 * an interval that leaves out 0; and where the former champion was judged on the same window, not be worse than it with
 * such an interval. Windows differ from day to day, so that a fresher forecaster need not be better than the last one.
 */
export function judgeForecast(input: ForecastGateInput): Gate {
  const { lineage, former } = input;
  const checks = [checkLineage({ lineage }), checkNaive(input.accuracy), checkNotWorse(input)];
  return { format: 1, ...decide(checks), champion: former?.version ?? null, checks };
}

function checkNaive({ criterion, metrics, nKols }: ForecastAccuracy): GateCheck {
  const about = { code: 'naive', title: 'Better than the seasonal naive forecast', threshold: 0 } as const;
  const gain = metrics.find(({ name }) => name === `${criterion}_gain`);
  const figure = criterion.toUpperCase();
  if (gain !== undefined && gain.lower > 0) {
    return {
      ...about,
      verdict: 'pass',
      value: gain.lower,
      words: `better than the seasonal naive forecast in ${figure} by ${formatNumber(gain.value)}, at least ${formatNumber(gain.lower)}, on ${nKols} KOLs of the newest window`,
    };
  }
  return {
    ...about,
    verdict: gain !== undefined && gain.upper < 0 ? 'fail' : 'inconclusive',
    value: gain?.lower ?? null,
    words: `not better than the seasonal naive forecast in ${figure} on ${nKols} KOLs of the newest window`,
  };
}

function checkNotWorse({ accuracy, kolIds, firstDay, former, rng }: ForecastGateInput): GateCheck {
  const about = { code: 'not-worse', title: 'Not worse than the champion' } as const;
  if (former === undefined) return notApplicable(about.code, about.title, 'there was no champion before');
  const { record } = former;
  if (record.firstDay !== firstDay) {
    return notApplicable(about.code, about.title, 'the champion was not judged on this window');
  }
  const { error, criterion } = accuracy;
  const differences = kolIds.flatMap((id, k) => {
    const known = record.error.get(id);
    return known === undefined || Number.isNaN(error[k]) ? [] : [error[k] - known];
  });
  if (differences.length < fewestKols) {
    return {
      ...about,
      verdict: 'inconclusive',
      value: differences.length,
      threshold: fewestKols,
      words: `only ${differences.length} KOLs were judged for both models, too few to compare them; promote by hand with kol promote`,
    };
  }
  const means = new Float64Array(replicates)
    .map(() => {
      let sum = 0;
      for (let i = 0; i < differences.length; i++) sum += differences[rng.integer(differences.length)];
      return sum / differences.length;
    })
    .sort();
  const [lower, upper] = [0.025, 0.975].map((share) => sortedQuantile(means, share));
  const on = `in ${criterion.toUpperCase()} on ${differences.length} KOLs of the same window`;
  return {
    ...about,
    verdict: lower > 0 ? 'fail' : 'pass',
    value: lower,
    threshold: 0,
    words:
      lower > 0
        ? `worse than the champion ${on}`
        : upper < 0
          ? `better than the champion ${on}`
          : `as good as the champion ${on}, and fresher`,
    evidence: { lower, upper },
  };
}
