import { readFile } from 'node:fs/promises';
import type { Assessment } from '../champion/assess.js';
import { DataError } from '../core/errors.js';
import type { Gate } from '../evaluation/gate/gate.js';
import type { MetricEstimate } from '../evaluation/metric.js';
import { type LooksLedger, openLooksLedger } from '../registry/looks-ledger.js';
import type { ModelRegistry } from '../registry/model-registry.js';
import type { ParamValue } from '../registry/journal-entry.js';
import { runKeyTag, runOfKey } from '../registry/run-key.js';
import type { Dataset, RunRecord } from '../registry/run-record.js';
import type { RunStore } from '../registry/run-store.js';
import { gateTags } from '../registry/promotion/gate-evidence.js';
import type { Release } from './build-release.js';
import type { Lineage } from '../core/lineage.js';

/** A run to keep, of any kind of model: what it was made with and of, how it did, and its files. */
export interface KeptRun {
  /** The registered model's name. */
  readonly name: string;
  /** Names the run beside the model. */
  readonly label: string;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly datasets: readonly Dataset[];
  readonly metrics: Readonly<Record<string, number>>;
  readonly files: Readonly<Record<string, Uint8Array | string>>;
}

/** The champion's version, one of its files, and on demand others, undefined where it has none of that name. */
export interface KeptChampion {
  readonly version: number;
  readonly text: string;
  readonly sibling: (file: string) => Promise<string | undefined>;
}

/** Where releases are kept and compared; pipelines see no more of the registry than this. */
export interface ModelStore {
  /** The champion and one of its files; undefined where there is no champion. */
  champion(name: string, file: string): Promise<KeptChampion | undefined>;
  /** Counts how often held-out rows are used to compare challengers. */
  readonly looks: LooksLedger;
  /** Keeps a release as a run and a new version, and promotes it where the gate says so. */
  save(
    release: Release,
    gate: Pick<Gate, 'decision' | 'reason'>,
    assessments: readonly Assessment[],
    expectedChampion: number | null,
  ): Promise<{ readonly version: number; readonly runId: string }>;
  /** The same for any run. */
  keep(
    run: KeptRun,
    gate: Pick<Gate, 'decision' | 'reason'>,
    expectedChampion: number | null,
  ): Promise<{ readonly version: number; readonly runId: string }>;
}

/** How releases are kept. */
export interface Keeping {
  /** Under this key, a release is kept once; keeping it again gives the version that there is. */
  readonly runKey?: string | undefined;
  /** Whether versions wait for a promotion of their own. */
  readonly hold?: boolean | undefined;
}

