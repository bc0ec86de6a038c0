import { ConfigError } from '../../core/errors.js';
import type { AliasMove } from '../alias-move.js';
import type { AliasChange, Aliases } from '../aliases.js';
import type { MlflowConnection } from '../mlflow/connection.js';
import { listModelVersions } from '../mlflow/model-versions.js';
import type { ModelRegistry } from '../model-registry.js';
import type { RunRecord } from '../run-record.js';
import type { RunStore } from '../run-store.js';
import { runKeyOf, versionTags } from '../sync/replay-version.js';
import { currentAuthor } from '../writer.js';
import { openLedger } from './ledger.js';
import { moveAliases, readAliases } from './mlflow-aliases.js';

/** A version as far as promotion looks at it. */
export interface PromotableVersion {
  readonly version: number;
  /** Key of the run that made it, the same in every registry; undefined where no store of ours did. */
  readonly runKey: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** SHA-256 of its model.onnx; undefined where it has none. */
  readonly graph: string | undefined;
  /** Milliseconds since 1970-01-01 UTC; NaN where it is not known. */
  readonly createdAt: number;
}

/** Where versions are promoted: the local store, or MLflow. */
export interface PromotionRegistry {
  /** In words, for messages. */
  readonly place: string;
  /** Ascending; none where there is no such model. */
  versions(name: string): Promise<readonly PromotableVersion[]>;
  aliases(name: string): Promise<Aliases>;
  /** @throws {GateError} when someone else moved them first */
  move(move: AliasMove): Promise<Aliases>;
  /** Every move, the first one first. */
  audit(name: string): Promise<readonly AliasChange[]>;
}

/** Promotion in the local store. */
export function localPromotion(models: ModelRegistry, runs: RunStore): PromotionRegistry {
  return Object.freeze({
    place: 'the local store',
    versions: async (name: string) => {
      const keys = new Map((await runs.listRuns()).runs.map(({ runId, key }) => [runId, key]));
      return (await models.versions(name)).map(({ version, runId, tags, artifacts, createdAt }) => ({
        ...{ version, tags, createdAt },
        runKey: keys.get(runId),
        graph: artifacts.find(({ path }) => path === 'model.onnx')?.sha256,
      }));
    },
    aliases: (name: string) => models.aliases(name),
    move: (move: AliasMove) => models.move(move),
    audit: (name: string) => models.audit(name),
  });
}

/** A tag that a sync writes. */
const graphTag = 'sha256.model.onnx';

/** Promotion in MLflow. Versions that a sync has not wholly sent are not there yet. */
export function mlflowPromotion(
  mlflow: MlflowConnection,
  now: () => number = Date.now,
  signal?: AbortSignal,
): PromotionRegistry {
  return Object.freeze({
    place: `MLflow at ${mlflow.address.base}`,
    versions: async (name: string) =>
      (await listModelVersions(mlflow, name, signal))
        .filter(({ tags }) => versionTags.complete in tags)
        .map(({ version, tags }) => ({
          ...{ version, tags, graph: tags[graphTag], runKey: runKeyOf(tags[versionTags.key]) },
          createdAt: Date.parse(tags[versionTags.complete]),
        })),
    aliases: (name: string) => readAliases(mlflow, name, signal),
    async move(move: AliasMove) {
      const ledger = await openLedger(mlflow, move.name, signal);
      return moveAliases(mlflow, ledger, move, { by: currentAuthor(), now }, signal);
    },
    audit: async (name: string) => (await openLedger(mlflow, name, signal)).read(),
  });
}

/**
 * The version of that number, the newest when left out.
 * @throws {ConfigError} naming those that there are
 */
export function pickVersion(
  versions: readonly PromotableVersion[],
  name: string,
  place: string,
  version?: number,
): PromotableVersion {
  const found = version === undefined ? versions.at(-1) : versions.find((one) => one.version === version);
  if (found !== undefined) return found;
  if (versions.length === 0) {
    throw new ConfigError(
      `--model ${name} has no versions in ${place}; train it first, or send it there with kol sync`,
    );
  }
  throw new ConfigError(
    `model ${name} has no version ${version} in ${place}, only ${versions.map((one) => one.version).join(', ')}`,
  );
}

/**
 * The version that a run made, whose number may be another one in every registry.
 * @throws {ConfigError} where it is not there
 */
export function pickVersionOfRun(
  versions: readonly PromotableVersion[],
  name: string,
  place: string,
  { runId, key }: Pick<RunRecord, 'runId' | 'key'>,
): PromotableVersion {
  const found = versions.findLast(({ runKey }) => runKey === key);
  if (found !== undefined) return found;
  throw new ConfigError(
    `run ${runId} made no version of ${name} that is in ${place}; send it there with kol sync`,
  );
}
