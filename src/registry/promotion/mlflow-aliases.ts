import { ConfigError, GateError, ServiceError } from '../../core/errors.js';
import { movedMessage, newVersions, type AliasMove } from '../alias-move.js';
import { sameAliases, type AliasChange, type Aliases } from '../aliases.js';
import { deleteAlias, setAlias } from '../mlflow/aliases.js';
import type { MlflowConnection } from '../mlflow/connection.js';
import { deleteVersionTag, getModelVersion, setVersionTag } from '../mlflow/model-versions.js';
import { getRegisteredModel, setModelTag, type RegisteredModel } from '../mlflow/registered-models.js';
import type { Ledger } from './ledger.js';

/** Names of the tags that promotion writes. */
export const promotionTags = Object.freeze({
  /** Of the model: the change that its aliases show. */
  generation: 'kol.alias_generation',
  /** Of the canary version: its share of the requests, 0 to 1. */
  canaryShare: 'kol.canary_share',
  /** Of a version: when, by whom and why it was made champion. */
  promotedAt: 'kol.promoted_at',
  promotedBy: 'kol.promoted_by',
  promotedWhy: 'kol.promoted_why',
  /** Of a version that was champion until then. */
  retiredAt: 'kol.retired_at',
});

/** Rounds of writing and reading back before it is said that others keep writing. */
const mostRounds = 8;

/** Who moves, and when. */
export interface Mover {
  readonly by: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly now: () => number;
}

/** The aliases of a model as MLflow shows them. */
export async function readAliases(
  mlflow: MlflowConnection,
  name: string,
  signal?: AbortSignal,
): Promise<Aliases> {
  const model = await getRegisteredModel(mlflow, name, signal);
  if (model === undefined)
    throw new ConfigError(`model ${name} is not in MLflow; train it, or send it there with kol sync`);
  return shownAliases(mlflow, model, signal);
}

/**
 * Moves aliases in MLflow: the change is put on record, which one of several at once achieves, then the aliases are
 * made to show it, `previous` first, and read back. A change on record that its maker did not live to show is shown
 * first.
 * @throws {GateError} when someone else moved them first
 * @throws {ConfigError} when there is no such model or version
 */
export async function moveAliases(
  mlflow: MlflowConnection,
  ledger: Ledger,
  { name, action, why, decide }: AliasMove,
  { by, now }: Mover,
  signal?: AbortSignal,
): Promise<Aliases> {
  const last = (await ledger.read()).at(-1) ?? null;
  if (last !== null && (await shownGeneration(mlflow, name, signal)) !== last.generation)
    await show(mlflow, ledger, name, last, signal);
  // What the aliases show counts, not the record: somebody may have moved them by hand.
  const from = await readAliases(mlflow, name, signal);
  const to = decide(from, last);
  if (sameAliases(from, to)) return from;
  for (const version of newVersions(from, to)) await checkVersion(mlflow, name, version, signal);
  const generation = (last?.generation ?? 0) + 1;
  const change: AliasChange = { format: 1, generation, action, at: now(), by, why, from, to };
  if (!(await ledger.append(change))) {
    const winner = (await ledger.read()).find((other) => other.generation === generation);
    throw new GateError(movedMessage(name, from.champion, winner?.to ?? from, winner ?? null));
  }
  await show(mlflow, ledger, name, change, signal);
  await tell(mlflow, name, change, signal);
  return to;
}

/** Makes the aliases show the newest change on record, at least `change`. */
async function show(
  mlflow: MlflowConnection,
  ledger: Ledger,
  name: string,
  change: AliasChange,
  signal: AbortSignal | undefined,
): Promise<void> {
  let wanted = change;
  for (let round = 0; round < mostRounds; round++) {
    const complete = await write(mlflow, ledger, name, wanted, signal);
    if (complete)
      await setModelTag(mlflow, name, promotionTags.generation, String(wanted.generation), signal);
    const newest = (await ledger.read()).at(-1) ?? wanted;
    const shown = await readAliases(mlflow, name, signal);
    // Who slept between looking and writing may have written what is past: whoever reads back last mends it.
    if (newest.generation === wanted.generation && sameAliases(shown, wanted.to)) return;
    wanted = newest;
  }
  throw new ServiceError(
    `the aliases of ${name} in MLflow do not stay as written (change ${wanted.generation}): something else keeps moving them; stop it and run the command again`,
  );
}

