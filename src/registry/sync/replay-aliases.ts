import { ServiceError } from '../../core/errors.js';
import type { AliasChange } from '../aliases.js';
import { setAlias } from '../mlflow/aliases.js';
import type { MlflowConnection } from '../mlflow/connection.js';
import { getRegisteredModel, setModelTag } from '../mlflow/registered-models.js';
import { planAliases, type AliasPlan } from './plan-aliases.js';

/** What a replay of the aliases of one model needs. */
export interface AliasReplay {
  readonly name: string;
  readonly changes: readonly AliasChange[];
  /** Number in MLflow by number in the local registry, of the versions that are there. */
  readonly versions: ReadonlyMap<number, number>;
  /** Tells this store from others that know the same model. */
  readonly storeId: string;
}

/**
 * Moves `previous`, then `champion`, to where the local registry has them, and reads both back.
 * @throws {ServiceError} when somebody else moves them at the same time
 */
export async function replayAliases(
  mlflow: MlflowConnection,
  { name, changes, versions, storeId }: AliasReplay,
  signal?: AbortSignal,
): Promise<AliasPlan> {
  const tag = `kol.replayed.${storeId}`;
  const locals = new Map([...versions].map(([local, remote]) => [remote, local]));
  const model = await getRegisteredModel(mlflow, name, signal);
  const at = (alias: string): number | undefined => model?.aliases[alias];
  const champion = at('champion');
  const plan = planAliases(changes, {
    champion: champion === undefined ? null : { remote: champion, local: locals.get(champion) ?? null },
    previous: locals.get(at('previous') ?? NaN) ?? null,
    replayed: Number(model?.tags[tag] ?? 0),
  });
  if (plan.kind !== 'move') return plan;

  const wanted = versions.get(plan.champion);
  const before = plan.previous === null ? undefined : versions.get(plan.previous);
  if (wanted === undefined) return { kind: 'held', reason: `version ${plan.champion} is not in MLflow yet` };
  if (before !== undefined && at('previous') !== before)
    await setAlias(mlflow, name, 'previous', before, signal);
  if (champion !== wanted) await setAlias(mlflow, name, 'champion', wanted, signal);
  const { champion: after } = (await getRegisteredModel(mlflow, name, signal))?.aliases ?? {};
  if (after !== wanted) {
    throw new ServiceError(
      `the champion of ${name} in MLflow is version ${after ?? 'none'}, not ${wanted} as just written: somebody else moves it; run kol sync again`,
    );
  }
  await setModelTag(mlflow, name, tag, String(plan.generation), signal);
  return plan;
}
