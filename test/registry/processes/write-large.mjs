// Overwrites a file with more bytes than this process may write, and prints what that gave.
import { withStagedFolder, writeFileAtomically } from '../../../dist/registry/atomic-file.js';
import { openRunStore } from '../../../dist/registry/run-store.js';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
const large = new Uint8Array(4_000_000).fill(1);
const outcome = (work) =>
  work.then(
    () => 'written',
    (error) => `${error.name}: ${error.message}`,
  );
const store = openRunStore(folder);
const run = await store.start({ experiment: 'faults', name: 'disk full' });
await run.logTags({ before: 'yes' });
const results = {
  file: await outcome(writeFileAtomically(join(folder, 'file.bin'), large)),
  folder: await outcome(
    withStagedFolder(join(folder, 'staged'), (staging) => writeFile(join(staging, 'x'), large)),
  ),
  artifact: await outcome(run.logArtifact('model.onnx', large)),
  journal: await outcome(run.logTags({ large: 'x'.repeat(4_000_000) })),
  after: await outcome(run.logTags({ after: 'yes' })),
  runId: run.runId,
};
process.stdout.write(JSON.stringify(results));
