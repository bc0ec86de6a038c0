// The whole comparison: sample lakehouse → ours → peers → tables on stdout.
//   PYTHON=… node bench/trust/run.js [SEEDS]
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const seeds = process.argv[2] ?? '5';
const lakehouse = process.env.KOL_LAKEHOUSE ?? join(root, 'lakehouse');
const out = process.env.BENCH_DIR ?? mkdtempSync(join(tmpdir(), 'kol-bench-'));
const run = (command, ...args) => execFileSync(command, args, { stdio: 'inherit', cwd: root });

if (!existsSync(lakehouse)) run(process.execPath, 'dist/cli/main.js', 'sample', '--lakehouse', lakehouse);
run(process.execPath, join(here, 'ours.js'), out, lakehouse, seeds);
run(process.env.PYTHON ?? 'python3', join(here, 'peers.py'), out);
run(process.execPath, join(here, 'compare.js'), out);
