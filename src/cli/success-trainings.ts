import type { FitContext } from '../champion/fit.js';
import { createRng } from '../core/rng.js';
import type { ParityFigures, ReleaseFiles } from './release-folder.js';
import type { Gate } from '../evaluation/gate/gate.js';
import { localModelStore, type Keeping } from '../release/model-store.js';
import type { BatchTarget } from '../sources/batch-target.js';
import type { TableSource } from '../sources/table-source.js';
import { trainCampaigns } from '../success/campaign/pipeline.js';
import { writeKolScores, type ScoringModel, type WrittenScores } from '../success/campaign/write-scores.js';
import { campaignSettings, forecastSettings, type SuccessConfig } from '../success/config.js';
import { trainForecast, type MetricTraining } from '../success/forecast/pipeline.js';
import { openLocalModel } from './model-file.js';
import { promotionInWords } from './promotion.js';
import type { CliSession } from './session.js';
import { comparisonTable, figure, metricsTable, notes, textTable, wrap } from './summary.js';

/** What a training of success is given. */
export interface SuccessInput {
  readonly config: SuccessConfig;
  readonly session: CliSession;
  readonly source: TableSource;
  readonly target: BatchTarget;
  readonly context: Omit<FitContext, 'rng'>;
  readonly keeping: Keeping;
}

/** What a training of success did to one model, in words and as data. */
export interface SuccessOutcome {
  readonly model: string;
  readonly release: ReleaseFiles;
  readonly parity: ParityFigures;
  readonly gate: Gate;
  readonly version: number;
  readonly runId: string;
  /** The figures of every assessment. */
  readonly assessments: readonly unknown[];
  /** What it wrote into the lakehouse. */
  readonly written: Readonly<Record<string, unknown>>;
  /** Lines for the terminal, given the folder of the release. */
  readonly summary: (folder: string) => string;
}

/** One of the trainings that `kol train success` runs, in order. */
export type SuccessTraining = (input: SuccessInput) => Promise<readonly SuccessOutcome[]>;

/** Campaign success, and the scores of all KOLs that follow from it. */
export const campaignTraining: SuccessTraining = async (input) => {
  const { session, source, target, context } = input;
  const config = campaignSettings(input.config);
  const store = localModelStore(session.runs, session.models, input.keeping);
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
    target,
    ...(context.signal && { signal: context.signal }),
  });
  const { release, targets, gate, version, runId } = training;
  const summary = (folder: string): string =>
    [
      promotionInWords({ model: config.model, version, gate }),
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
      ...(gate.comparisons.length > 0
        ? [
            '',
            `Against the former champion, on ${gate.nRows} campaigns held out from both:`,
            comparisonTable(gate.comparisons),
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
      `Scores: ${scores.where}`,
    ].join('\n');
  const { card, parity } = release;
  return [
    {
      model: config.model,
      release,
      parity,
      gate,
      version,
      runId,
      assessments: [...card.assessments, ...(card.further ?? []).flatMap(({ assessments }) => assessments)],
      written: { kol_scores: scores },
      summary,
    },
  ];
};

/** How views, engagement and orders of every KOL run on. */
export const forecastTraining: SuccessTraining = async (input) => {
  const { session, source, target, context } = input;
  const config = forecastSettings(input.config);
  const { metrics } = await trainForecast(
    config,
    source,
    localModelStore(session.runs, session.models, input.keeping),
    {
      ...context,
      rng: createRng(config.seed),
      threads: context.pool.threads,
      target,
    },
  );
  return metrics.map((training): SuccessOutcome => {
    const { release, gate, version, runId, written } = training;
    return {
      model: release.card.name,
      release,
      parity: release.parity,
      gate,
      version,
      runId,
      assessments: release.card.assessments,
      written: written === undefined ? {} : { kol_forecasts: written },
      summary: (folder) => forecastSummary(training, folder),
    };
  });
};

function forecastSummary(
  { metric, release, accuracy, gate, version, written }: MetricTraining,
  folder: string,
): string {
  const { card } = release;
  const [{ firstDay }] = card.assessments;
  return [
    promotionInWords({ model: card.name, version, gate }),
    textTable([
      ['', `${card.horizon} days from ${firstDay}, ${accuracy.nKols} KOLs`],
      ...accuracy.metrics.map((estimate) => [`  ${estimate.label}`, figure(estimate)]),
    ]),
    wrap(
      `Graph and model agree on ${release.parity.nRows} histories within ${release.parity.maxAbsDifference.toExponential(1)}.`,
      78,
      '',
    ),
    `Files:  ${folder}`,
    ...(written === undefined ? [] : [`${metric} of the next ${card.horizon} days:`, `  ${written.where}`]),
  ].join('\n');
}

async function championOf(name: string, session: CliSession): Promise<ScoringModel | undefined> {
  const { champion } = await session.models.aliases(name);
  if (champion === null) return undefined;
  const { onnx } = await openLocalModel(`models:/${name}/${champion}`, session.models);
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
