import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, DataError, GateError } from '../core/errors.js';
import { listNames, nearestHint } from '../core/nearest-name.js';
import {
  aliasesAfter,
  appendChange,
  readChange,
  readChanges,
  readLastChange,
  sameAliases,
  type AliasChange,
  type Aliases,
} from './aliases.js';
import {
  appendVersion,
  listVersionNumbers,
  readVersion,
  verifyArtifact,
  type ModelVersion,
} from './model-version.js';
import { movedMessage, newVersions, promotionOf, rollbackOf, type AliasMove } from './alias-move.js';
import { parseModelUri } from './model-uri.js';
import type { Artifact } from './run-record.js';
import type { RunStore } from './run-store.js';
import { errnoOf } from './storage-error.js';
import { currentAuthor } from './writer.js';

/** A model version whose files were just read and hashed. */
export interface ResolvedModel extends ModelVersion {
  readonly files: readonly (Artifact & { readonly file: string })[];
}

export interface ModelRegistry {
  /**
   * Makes a version of artifacts of a run, after each was read back and found as it was logged.
   * @returns its number: 1, 2, …
   * @throws {ConfigError} for a name, run or artifact that does not exist; {DataError} for a changed file
   */
  registerVersion(version: {
    readonly name: string;
    readonly runId: string;
    /** Paths within the run's artifacts, at least one. */
    readonly artifacts: readonly string[];
    readonly tags?: Readonly<Record<string, string>>;
    readonly description?: string;
  }): Promise<number>;
  /** Every model that has versions, by name. */
  names(): Promise<readonly string[]>;
  versions(name: string): Promise<readonly ModelVersion[]>;
  aliases(name: string): Promise<Aliases>;
  /**
   * Makes a version the champion, and the champion the previous one.
   * @throws {GateError} when the champion is not `expectedChampion` any more, naming who moved it
   * @throws {DataError} when a file of the version was changed
   */
  promote(move: {
    readonly name: string;
    readonly version: number;
    /** The champion that the challenger was compared with; null for none. */
    readonly expectedChampion: number | null;
    readonly why?: string;
  }): Promise<Aliases>;
  /**
   * Exchanges champion and previous.
   * @throws {GateError} when there is no previous champion, or someone else moves it at the same time
   */
  rollback(move: { readonly name: string; readonly why?: string }): Promise<Aliases>;
  /**
   * Any move of the aliases, by `decide`; promote and rollback are such moves.
   * @throws {GateError} when someone else moves them at the same time
   */
  move(move: AliasMove): Promise<Aliases>;
  /** Every move of the aliases, the first one first. */
  audit(name: string): Promise<readonly AliasChange[]>;
  /**
   * The files of `models:/name@champion` (previous, canary, shadow) or `models:/name/3`, verified.
   * @throws {ConfigError} when there is no such version; {DataError} naming the file that was changed
   */
  resolve(uri: string): Promise<ResolvedModel>;
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/**
 * The model registry beside the runs: `<folder>/models/<name>/versions/<n>.json` and `aliases/<generation>.json`.
 *
 * @param now milliseconds since 1970-01-01 UTC
 */
export function openModelRegistry(store: RunStore, now: () => number = Date.now): ModelRegistry {
  const modelFolder = (name: string, part: 'versions' | 'aliases'): string => {
    if (!namePattern.test(name)) {
      throw new ConfigError(
        `model=${JSON.stringify(name)} must be 1 to 128 letters, digits, dots, dashes or underscores, beginning with a letter or digit`,
      );
    }
    return join(store.folder, 'models', name, part);
  };

  async function verified(version: ModelVersion): Promise<ResolvedModel> {
    const files = version.artifacts.map((artifact) =>
      Object.freeze({ ...artifact, file: store.artifactPath(version.runId, artifact.path) }),
    );
    for (const file of files) await verifyArtifact(file.file, file);
    return Object.freeze({ ...version, files: Object.freeze(files) });
  }

  const load = (name: string, version: number): Promise<ModelVersion> =>
    readVersion(modelFolder(name, 'versions'), name, version);

  async function registerVersion(given: Parameters<ModelRegistry['registerVersion']>[0]): Promise<number> {
    const { name, runId, tags = {}, description = '' } = given;
    const folder = modelFolder(name, 'versions');
    if (given.artifacts.length === 0) throw new ConfigError(`model ${name} needs at least one artifact`);
    const run = await store.readRun(runId);
    const artifacts = given.artifacts.map((path) => {
      const logged = run.artifacts.find((artifact) => artifact.path === path);
      if (logged !== undefined) return { ...logged };
      const known = run.artifacts.map((artifact) => artifact.path).join(', ');
      throw new ConfigError(`run ${runId} logged no artifact ${path}, only ${known || 'none'}`);
    });
    for (const artifact of artifacts)
      await verifyArtifact(store.artifactPath(runId, artifact.path), artifact);
    const created = { createdAt: now(), createdBy: currentAuthor() };
    return appendVersion(folder, { name, runId, artifacts, tags: { ...tags }, description, ...created });
  }

  async function move({ name, action, why, decide }: AliasMove): Promise<Aliases> {
    const folder = modelFolder(name, 'aliases');
    const last = await readLastChange(folder);
    const from = aliasesAfter(last);
    const to = decide(from, last);
    if (sameAliases(from, to)) return from;
    for (const version of newVersions(from, to)) await verified(await load(name, version));
    const generation = (last?.generation ?? 0) + 1;
    const change: AliasChange = {
      format: 1,
      generation,
      action,
      at: now(),
      by: currentAuthor(),
      why,
      from,
      to,
    };
    if (!(await appendChange(folder, change))) {
      const winner = await readChange(folder, generation);
      throw new GateError(movedMessage(name, from.champion, winner.to, winner));
    }
    const written = await readChange(folder, generation);
    if (!sameAliases(written.to, to)) {
      throw new DataError(`aliases of ${name} read back as ${JSON.stringify(written.to)}, not as written`);
    }
    return Object.freeze(to);
  }

  return Object.freeze({
    registerVersion,
    async names() {
      const folder = join(store.folder, 'models');
      const found = await readdir(folder).catch((error: unknown) => {
        if (errnoOf(error) === 'ENOENT') return [];
        throw new DataError(`cannot read ${folder} (${errnoOf(error)})`, { cause: error });
      });
      return found.filter((name) => namePattern.test(name)).sort();
    },
    async versions(name: string) {
      const numbers = await listVersionNumbers(modelFolder(name, 'versions'));
      return Promise.all(numbers.map((version) => load(name, version)));
    },
    aliases: async (name: string) => aliasesAfter(await readLastChange(modelFolder(name, 'aliases'))),
    promote: ({ name, version, expectedChampion, why = '' }: Parameters<ModelRegistry['promote']>[0]) =>
      move({ name, action: 'promote', why, decide: promotionOf(name, version, expectedChampion) }),
    rollback: ({ name, why = '' }: Parameters<ModelRegistry['rollback']>[0]) =>
      move({ name, action: 'rollback', why, decide: rollbackOf(name) }),
    move,
    audit: (name: string) => readChanges(modelFolder(name, 'aliases')),
    async resolve(uri: string) {
      const { name, version, alias } = parseModelUri(uri);
      if (alias === null) return verified(await load(name, version));
      const { champion, previous, canary, shadow } = aliasesAfter(
        await readLastChange(modelFolder(name, 'aliases')),
      );
      const places = new Map([
        ['champion', champion],
        ['previous', previous],
        ['canary', canary?.version ?? null],
        ['shadow', shadow ?? null],
      ]);
      const aliased = places.get(alias);
      if (aliased === undefined)
        throw new ConfigError(
          `model ${name} has no alias ${alias}${nearestHint(alias, [...places.keys()])}; the local store knows ${listNames([...places.keys()])}`,
        );
      if (aliased === null)
        throw new ConfigError(`model ${name} has no ${alias} yet; train one first, or kol promote a version`);
      return verified(await load(name, aliased));
    },
  });
}
