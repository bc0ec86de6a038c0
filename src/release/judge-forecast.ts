import type { ForecastAccuracy } from '../champion/forecast/accuracy.js';
import type { Lineage } from '../core/lineage.js';
import { sha256 } from '../core/record.js';
import type { Rng } from '../core/rng.js';
import type { Gate } from '../evaluation/gate/gate.js';
import type { GatePolicy } from '../evaluation/gate/policy.js';
import { runGate } from '../evaluation/gate/run-gate.js';
import type { Contract } from '../evaluation/gate/subject.js';
import type { LooksLedger } from '../registry/looks-ledger.js';
import type { ForecastCard, MeasuredForecaster } from './build-forecast-release.js';
import { type ForecastRecord, readForecastRecord } from './forecast-record.js';
import { contractOf } from './former-champion.js';
import { heldOutDigest } from './held-out-digest.js';
import type { ModelStore } from './model-store.js';

/** What a comparison needs of the reigning forecaster. */
export interface FormerForecaster {
  readonly version: number;
  readonly record: ForecastRecord;
  readonly contract: Contract | undefined;
}

/** What a training knows of its forecaster before the graph is made. */
export interface JudgedForecaster {
  readonly policy: GatePolicy;
  readonly name: string;
  readonly accuracy: ForecastAccuracy;
  readonly kolIds: readonly string[];
  /** Epoch day on which the held-out window began. */
  readonly firstDay: number;
  readonly lineage: Lineage;
  readonly seed: number;
  readonly champion: FormerForecaster | undefined;
  readonly looks: LooksLedger;
  readonly rng: Rng;
}

/** The forecaster of that name as it was judged, or undefined where there is none. */
export async function formerForecaster(
  store: ModelStore,
  name: string,
): Promise<FormerForecaster | undefined> {
  const kept = await store.champion(name, 'held-out.csv');
  if (kept === undefined) return undefined;
  const card = await kept.sibling('model.json');
  return {
    version: kept.version,
    record: readForecastRecord(kept.text),
    contract: card === undefined ? undefined : contractOf(JSON.parse(card) as ForecastCard),
  };
}

/**
 * Whether a forecaster may become champion: by the criterion of its goal it must beat the seasonal naive forecast, and
 * where the former champion was judged on the same window, not be worse than it; notes the look first.
 */
export function judgeForecast(training: JudgedForecaster): (measured: MeasuredForecaster) => Promise<Gate> {
  const { policy, name, accuracy, kolIds, champion, firstDay, lineage, seed, looks, rng } = training;
  const kols = kolIds.map((_, k) => k).filter((k) => Number.isFinite(accuracy.error[k]));
  const of = (values: Float64Array): Float64Array => Float64Array.from(kols, (k) => values[k]);
  const [own, naive] = [of(accuracy.error), of(accuracy.naiveError)];
  const ids = kols.map((k) => kolIds[k]);
  const sameWindow = champion?.record.firstDay === firstDay;
  const former = sameWindow
    ? Float64Array.from(ids, (id) => champion.record.error.get(id) ?? NaN)
    : undefined;

  async function look(): Promise<number> {
    if (former === undefined) return 1;
    const common = [...former.keys()].filter((i) => !Number.isNaN(former[i]));
    const digest = heldOutDigest(
      common.map((i) => ids[i]),
      common.map(() => firstDay),
    );
    const comparison = sha256(JSON.stringify(common.map((i) => [own[i], former[i]])));
    return looks.note({ model: name, ...digest, comparison }, policy.looks.overlap);
  }

  return async ({ card, parity, serving }) =>
    runGate(
      {
        challenger: name,
        champion: champion === undefined ? null : `version ${champion.version}`,
        task: 'forecast',
        criterion: accuracy.criterion,
        rows: [
          {
            kind: 'newest',
            title: 'KOLs of the newest window',
            y: naive,
            challenger: [own],
            champion: former && [former],
          },
        ],
        lineage: { ...lineage, seed, toolkitVersion: card.toolkitVersion },
        contract: { challenger: contractOf(card), champion: champion?.contract },
        parity,
        serving,
        look: await look(),
      },
      policy,
      rng,
    );
}
