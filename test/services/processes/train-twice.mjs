// Keeps two small trainings of the model named by argv[3] in the store argv[2], slowly, and promotes both.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openModelRegistry } from '../../../dist/registry/model-registry.js';
import { openRunStore } from '../../../dist/registry/run-store.js';

const [folder, name, graph] = process.argv.slice(2);
const runs = openRunStore(folder);
const models = openModelRegistry(runs);
process.stdout.write('began\n');
for (let i = 0; i < 2; i++) {
  const run = await runs.start({ experiment: name, name: `process ${process.pid}` });
  await run.logParams({ pid: process.pid, i });
  for (let step = 0; step < 5; step++) {
    await run.logMetrics({ loss: 1 / (step + 1), nan: NaN }, step);
    await sleep(20);
  }
  await run.logArtifact('model.onnx', await readFile(graph));
  await run.logArtifact('notes.txt', `${process.pid} ${i}\n`.repeat(10_000));
  await run.finish('finished');
  const version = await models.registerVersion({ name, runId: run.runId, artifacts: ['model.onnx'] });
  const { champion } = await models.aliases(name);
  await models.promote({ name, version, expectedChampion: champion });
}