/** A model store on the local run store and registry. */
export function localModelStore(
  runs: RunStore,
  models: ModelRegistry,
  { runKey, hold = false }: Keeping = {},
): ModelStore {
  const earlierRun = (name: string): Promise<RunRecord | undefined> =>
    runKey === undefined ? Promise.resolve(undefined) : runOfKey(runs, name, runKey);

  return {
    async champion(name, file) {
      const aliases = await models.aliases(name);
      let champion = aliases.champion;
      if (champion === null) return undefined;
      // A training that is repeated must not be judged against its own outcome.
      const earlier = await earlierRun(name);
      if (earlier !== undefined && (await versionOf(earlier)) === champion) champion = aliases.previous;
      if (champion === null) return undefined;
      const { files } = await models.resolve(`models:/${name}/${champion}`);
      const sibling = async (path: string): Promise<string | undefined> => {
        const found = files.find((other) => other.path === path);
        return found && readFile(found.file, 'utf8');
      };
      const text = await sibling(file);
      if (text === undefined) throw new DataError(`models:/${name}@champion has no file ${file}`);
      return { version: champion, text, sibling };
    },
    looks: openLooksLedger(runs.folder),
    save(release, gate, assessments, expectedChampion) {
      return keep(runOf(release, assessments), gate, expectedChampion);
    },
    keep,
  };

  /** SHA-256 of a version's graph, by which its comparison is known in every registry. */
  async function graphOf(name: string, version: number | null): Promise<string> {
    if (version === null) return 'none';
    const found = (await models.versions(name)).find((one) => one.version === version);
    return found?.artifacts.find(({ path }) => path === 'model.onnx')?.sha256 ?? 'unknown';
  }

  async function keep(
    { name, label, params, datasets, metrics, files }: KeptRun,
    { decision, reason }: Pick<Gate, 'decision' | 'reason'>,
    expectedChampion: number | null,
  ): Promise<{ version: number; runId: string }> {
    const earlier = await earlierRun(name);
    if (earlier !== undefined) return register(earlier, expectedChampion);
    const tags: Record<string, string> = runKey === undefined ? {} : { [runKeyTag]: runKey };
    const run = await runs.start({ experiment: name, name: label, tags });
    await run.logParams(params);
    for (const dataset of datasets) await run.logDataset(dataset);
    await run.logMetrics(metrics);
    await run.logTags({ decision, reason });
    for (const [path, content] of Object.entries(files)) await run.logArtifact(path, content);
    await run.finish('finished');
    return register(await runs.readRun(run.runId), expectedChampion);
  }

  /** Makes a finished run a version, and that the champion where the run says so: each once. */
  async function register(
    run: RunRecord,
    expectedChampion: number | null,
  ): Promise<{ version: number; runId: string }> {
    const { experiment: name, runId } = run;
    const { decision, reason } = run.tags;
    const version =
      (await versionOf(run)) ??
      (await models.registerVersion({
        name,
        runId,
        artifacts: run.artifacts.map(({ path }) => path),
        tags: {
          [gateTags.decision]: decision,
          [gateTags.champion]: await graphOf(name, expectedChampion),
        },
        description: reason,
      }));
    if (decision === 'promote' && !hold) {
      const wasChampion = (await models.audit(name)).some(({ to }) => to.champion === version);
      if (!wasChampion) await models.promote({ name, version, expectedChampion, why: reason });
    }
    return { version, runId };
  }

  async function versionOf({ experiment, runId }: RunRecord): Promise<number | undefined> {
    return (await models.versions(experiment)).find((version) => version.runId === runId)?.version;
  }
}

/** A release as a run, its figures under the titles of the assessments. */
function runOf({ card, files, parity }: Release, assessments: readonly Assessment[]): KeptRun {
  const schema = Object.fromEntries(card.inputs.map((input) => [input.name, input.type]));
  return {
    name: card.name,
    label: `${card.name}-${card.trainingSnapshot.slice(0, 8)}`,
    params: {
      seed: card.seed,
      rows: card.lineage.rows,
      features: card.features.length,
      stack: card.stack,
      calibrator: card.calibrator,
      toolkit_version: card.toolkitVersion,
    },
    datasets: card.lineage.sources.map((source) => trainingDataset(source, card.lineage.query, schema)),
    metrics: {
      ...Object.fromEntries(
        assessments.flatMap(({ title, evaluation }) =>
          figuresOf(evaluation.metrics, `${title.replaceAll(/[^a-z]+/gi, '_').toLowerCase()}/`),
        ),
      ),
      onnx_parity: parity.maxAbsDifference,
    },
    files,
  };
}

/** A table that a model was trained on, pinned by its snapshot. */
export function trainingDataset(
  { name, id, rows }: Lineage['sources'][number],
  query: string | undefined,
  schema: Dataset['schema'],
): Dataset {
  return {
    name,
    digest: id.slice(0, 32),
    source: JSON.stringify({ table: name, snapshot: id, rows: rows ?? null, query: query ?? null }),
    schema,
    role: 'training',
  };
}

/** Every figure with the ends of its interval, as entries of what a run logs. */
export function figuresOf(metrics: readonly MetricEstimate[], prefix: string): [string, number][] {
  return metrics.flatMap(({ name, value, lower, upper }): [string, number][] => [
    [`${prefix}${name}`, value],
    [`${prefix}${name}_lower`, lower],
    [`${prefix}${name}_upper`, upper],
  ]);
}
