import type { Aliases } from '../aliases.js';
import type { MlflowConnection } from '../mlflow/connection.js';
import { listModelVersions } from '../mlflow/model-versions.js';
import { setModelTag } from '../mlflow/registered-models.js';
import type { ModelRegistry } from '../model-registry.js';
import type { RunStore } from '../run-store.js';
import { versionKey, versionTags } from '../sync/replay-version.js';
import { storeId } from '../sync/store-id.js';

/**
 * Moves the aliases of the local store to where MLflow has them, as far as the store holds the versions, so that
 * the next training is compared with the champion that serves; and notes in MLflow that there is nothing to replay.
 * @returns whether the store holds the champion; where it does not, its own stays
 */
export async function followMlflow(
  mlflow: MlflowConnection,
  { runs, models }: { readonly runs: RunStore; readonly models: ModelRegistry },
  name: string,
  aliases: Aliases,
  signal?: AbortSignal,
): Promise<boolean> {
  const keys = new Map(
    (await listModelVersions(mlflow, name, signal)).map(({ version, tags }) => [
      version,
      tags[versionTags.key],
    ]),
  );
  const runKeys = new Map((await runs.listRuns()).runs.map(({ runId, key }) => [runId, key]));
  const locals = new Map(
    (await models.versions(name)).map((version) => [
      versionKey(runKeys.get(version.runId) ?? version.runId, version),
      version.version,
    ]),
  );
  const localOf = (remote: number | null): number | null => locals.get(keys.get(remote ?? NaN) ?? '') ?? null;
  const champion = localOf(aliases.champion);
  if (champion === null) return false;
  await models.move({
    name,
    action: 'promote',
    why: `as in MLflow at ${mlflow.address.base}`,
    decide: (current) =>
      current.champion === champion
        ? current
        : { champion, previous: localOf(aliases.previous) ?? current.champion },
  });
  const generation = (await models.audit(name)).at(-1)?.generation ?? 0;
  const tag = `kol.replayed.${await storeId(runs.folder)}`;
  await setModelTag(mlflow, name, tag, String(generation), signal);
  return true;
}
