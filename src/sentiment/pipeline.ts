import { assess, type Assessment } from '../champion/assess.js';
import { refitChampion, type FitContext } from '../champion/fit.js';
import type { Lineage } from '../core/lineage.js';
import { Table } from '../core/table.js';
import { groupedHoldOut } from '../ensemble/folds.js';
import type { Gate } from '../evaluation/gate/gate.js';
import { buildRelease, type Release } from '../release/build-release.js';
import { formerChampion } from '../release/former-champion.js';
import { judgeTraining } from '../release/judge.js';
import type { ModelStore } from '../release/model-store.js';
import { commandLine, pinnedOptions } from '../release/reproduce.js';
import { readPinned } from '../sources/pinned-reading.js';
import type { TableSource } from '../sources/table-source.js';
import { compareWithBaselines, type BaselineComparison } from './baselines.js';
import { sentimentClasses, sentimentTable } from './columns.js';
import type { SentimentConfig } from './config.js';
import { textsQuery } from './query.js';
import { textRows } from './rows.js';
import { sentimentOutputs, sentimentPlan, sentimentProbabilities, spamPlan } from './score-policy.js';
import { slicesBy } from './slices.js';
import { trainSpam } from './spam.js';
import { sentimentSpec } from './spec.js';
import { sentimentWords } from './words.js';

/** What a training did. */
export interface SentimentTraining {
  readonly release: Release;
  /** The random hold-out, then the split that the corpora give, where they do. */
  readonly assessments: readonly Assessment[];
  readonly baselines: readonly BaselineComparison[];
  readonly spam: Assessment | undefined;
  readonly gate: Gate;
  readonly version: number;
  readonly runId: string;
}

/**
 * Labelled texts → n-grams and measures → base models out of fold → stack → calibration → judged on texts that say
 * nothing that was trained on, and on the split the corpora give → refitted on all → one ONNX graph from raw texts to
 * sentiment and spam → judged by the gate → registered.
 */
export async function trainSentiment(
  config: SentimentConfig,
  source: TableSource,
  store: ModelStore,
  context: FitContext,
): Promise<SentimentTraining> {
  const { progress, rng, signal } = context;
  const { table, lineage } = await readPinned(source, textsQuery(sentimentTable), config, signal);
  const rows = textRows(table, sentimentTable, sentimentClasses, ['neutral']);
  const { data } = rows;
  progress.note(
    `${data.y.length} texts, ${new Set(data.groups).size} of them different${rows.nEmpty > 0 ? `; ${rows.nEmpty} empty ones are left out` : ''}`,
  );
  const spec = sentimentSpec(config.folds);
  const drawn = groupedHoldOut(data.groups ?? [], config.holdOut, config.seed);
  const random = await assess(data, spec, drawn, sentimentWords.random, context);
  const given = rows.given && (await assess(data, spec, rows.given, sentimentWords.given, context));
  const assessments = given === undefined ? [random] : [random, given];
  const baselines = await compareWithBaselines(rows, drawn, random, rng.split('baselines'));
  const slices = [rows.languages, rows.sources].flatMap((kinds) =>
    slicesBy(kinds, data.y, random, rng.split('slices')),
  );
  const spam = await trainSpam(config, source, { ...context, rng: rng.split('spam') });
  const champion = await formerChampion(store, config.model, sentimentClasses.length);
  const all = Uint32Array.from(data.y.keys());
  const model = await refitChampion(data, spec, all, random.fitted.model, context, 'champion on all texts');

  const release = await buildRelease({
    model,
    plan: sentimentPlan,
    ...(spam && {
      further: [{ name: 'spam', plan: spamPlan, model: spam.model, assessments: [spam.assessment] }],
    }),
    facts: {
      name: config.model,
      outputs: sentimentOutputs(spam !== undefined),
      primaryOutputs: sentimentProbabilities,
      idColumns: ['text_id', 'comment_id'],
      seed: config.seed,
      lineage: allOf(lineage, spam),
    },
    assessments,
    table: Table.select(data.table, ['text']),
    y: data.y,
    keys: data.keys,
    judge: judgeTraining({
      policy: config.gate,
      name: config.model,
      assessments: [random],
      table: data.table,
      y: data.y,
      keys: data.keys,
      lineage,
      seed: config.seed,
      champion,
      looks: store.looks,
      rng: rng.split('gate'),
    }),
    words: {
      conclusions: sentimentWords.report(random, slices, baselines, rows.sources, spam?.assessment),
      usage: [
        `kol score --model models:/${config.model}@champion --input texts.csv --output scores.csv`,
        'kol score comments',
      ],
      use: sentimentWords.use,
    },
    command: commandLine(['kol train sentiment', ...pinnedOptions(config, allOf(lineage, spam))]),
    partings: [
      { by: 'language', names: rows.languages.map((name) => (name === '' ? 'unknown' : name)) },
      { by: 'source', names: rows.sources.map((name) => (name === '' ? 'unknown' : name)) },
    ].filter(({ names }) => names.some((name) => name !== names[0])),
    rng: rng.split('release'),
  });

  const judged = spam === undefined ? assessments : [...assessments, spam.assessment];
  const { gate } = release;
  const { version, runId } = await store.save(release, gate, judged, champion?.version ?? null);
  return { release, assessments, baselines, spam: spam?.assessment, gate, version, runId };
}

/** The lineage of sentiment with the tables of spam beside its own. */
function allOf(lineage: Lineage, spam: { readonly lineage: Lineage } | undefined): Lineage {
  return { ...lineage, sources: [...lineage.sources, ...(spam?.lineage.sources ?? [])] };
}
