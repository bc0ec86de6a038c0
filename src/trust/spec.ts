import { withBoosters } from '../champion/booster-settings.js';
import type { ChampionSpec } from '../champion/fit.js';
import { trustBases, trustConsensus } from './bases.js';
import type { TrustConfig } from './config.js';
import type { TrustRows } from './rows.js';

/** What is fitted for trust, given the columns that are there. */
export function trustSpec(
  { inputs, features, texts }: TrustRows,
  nFolds: number,
  boosters?: TrustConfig['boosters'],
): ChampionSpec {
  const spec: ChampionSpec = {
    task: 'binary',
    classes: ['trustworthy', 'untrustworthy'],
    inputs,
    features,
    categorical: [],
    text: texts,
    encoderOutputs: 1,
    bases: trustBases(new Set(features.map(({ name }) => name)), texts),
    consensus: trustConsensus,
    keep: ['isolation_forest'],
    nFolds,
  };
  return withBoosters(spec, boosters);
}
