// `kol train table` without any option against LightGBM, on CSV files named on the command line or in BENCH_TABLES:
//   PYTHON=… node bench/table/run.js FILE:TARGET[:DROP] …
// Both see the same training rows; both are judged on the same 20 % of rows, drawn by row number modulo 5.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compareBinary, createRng } from 'kol-trainer';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const python = process.env.PYTHON ?? 'python3';
const tables = process.argv
  .slice(2)
  .concat((process.env.BENCH_TABLES ?? '').split(' '))
  .filter(Boolean);
if (tables.length === 0) {
  console.error('name tables as FILE:TARGET[:DROP], for example adult.csv:salary');
  process.exit(2);
}
for (const table of tables) {
  const [file, target, drop] = table.split(':');
  const out = mkdtempSync(join(tmpdir(), 'kol-table-'));
  execFileSync(python, [join(here, 'peer.py'), file, target, drop ?? '', out], { stdio: 'inherit' });
  const kol = (...args) =>
    execFileSync(process.execPath, [join(root, 'dist/cli/main.js'), ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  const began = performance.now();
  kol(
    'train',
    'table',
    '--input',
    join(out, 'train.csv'),
    '--target',
    target,
    ...(drop ? ['--drop', drop] : []),
    '--out',
    join(out, 'release'),
  );
  const seconds = (performance.now() - began) / 1000;
  kol(
    'score',
    '--model',
    join(out, 'release/model.onnx'),
    '--input',
    join(out, 'test.csv'),
    '--output',
    join(out, 'scores.csv'),
  );
  const peer = JSON.parse(readFileSync(join(out, 'peer.json'), 'utf8'));
  const lines = readFileSync(join(out, 'scores.csv'), 'utf8').trim().split('\n');
  const column = lines[0].split(',').indexOf('probability');
  const p = lines.slice(1).map((line) => Number(line.split(',')[column]));
  console.log(
    `\n### ${basename(file)}, target ${target}: ${peer.nTrain} rows to train, ${p.length} to judge; ours ${seconds.toFixed(0)} s, LightGBM ${peer.seconds.toFixed(1)} s\n`,
  );
  console.log(
    '| metric | kol train table | LightGBM | difference | 95 % interval | ours is |\n|---|---|---|---|---|---|',
  );
  for (const row of compareBinary({ y: peer.y, a: p, b: peer.p, rng: createRng(1) })) {
    console.log(
      `| ${row.label} | ${row.a.toFixed(4)} | ${row.b.toFixed(4)} | ${row.difference.toFixed(5)} | [${row.lower.toFixed(5)}, ${row.upper.toFixed(5)}] | ${row.verdict} |`,
    );
  }
}
