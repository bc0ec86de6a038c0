// Logs metrics and artifacts for ever and prints each step once it is acknowledged.
import { openRunStore } from '../../../dist/registry/run-store.js';

const run = await openRunStore(process.argv[2]).start({ experiment: 'killed', name: 'victim' });
process.stdout.write(`${run.runId}\n`);
for (let step = 0; ; step++) {
  const writes = [
    run.logMetrics({ loss: 1 / (step + 1) }, step),
    run.logTags({ [`padding-${step}`]: 'x'.repeat(2_000) }),
  ];
  if (step % 3 === 0) writes.push(run.logArtifact(`part-${step}.bin`, new Uint8Array(50_000).fill(step)));
  await Promise.all(writes);
  process.stdout.write(`${step}\n`);
}
