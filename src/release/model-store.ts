import { readFile } from 'node:fs/promises';
import type { Assessment } from '../champion/assess.js';
import { DataError } from '../core/errors.js';
import type { ModelRegistry } from '../registry/model-registry.js';
import type { RunStore } from '../registry/run-store.js';
import type { Release } from './build-release.js';
import type { Challenge } from './challenge.js';

/** Where releases are kept and compared; pipelines see no more of the registry than this. */
export interface ModelStore {
  /** The champion's version and one of its files; undefined where there is no champion. */
  champion(
    name: string,
    file: string,
  ): Promise<{ readonly version: number; readonly text: string } | undefined>;
  /** Keeps a release as a run and a new version, and promotes it where the challenge says so. */
  save(
    release: Release,
    challenge: Challenge,
    assessments: readonly Assessment[],
    expectedChampion: number | null,
  ): Promise<{ readonly version: number; readonly runId: string }>;
}

/** A model store on the local run store and registry. */
export function localModelStore(runs: RunStore, models: ModelRegistry): ModelStore {
  return {
    async champion(name, file) {
      const { champion } = await models.aliases(name);
      if (champion === null) return undefined;
      const { files } = await models.resolve(`models:/${name}/${champion}`);
      const found = files.find(({ path }) => path === file);
      if (found === undefined) throw new DataError(`models:/${name}@champion has no file ${file}`);
      return { version: champion, text: await readFile(found.file, 'utf8') };
    },

    async save(release, challenge, assessments, expectedChampion) {
      const { card, files, parity } = release;
      const run = await runs.start({
        experiment: card.name,
        name: `${card.name}-${card.trainingSnapshot.slice(0, 8)}`,
      });
      await run.logParams({
        seed: card.seed,
        rows: card.lineage.rows,
        features: card.features.length,
        stack: card.stack,
        calibrator: card.calibrator,
        toolkit_version: card.toolkitVersion,
      });
      for (const { name, id, rows } of card.lineage.sources) {
        await run.logDataset({
          name,
          digest: id.slice(0, 32),
          source: JSON.stringify({
            table: name,
            snapshot: id,
            rows: rows ?? null,
            query: card.lineage.query ?? null,
          }),
          schema: Object.fromEntries(card.inputs.map((input) => [input.name, input.type])),
          role: 'training',
        });
      }
      for (const { title, evaluation } of assessments) {
        const prefix = title.replaceAll(/[^a-z]+/gi, '_').toLowerCase();
        await run.logMetrics(
          Object.fromEntries(
            evaluation.metrics.flatMap(({ name, value, lower, upper }) => [
              [`${prefix}/${name}`, value],
              [`${prefix}/${name}_lower`, lower],
              [`${prefix}/${name}_upper`, upper],
            ]),
          ),
        );
      }
      await run.logMetrics({ onnx_parity: parity.maxAbsDifference });
      await run.logTags({ decision: challenge.decision, reason: challenge.reason });
      for (const [path, content] of Object.entries(files)) await run.logArtifact(path, content);
      await run.finish('finished');
      const version = await models.registerVersion({
        name: card.name,
        runId: run.runId,
        artifacts: Object.keys(files),
        tags: { decision: challenge.decision },
        description: challenge.reason,
      });
      if (challenge.decision === 'promote') {
        await models.promote({ name: card.name, version, expectedChampion, why: challenge.reason });
      }
      return { version, runId: run.runId };
    },
  };
}
