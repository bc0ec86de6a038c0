import { Option } from 'commander';
import { ConfigError } from '../core/errors.js';
import type { Aliases } from '../registry/aliases.js';
import { followMlflow } from '../registry/promotion/follow-mlflow.js';
import {
  localPromotion,
  mlflowPromotion,
  type PromotionRegistry,
} from '../registry/promotion/promotion-registry.js';
import { withMlflow } from './mlflow-sync.js';
import type { CliSession } from './session.js';
import { textTable } from './summary.js';

export type RegistryName = 'local' | 'mlflow';

/** `--registry` */
export const registryOption = (): Option =>
  new Option(
    '--registry <registry>',
    'where to move: the local store, or MLflow and what the store has of it (default: mlflow where MLFLOW_TRACKING_URI is set)',
  ).choices(['local', 'mlflow']);

/** Where a command promotes, and what it does when it moved something. */
export interface PromotionPlace {
  readonly registry: PromotionRegistry;
  /** Takes the local store along. */
  readonly follow: (name: string, aliases: Aliases) => Promise<void>;
}

/** Opens the registry that the option or the environment names, for as long as `work` takes. */
export async function withPromotion(
  session: CliSession,
  wanted: RegistryName | undefined,
  work: (place: PromotionPlace) => Promise<void>,
): Promise<void> {
  const { environment, models, runs, progress, signal } = session;
  const { mlflow: settings } = environment;
  if ((wanted ?? (settings === undefined ? 'local' : 'mlflow')) === 'local') {
    await work({ registry: localPromotion(models, runs), follow: () => Promise.resolve() });
    return;
  }
  if (settings === undefined) {
    throw new ConfigError(
      '--registry mlflow needs MLFLOW_TRACKING_URI; set it to the address of MLflow, such as http://mlflow:5000',
    );
  }
  await withMlflow(session, (mlflow) =>
    work({
      registry: mlflowPromotion(mlflow, Date.now, signal),
      async follow(name, aliases) {
        if (await followMlflow(mlflow, { runs, models }, name, aliases, signal)) return;
        progress.note(
          `version ${aliases.champion} of ${name} was made in another store: the champion of ${runs.folder} stays as it was`,
        );
      },
    }),
  );
}

/** Where the aliases are, in a sentence. */
export function aliasesInWords(model: string, { champion, previous, canary, shadow }: Aliases): string {
  const named = (version: number | null): string => (version === null ? 'none' : `version ${version}`);
  return [
    `${model}: champion is ${named(champion)}, previous is ${named(previous)}`,
    ...(canary === undefined ? [] : [`canary is version ${canary.version} with ${100 * canary.share} %`]),
    ...(shadow === undefined ? [] : [`shadow is version ${shadow}`]),
  ].join(', ');
}

/** The audit trail as a table. */
export async function historyInWords(registry: PromotionRegistry, model: string): Promise<string> {
  const changes = await registry.audit(model);
  if (changes.length === 0) return `the aliases of ${model} were never moved in ${registry.place}`;
  return textTable([
    ['at', 'action', 'champion', 'previous', 'by', 'why'],
    ...changes.map(({ at, action, to, by, why }) => [
      new Date(at).toISOString().slice(0, 19).replace('T', ' '),
      action,
      String(to.champion ?? ''),
      String(to.previous ?? ''),
      by,
      why,
    ]),
  ]);
}
