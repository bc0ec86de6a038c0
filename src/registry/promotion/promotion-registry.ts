import { ConfigError } from '../../core/errors.js';
import type { AliasMove } from '../alias-move.js';
import type { AliasChange, Aliases } from '../aliases.js';
import type { MlflowConnection } from '../mlflow/connection.js';
import { listModelVersions } from '../mlflow/model-versions.js';
import type { ModelRegistry } from '../model-registry.js';
import { currentAuthor } from '../writer.js';
import { openLedger } from './ledger.js';
import { moveAliases, readAliases } from './mlflow-aliases.js';

/** A version as far as promotion looks at it. */
export interface PromotableVersion {
  readonly version: number;
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
export function localPromotion(models: ModelRegistry): PromotionRegistry {
  return Object.freeze({
    place: 'the local store',
    versions: async (name: string) =>
      (await models.versions(name)).map(({ version, tags, artifacts, createdAt }) => ({
        ...{ version, tags, createdAt },
        graph: artifacts.find(({ path }) => path === 'model.onnx')?.sha256,
      })),
    aliases: (name: string) => models.aliases(name),
    move: (move: AliasMove) => models.move(move),
    audit: (name: string) => models.audit(name),
  });
}

/** Tags that a sync writes. */
const graphTag = 'sha256.model.onnx';
const completeTag = 'kol.synced';

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
        .filter(({ tags }) => completeTag in tags)
        .map(({ version, tags }) => ({
          ...{ version, tags, graph: tags[graphTag] },
          createdAt: Date.parse(tags[completeTag]),
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
