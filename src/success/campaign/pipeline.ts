import { assess, type Assessment } from '../../champion/assess.js';
import { refitChampion, type FitContext } from '../../champion/fit.js';
import type { ChampionModel } from '../../champion/model.js';
import type { Gate } from '../../evaluation/gate/gate.js';
import { buildRelease, type Release } from '../../release/build-release.js';
import { formerChampion } from '../../release/former-champion.js';
import { judgeTraining } from '../../release/judge.js';
import type { ModelStore } from '../../release/model-store.js';
import { partingsBy } from '../../release/report-figures.js';
import { commandLine, pinnedOptions } from '../../release/reproduce.js';
import type { TableSource } from '../../sources/table-source.js';
import type { CampaignConfig } from './config.js';
import { readCampaigns } from './read-campaigns.js';
import { campaignOutputs } from './score-policy.js';
import { campaignSplits } from './splits.js';
import { campaignTargets, type CampaignTarget } from './targets.js';
import { campaignWords } from './words.js';

/** How one target did, and the model of it fitted on all campaigns. */
export interface TrainedTarget {
  readonly target: CampaignTarget;
  readonly assessments: readonly [random: Assessment, forward: Assessment];
  readonly model: ChampionModel;
}

/** What a training did. */
export interface CampaignTraining {
  readonly release: Release;
  /** Success, orders, revenue. */
  readonly targets: readonly TrainedTarget[];
  readonly gate: Gate;
  readonly version: number;
  readonly runId: string;
}

/**
 * Finished campaigns, each as it was known before it began → features → per target: base models out of fold → stack →
 * calibration → judged on unseen KOLs and on the newest campaigns → refitted on all → one ONNX graph of all targets →
 * compared with the champion → registered.
 */
export async function trainCampaigns(
  config: CampaignConfig,
  source: TableSource,
  store: ModelStore,
  context: FitContext,
): Promise<CampaignTraining> {
  const { progress, rng, signal } = context;
  const { rows, lineage } = await readCampaigns(config, source, signal);
  const { table } = rows;
  progress.note(`${table.nRows} finished campaigns of ${new Set(rows.groups).size} KOLs`);
  const splits = campaignSplits(rows, config.holdOut, config.seed);
  const all = Uint32Array.from(rows.keys.keys());

  async function train(target: CampaignTarget): Promise<TrainedTarget> {
    const own = { ...context, rng: rng.split(target.name) };
    const judge = (side: 'random' | 'forward'): Promise<Assessment> => {
      const { title, note } = campaignWords[side];
      const split = splits[side];
      return assess(
        target.data(split.train),
        target.spec,
        split,
        { title: `${target.name}: ${title}`, note },
        own,
      );
    };
    const random = await judge('random');
    const forward = await judge('forward');
    const label = `${target.name}: champion on all campaigns`;
    const model = await refitChampion(target.data(all), target.spec, all, random.fitted.model, own, label);
    return { target, assessments: [random, forward], model };
  }

  const targets: TrainedTarget[] = [];
  for (const target of campaignTargets(rows, config)) targets.push(await train(target));
  const [success, orders, revenue] = targets;
  const { y } = success.target.data(splits.random.train);
  const champion = await formerChampion(store, config.model);

  const release = await buildRelease({
    model: success.model,
    plan: success.target.plan,
    further: [orders, revenue].map(({ target, model, assessments }) => ({
      name: target.name,
      plan: target.plan,
      model,
      assessments,
    })),
    facts: {
      name: config.model,
      outputs: campaignOutputs(config.quantile),
      primaryOutputs: ['success_probability'],
      idColumns: ['kol_id'],
      seed: config.seed,
      lineage,
    },
    assessments: success.assessments,
    table,
    y,
    keys: rows.keys,
    judge: judgeTraining({
      policy: config.gate,
      name: config.model,
      assessments: success.assessments,
      table,
      y,
      keys: rows.keys,
      time: rows.periods,
      // A campaign's own dates are part of its offer.
      known: ['started_at', 'ended_at'],
      slices: ['platform', 'category'],
      lineage,
      seed: config.seed,
      champion,
      looks: store.looks,
      rng: rng.split('gate'),
    }),
    words: {
      conclusions: campaignWords.report(success.assessments, orders.assessments, revenue.assessments),
      usage: [
        `kol score --model models:/${config.model}@champion --input campaigns.parquet --output scores.csv`,
      ],
      use: campaignWords.use,
    },
    command: commandLine(['kol train success', ...pinnedOptions(config, lineage)]),
    partings: partingsBy(table, [
      { column: 'platform', by: 'platform' },
      { column: 'category', by: 'category' },
    ]),
    time: {
      by: 'begin of the campaign',
      values: rows.asOf,
      format: (time) => new Date(time).toISOString().slice(0, 10),
    },
    rng: rng.split('release'),
  });

  const judged = targets.flatMap(({ assessments }) => assessments);
  const { version, runId } = await store.save(release, release.gate, judged, champion?.version ?? null);
  return { release, targets, gate: release.gate, version, runId };
}