/** Sets what differs; stops where a newer change came on record. */
async function write(
  mlflow: MlflowConnection,
  ledger: Ledger,
  name: string,
  { generation, to }: AliasChange,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const shown = await readAliases(mlflow, name, signal);
  const steps: (() => Promise<void>)[] = [];
  const place = (
    alias: string,
    before: number | null | undefined,
    after: number | null | undefined,
  ): void => {
    if ((before ?? null) === (after ?? null)) return;
    steps.push(() =>
      typeof after === 'number'
        ? setAlias(mlflow, name, alias, after, signal)
        : deleteAlias(mlflow, name, alias, signal),
    );
  };
  place('previous', shown.previous, to.previous);
  place('champion', shown.champion, to.champion);
  const { canary } = to;
  if (canary !== undefined && canary.share !== shown.canary?.share) {
    const share = String(canary.share);
    // Before the alias: a canary without its share would be asked by nobody knows how many.
    steps.push(() => setVersionTag(mlflow, name, canary.version, promotionTags.canaryShare, share, signal));
  }
  place('canary', shown.canary?.version, canary?.version);
  place('shadow', shown.shadow, to.shadow);
  for (const step of steps) {
    const newest = (await ledger.read()).at(-1);
    if (newest !== undefined && newest.generation > generation) return false;
    await step();
  }
  return true;
}

/** The trail on the versions themselves, for whoever looks at their pages; the ledger is what counts. */
async function tell(
  mlflow: MlflowConnection,
  name: string,
  { from, to, at, by, why }: AliasChange,
  signal: AbortSignal | undefined,
): Promise<void> {
  const when = new Date(at).toISOString();
  if (to.champion !== null && to.champion !== from.champion) {
    for (const [tag, value] of [
      [promotionTags.promotedAt, when],
      [promotionTags.promotedBy, by],
      [promotionTags.promotedWhy, why],
    ] as const)
      await setVersionTag(mlflow, name, to.champion, tag, value, signal);
    if (from.champion !== null)
      await setVersionTag(mlflow, name, from.champion, promotionTags.retiredAt, when, signal);
  }
  if (from.canary !== undefined && from.canary.version !== to.canary?.version)
    await deleteVersionTag(mlflow, name, from.canary.version, promotionTags.canaryShare, signal);
}

async function shownGeneration(
  mlflow: MlflowConnection,
  name: string,
  signal: AbortSignal | undefined,
): Promise<number> {
  const model = await getRegisteredModel(mlflow, name, signal);
  return Number(model?.tags[promotionTags.generation] ?? 0);
}

async function shownAliases(
  mlflow: MlflowConnection,
  { name, aliases }: RegisteredModel,
  signal: AbortSignal | undefined,
): Promise<Aliases> {
  const at = (alias: string): number | undefined =>
    Object.hasOwn(aliases, alias) ? aliases[alias] : undefined;
  const [canary, shadow] = [at('canary'), at('shadow')];
  const share =
    canary === undefined
      ? NaN
      : Number((await getModelVersion(mlflow, name, canary, signal))?.tags[promotionTags.canaryShare]);
  return {
    champion: at('champion') ?? null,
    previous: at('previous') ?? null,
    // An alias without a share was set by hand, or its version is gone: no request goes there.
    ...(canary !== undefined && share > 0 && share <= 1 && { canary: { version: canary, share } }),
    ...(shadow !== undefined && { shadow }),
  };
}

async function checkVersion(
  mlflow: MlflowConnection,
  name: string,
  version: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const found = await getModelVersion(mlflow, name, version, signal);
  if (found === undefined)
    throw new ConfigError(
      `model ${name} has no version ${version} in MLflow; see its page there, or run kol sync`,
    );
  if (found.status !== 'READY') {
    throw new ConfigError(
      `version ${version} of ${name} in MLflow is ${found.status}, expected READY; wait for it, or send it again with kol sync`,
    );
  }
}
