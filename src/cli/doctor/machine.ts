import { availableMemory } from 'node:process';
import { availableParallelism, totalmem } from 'node:os';
import { Worker } from 'node:worker_threads';
import { graphBuilder } from '../../onnx/graph.js';
import { openSession as openGraph } from '../../onnx/session.js';
import { openSession as openDuckdb } from '../../sources/duckdb-session.js';
import { bytesText } from './disk.js';
import { failed, ok, warning, type Examination, type Finding, type Steps } from './check.js';

/** Below it, training on the sample lakehouse begins to swap. */
const scarceMemory = 2 ** 30;

/** Node and the native parts that every command leans on. */
export function machine(): Examination {
  const location = `${process.platform} ${process.arch}`;
  return { service: 'machine', location, mend: 'install the package anew for this platform: npm ci', steps };
}

function* steps(): Steps {
  yield { name: 'node', find: () => Promise.resolve(nodeVersion(process.versions.node)) };
  yield { name: 'onnxruntime-node', find: runGraph };
  yield { name: 'duckdb', find: openDatabase };
  yield { name: 'worker threads', find: startThread };
  yield { name: 'memory', find: () => Promise.resolve(memory(availableMemory(), totalmem())) };
}

/** Whether this version of Node is one that the package supports. */
export function nodeVersion(version: string): Finding {
  const [major, minor] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return ok(`v${version}`);
  return failed('config', `v${version} is too old`, 'install Node 20.19 or newer');
}

/** Whether enough memory is left, in bytes. */
export function memory(available: number, total: number): Finding {
  const detail = `${bytesText(available)} of ${bytesText(total)} available`;
  if (available >= scarceMemory) return ok(detail);
  return warning(detail, 'end other programs, or train with fewer --threads');
}

/** Adds two numbers in ONNX Runtime, which also finds a runtime that loads but cannot compute. */
async function runGraph(): Promise<Finding> {
  const graph = graphBuilder('doctor');
  const a = graph.input('a', 'float', [1]);
  graph.output('sum', 'Add', [a, a], {}, [1]);
  const session = await openGraph(graph.finish());
  const { sum } = await session.run({ a: Float32Array.of(21) }).finally(() => session.close());
  if (sum[0] === 42) return ok('loads, and computes a graph');
  return failed(
    'export',
    `computes 21 + 21 = ${sum[0]}`,
    'install onnxruntime-node anew for this platform: npm ci',
  );
}

async function openDatabase(): Promise<Finding> {
  const session = await openDuckdb();
  try {
    const connection = await session.connect();
    const rows = await connection.runAndReadAll('SELECT version()');
    connection.closeSync();
    const [[version]] = rows.getRowsJson() as string[][];
    return ok(`loads, ${version}`);
  } finally {
    await session.close();
  }
}

async function startThread(): Promise<Finding> {
  const worker = new Worker('', { eval: true });
  await new Promise((resolve, reject) => {
    worker.once('error', reject).once('exit', resolve);
  });
  return ok(`${availableParallelism()} at a time`);
}
