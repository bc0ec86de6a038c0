import type { z } from 'zod';
import type { FitContext } from '../champion/fit.js';
import { createRng } from '../core/rng.js';
import type { Release } from '../release/build-release.js';
import type { Challenge } from '../release/challenge.js';
import { localModelStore } from '../release/model-store.js';
import type { TableSource } from '../sources/table-source.js';
import { campaignConfig } from '../success/campaign/config.js';
import { trainCampaigns } from '../success/campaign/pipeline.js';
import { writeKolScores, type ScoringModel, type WrittenScores } from '../success/campaign/write-scores.js';
import { openModel } from './model-file.js';
import type { CliSession } from './session.js';
import { comparisonTable, metricsTable, notes, wrap } from './summary.js';

/** What a training of success is given. */
export interface SuccessInput<Config> {
  readonly config: Config;
  readonly session: CliSession;
  readonly source: TableSource;
  readonly lakehouse: string;
  readonly context: Omit<FitContext, 'rng'>;
}

/** What a training of success did, in words and as data. */
export interface SuccessOutcome {
  readonly release: Release;
  readonly challenge: Challenge;
  readonly version: number;
  readonly runId: string;
  /** What it wrote into the lakehouse. */
  readonly written: Readonly<Record<string, unknown>>;
  /** Lines for the terminal, given the folder of the release. */
  readonly summary: (folder: string) => string;
}

/** One of the trainings that `kol train success` runs, in order. */
export interface SuccessTraining<Schema extends z.ZodObject = z.ZodObject> {
  readonly name: string;
  readonly config: Schema;
  train(input: SuccessInput<z.infer<Schema>>): Promise<SuccessOutcome>;
}

/** Campaign success, and the scores of all KOLs that follow from it. */
export const campaignTraining: SuccessTraining<typeof campaignConfig> = {
  name: 'campaigns',
  config: campaignConfig,
  async train({ config, session, source, lakehouse, context }) {
    const store = localModelStore(session.runs, session.models);
    const training = await trainCampaigns(config, source, store, { ...context, rng: createRng(config.seed) });
    const trust = await championOf(config.trustModel, session);
    const success = (await championOf(config.model, session)) ?? {
      name: config.model,
      version: training.version,
      onnx: training.release.files['model.onnx'] as Uint8Array,
    };
    const scores = await writeKolScores({
      config,
      source,
      success,
      ...(trust && { trust }),
      lakehouse,
      ...(context.signal && { signal: context.signal }),
    });
    const { release, targets, challenge, version, runId } = training;
    const promoted = challenge.decision === 'promote';
    const summary = (folder: string): string =>
      [
        wrap(
          `${config.model} version ${version}: ${promoted ? 'promoted to champion' : 'kept, the champion stays'}: ${challenge.reason}`,
          78,
          '',
        ),
        '',
        ...targets.flatMap(({ target, assessments }) => [
          metricsTable(
            assessments.map((assessment) => ({
              ...assessment,
              title: assessment.title.replace(`${target.name}: `, ''),
            })),
          ).replace(/^ */, (indent) => target.name.padEnd(indent.length)),
          '',
        ]),
        notes(targets[0].assessments),
        wrap('Intervals are 95 %, over campaigns; they know nothing of changes to come.'),
        ...(challenge.comparisons.length > 0
          ? [
              '',
              `Against the former champion, on ${challenge.nRows} campaigns held out from both:`,
              comparisonTable(challenge.comparisons),
            ]
          : []),
        '',
        ...release.conclusions.map((sentence) => wrap(sentence, 78, '')),
        '',
        scoresInWords(scores, trust, config),
        wrap(
          `The ONNX graph agrees with the model on ${release.parity.nRows} rows within ${release.parity.maxAbsDifference.toExponential(1)}.`,
          78,
          '',
        ),
        `Files:  ${folder}`,
        `Scores: ${scores.path}`,
      ].join('\n');
    return { release, challenge, version, runId, written: { kol_scores: scores }, summary };
  },
};

async function championOf(name: string, session: CliSession): Promise<ScoringModel | undefined> {
  const { champion } = await session.models.aliases(name);
  if (champion === null) return undefined;
  const { onnx } = await openModel(`models:/${name}/${champion}`, session.models);
  return { name, version: champion, onnx };
}

function scoresInWords(
  { nRows, asOf, held, unknown }: WrittenScores,
  trust: ScoringModel | undefined,
  { trustModel, trustThreshold }: { readonly trustModel: string; readonly trustThreshold: number },
): string {
  const gate =
    trust === undefined
      ? `There is no champion of ${trustModel}, so the columns of trust and the expected value are empty: run kol train trust first.`
      : `${held} are held, their trust being below ${trustThreshold} (${trustModel} version ${trust.version}${unknown.length === 0 ? '' : `, which knows nothing here of ${unknown.join(', ')}`}).`;
  return wrap(`kol_gold.kol_scores: ${nRows} KOLs as of ${asOf.slice(0, 10)}. ${gate}`, 78, '');
}
