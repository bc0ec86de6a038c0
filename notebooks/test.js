// Runs every notebook top to bottom with nbconvert and the tslab kernel, and looks at what it showed.
// node notebooks/test.js [name…] [--html FOLDER]
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { writeSampleLakehouse, accountsFile } from '../dist/index.js';

const run = promisify(execFile);
const folder = dirname(fileURLToPath(import.meta.url));
const { JUPYTER_PYTHON: python, TSLAB_PREFIX: prefix } = process.env;
if (!python || !prefix) {
  process.stderr.write('JUPYTER_PYTHON and TSLAB_PREFIX are not set; run make test-notebooks\n');
  process.exit(2);
}
const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { html: { type: 'string' } },
});

/** What each page must show at least: pictures and tables. */
const shown = {
  '01-explore-lakehouse': { pictures: 3, tables: 2 },
  '02-train-trust': { pictures: 6, tables: 4 },
  '03-success-forecast': { pictures: 4, tables: 3 },
  '04-evaluate-and-promote': { pictures: 1, tables: 3 },
  '05-bring-your-own-table': { pictures: 4, tables: 4 },
};

const scratch = mkdtempSync(join(tmpdir(), 'kol-notebooks-'));
let failed = 0;
try {
  registerKernel(join(scratch, 'jupyter'));
  linkPackage();
  const lakehouse = join(scratch, 'lakehouse');
  await writeSampleLakehouse(lakehouse, { seed: 7, accountsFile, nKols: 200, nTexts: 50 });
  const all = readdirSync(folder).filter((name) => name.endsWith('.ipynb'));
  const names = all.map((name) => name.replace('.ipynb', ''));
  const unknown = names.filter((name) => !(name in shown));
  if (unknown.length > 0) throw new Error(`notebooks/test.js does not say what ${unknown.join(', ')} shows`);
  for (const name of names.filter((one) => positionals.length === 0 || positionals.includes(one))) {
    const began = process.hrtime.bigint();
    const problems = await check(name, lakehouse);
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    process.stdout.write(`${problems.length === 0 ? 'ok    ' : 'FAILED'} ${name} ${seconds.toFixed(1)} s\n`);
    for (const problem of problems) process.stdout.write(`       ${problem}\n`);
    if (problems.length > 0) failed++;
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);

/** The kernel, known to nothing but this run. */
function registerKernel(path) {
  const kernel = join(path, 'kernels', 'tslab');
  mkdirSync(kernel, { recursive: true });
  const argv = [
    process.execPath,
    join(prefix, 'node_modules/tslab/bin/tslab'),
    'kernel',
    '--config-path={connection_file}',
  ];
  writeFileSync(
    join(kernel, 'kernel.json'),
    JSON.stringify({ argv, display_name: 'TypeScript', language: 'typescript' }),
  );
}

/** tslab looks for types in node_modules only, so the package is put there, by its name. */
function linkPackage() {
  const modules = join(folder, 'node_modules');
  mkdirSync(modules, { recursive: true });
  if (!existsSync(join(modules, 'kol-trainer'))) symlinkSync('../..', join(modules, 'kol-trainer'), 'dir');
}

async function check(name, lakehouse) {
  const out = join(scratch, `${name}.ipynb`);
  const args = ['-m', 'nbconvert', '--execute', '--ExecutePreprocessor.timeout=900', '--output-dir', scratch];
  const env = {
    ...process.env,
    JUPYTER_PATH: join(scratch, 'jupyter'),
    JUPYTER_PLATFORM_DIRS: '1',
    KOL_LAKEHOUSE: lakehouse,
  };
  try {
    await run(python, [...args, '--to', 'notebook', join(folder, `${name}.ipynb`)], {
      env,
      maxBuffer: 1 << 28,
    });
  } catch (error) {
    return String(error.stderr ?? error)
      .trim()
      .split('\n')
      .slice(-25);
  }
  if (options.html) {
    mkdirSync(options.html, { recursive: true });
    await run(python, ['-m', 'nbconvert', '--to', 'html', '--output-dir', options.html, out], { env });
  }
  return problemsOf(JSON.parse(readFileSync(out, 'utf8')), shown[name]);
}

function problemsOf({ cells }, { pictures, tables }) {
  const outputs = cells.flatMap((cell) => cell.outputs ?? []);
  const of = (type) =>
    outputs.flatMap(({ data }) => (data?.[type] === undefined ? [] : [[data[type]].flat().join('')]));
  const svgs = of('image/svg+xml');
  const text = (output) => [output?.text ?? ''].flat().join('');
  const errors = outputs.filter(({ output_type, name }) => output_type === 'error' || name === 'stderr');
  return [
    ...errors.map((output) => `a cell complains: ${text(output) || output.evalue}`.slice(0, 600)),
    ...(svgs.length >= pictures ? [] : [`${svgs.length} pictures, expected ${pictures}`]),
    ...(of('text/html').length >= tables ? [] : [`${of('text/html').length} tables, expected ${tables}`]),
    ...svgs.filter((svg) => !/<desc>[^<]+<\/desc>/.test(svg)).map(() => 'a picture has no words'),
    ...svgs
      .filter((svg) => /NaN|undefined|var\(--/.test(svg))
      .map((svg) => `a picture holds ${/NaN|undefined|var\(--\w*/.exec(svg)[0]}`),
    ...svgs.filter((svg) => (svg.match(/<path/g) ?? []).length < 3).map(() => 'a picture shows nothing'),
    ...(text(cells.at(-1).outputs.at(-1)).includes('checked')
      ? []
      : ['the last cell did not end with its check']),
  ];
}
