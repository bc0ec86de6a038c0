// Fits our trust champion on the training side of every split and writes what it says of the other side, together
// with the design matrix and the splits, so that the peers get the same rows, folds and features.
//   node bench/trust/ours.js OUTDIR LAKEHOUSE SEEDS [text]
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  assess,
  createRng,
  duckdbLakehouse,
  randomHoldOut,
  readAll,
  silent,
  timeHoldOut,
  trustRows,
  trustSpec,
  workerPool,
} from 'kol-trainer';

const [out, lakehouse, seedCount, only] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const source = await duckdbLakehouse(lakehouse);
const table = await readAll(source, { sql: 'SELECT * FROM kol_gold.ml_trust_training ORDER BY kol_id' });
await source.close();
const rows = trustRows(table);
const { data, months } = rows;
const spec = trustSpec(rows, 5);
const pool = workerPool(availableParallelism());

writeFileSync(
  join(out, 'X.bin'),
  Buffer.concat(data.X.columns.map((column) => Buffer.from(Float32Array.from(column).buffer))),
);
writeFileSync(join(out, 'y.bin'), Uint8Array.from(data.y));

const splits = [];
for (let seed = 0; seed < Number(seedCount); seed++) {
  const context = { pool, rng: createRng(seed), progress: silent };
  const kinds = {
    random: () => randomHoldOut(data.keys, data.y, 0.2, seed),
    forward: () => timeHoldOut(months, 0.2),
  };
  for (const [kind, split] of Object.entries(kinds)) {
    if (only !== undefined && only !== kind) continue;
    const { train, test } = split();
    const began = performance.now();
    const { scores, fitted } = await assess(data, spec, { train, test }, { title: kind, note: '' }, context);
    const seconds = (performance.now() - began) / 1000;
    splits.push({
      seed,
      kind,
      seconds,
      stack: fitted.stackChoice.name,
      calibrator: fitted.calibratorChoice.name,
      train: Array.from(train),
      test: Array.from(test),
      p: Array.from(scores.values),
    });
    process.stderr.write(`ours: seed ${seed} ${kind} ${seconds.toFixed(1)} s\n`);
  }
}
writeFileSync(join(out, 'ours.json'), JSON.stringify({ features: data.X.names, texts: spec.text, splits }));
await pool.close();
