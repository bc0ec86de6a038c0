import { assess, type Assessment } from '../champion/assess.js';
import { refitChampion, type FitContext } from '../champion/fit.js';
import type { Gate } from '../evaluation/gate/gate.js';
import { buildRelease, type Release } from '../release/build-release.js';
import { formerChampion } from '../release/former-champion.js';
import { judgeTraining } from '../release/judge.js';
import type { ModelStore } from '../release/model-store.js';
import { partingsBy } from '../release/report-figures.js';
import { commandLine, pinnedOptions } from '../release/reproduce.js';
import { readPinned } from '../sources/pinned-reading.js';
import type { TableSource } from '../sources/table-source.js';
import type { TrustConfig } from './config.js';
import { monthText } from './creation-month.js';
import { trustQuery } from './query.js';
import { trustOrigin, trustRows } from './rows.js';
import { trustOutputs, trustPlan } from './score-policy.js';
import { trustSpec } from './spec.js';
import { trustSplits } from './splits.js';
import { trustWords } from './words.js';

/** What a training did. */
export interface TrustTraining {
  readonly release: Release;
  readonly assessments: readonly [random: Assessment, forward: Assessment];
  readonly gate: Gate;
  readonly version: number;
  readonly runId: string;
}

/**
 * Labelled accounts → features → base models out of fold → stack → calibration → judged on accounts held out at
 * random and on the newest ones → refitted on all → one ONNX graph → compared with the champion → registered.
 */
export async function trainTrust(
  config: TrustConfig,
  source: TableSource,
  store: ModelStore,
  context: FitContext,
): Promise<TrustTraining> {
  const { progress, rng, signal } = context;
  const { table, lineage } = await readPinned(source, trustQuery(config), config, signal);
  const rows = trustRows(table);
  const { features, texts, months } = rows;
  const data = { ...rows.data, origin: trustOrigin(table, lineage) };
  progress.note(
    `${data.y.length} accounts, ${features.length} features${texts.length > 0 ? `, texts ${texts.join(', ')}` : ''}`,
  );
  const spec = trustSpec(rows, config.folds, config.boosters);
  const splits = trustSplits(rows, config);
  const random = await assess(data, spec, splits.random, trustWords.random, context);
  const forward = await assess(data, spec, splits.forward, trustWords.forward, context);
  const champion = await formerChampion(store, config.model);
  const all = Uint32Array.from(data.y.keys());
  const model = await refitChampion(
    data,
    spec,
    all,
    random.fitted.model,
    context,
    'champion on all accounts',
  );

  const release = await buildRelease({
    model,
    plan: trustPlan,
    facts: {
      name: config.model,
      outputs: trustOutputs(model),
      primaryOutputs: ['untrustworthy_probability'],
      idColumns: ['kol_id'],
      seed: config.seed,
      lineage,
    },
    assessments: [random, forward],
    table,
    y: data.y,
    keys: data.keys,
    judge: judgeTraining({
      policy: config.gate,
      name: config.model,
      assessments: [random, forward],
      table,
      y: data.y,
      keys: data.keys,
      time: months,
      known: ['username', 'display_name', 'account_age_days'],
      slices: ['platform'],
      lineage,
      seed: config.seed,
      champion,
      looks: store.looks,
      rng: rng.split('gate'),
    }),
    words: {
      conclusions: trustWords.report(random, forward),
      usage: [`kol score --model models:/${config.model}@champion --input accounts.csv --output scores.csv`],
      use: trustWords.use,
    },
    command: commandLine(['kol train trust', ...pinnedOptions(config, lineage)]),
    partings: partingsBy(table, [
      { column: 'platform', by: 'platform' },
      { column: 'lang', by: 'language' },
    ]),
    time: { by: 'month of creation', values: months, format: monthText },
    rng: rng.split('release'),
  });

  const { version, runId } = await store.save(
    release,
    release.gate,
    [random, forward],
    champion?.version ?? null,
  );
  return { release, assessments: [random, forward], gate: release.gate, version, runId };
}
