// Compiles the AssemblyScript kernels of every room that has some and embeds them: <room>/assembly → <room>/bytes.ts.
// Skipped where nothing changed since the last time.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { histogramKernels } from './generate-histogram-kernels.js';

const flags = [
  '-O3',
  '--noAssert',
  '--runtime',
  'stub',
  '--importMemory',
  '--sharedMemory',
  '--initialMemory',
  '1',
  '--maximumMemory',
  '65536',
  '--enable',
  'simd,threads,bulk-memory',
];
const rooms = ['learners/kernels', 'evaluation/kernels'].map((folder) =>
  fileURLToPath(new URL(`../src/${folder}/`, import.meta.url)),
);

const unrolled = join(rooms[0], 'assembly', 'histogram-kernels.ts');
if (!existsSync(unrolled) || readFileSync(unrolled, 'utf8') !== histogramKernels()) {
  writeWhole(unrolled, histogramKernels());
}
for (const room of rooms) await build(room);

/** @param {string} kernels folder of the room */
async function build(kernels) {
  const assembly = join(kernels, 'assembly');
  const target = join(kernels, 'bytes.ts');
  const sources = readdirSync(assembly)
    .filter((name) => name.endsWith('.ts'))
    .sort();
  const compiler = JSON.parse(
    readFileSync(new URL('../node_modules/assemblyscript/package.json', import.meta.url), 'utf8'),
  );
  const hash = createHash('sha256').update(JSON.stringify([compiler.version, flags]));
  for (const name of sources)
    hash
      .update(name)
      .update('\0')
      .update(readFileSync(join(assembly, name)));
  const fingerprint = hash.digest('hex');
  if (existsSync(target) && readFileSync(target, 'utf8').includes(fingerprint)) return;
  const wasm = await compile(assembly);
  writeWhole(
    target,
    `// Written by scripts/build-kernels.js from assembly/: do not edit.
// Sources: ${fingerprint}

/** The kernels as WebAssembly, ${wasm.length} bytes in base64. */
export const kernelBytes =
  '${Buffer.from(wasm).toString('base64')}';
`,
  );
}

/**
 * @param {string} assembly
 * @returns {Promise<Uint8Array>}
 */
async function compile(assembly) {
  const { default: asc } = await import('assemblyscript/asc');
  /** @type {Uint8Array | undefined} */
  let wasm;
  const { error, stderr } = await asc.main(['index.ts', '--outFile', 'kernels.wasm', ...flags], {
    readFile: (name, base) => {
      const path = join(base === '.' ? assembly : base, name);
      return existsSync(path) ? readFileSync(path, 'utf8') : null;
    },
    writeFile: (name, contents) => {
      if (name === 'kernels.wasm') wasm = contents;
    },
    listFiles: () => [],
  });
  if (error || wasm === undefined) throw new Error(`the kernels do not compile\n${stderr.toString()}`);
  return wasm;
}

/** Two builds at once must not read each other's half-written file. */
function writeWhole(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  const scratch = `${path}.${process.pid}`;
  writeFileSync(scratch, text);
  renameSync(scratch, path);
}
