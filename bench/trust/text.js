// What texts add: the same rows and splits with and without bio and user name, judged on held-out accounts that have
// a text. The lakehouse must hold texts (kol import accounts).
//   node bench/trust/text.js LAKEHOUSE SEEDS
import { availableParallelism } from 'node:os';
import {
  assess,
  binaryMetrics,
  compareBinary,
  createRng,
  duckdbLakehouse,
  randomHoldOut,
  readAll,
  silent,
  Table,
  trustRows,
  trustSpec,
  workerPool,
} from 'kol-trainer';

const [lakehouse, seedCount] = process.argv.slice(2);
const texts = ['bio', 'username', 'display_name', 'location', 'lang', 'has_bio', 'has_url'];
const source = await duckdbLakehouse(lakehouse);
const table = await readAll(source, { sql: 'SELECT * FROM kol_gold.ml_trust_training ORDER BY kol_id' });
await source.close();
const named = Table.strings(table, 'username');
const pool = workerPool(availableParallelism());
const readings = {
  'with texts': table,
  'numbers only': Table.select(
    table,
    Object.keys(table.columns).filter((name) => !texts.includes(name)),
  ),
};
const y = [];
const p = { 'with texts': [], 'numbers only': [] };
for (let seed = 0; seed < Number(seedCount); seed++) {
  for (const [name, reading] of Object.entries(readings)) {
    const rows = trustRows(reading);
    const split = randomHoldOut(rows.data.keys, rows.data.y, 0.2, seed);
    const context = { pool, rng: createRng(seed), progress: silent };
    const { scores, fitted } = await assess(
      rows.data,
      trustSpec(rows, 5),
      split,
      { title: name, note: '' },
      context,
    );
    process.stderr.write(
      `seed ${seed}, ${name}: ${rows.features.length} features, stack ${fitted.stackChoice.name}\n`,
    );
    split.test.forEach((row, i) => {
      if (named[row] === null) return;
      p[name].push(scores.values[i]);
      if (name === 'numbers only') y.push(rows.data.y[row]);
    });
  }
}
await pool.close();
console.log(
  `held-out accounts with texts, all seeds: ${y.length}\n\n| metric | with texts | numbers only | difference | 95 % interval | texts are |\n|---|---|---|---|---|---|`,
);
for (const row of compareBinary({ y, a: p['with texts'], b: p['numbers only'], rng: createRng(1) })) {
  console.log(
    `| ${row.label} | ${row.a.toFixed(4)} | ${row.b.toFixed(4)} | ${row.difference.toFixed(5)} | [${row.lower.toFixed(5)}, ${row.upper.toFixed(5)}] | ${row.verdict} |`,
  );
}
console.log(
  `| ${binaryMetrics.calibration_error.label} | ${binaryMetrics.calibration_error.compute(y, p['with texts']).toFixed(4)} | ${binaryMetrics.calibration_error.compute(y, p['numbers only']).toFixed(4)} | | | |`,
);
