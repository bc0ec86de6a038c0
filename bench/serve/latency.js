// Latency of a champion in onnxruntime-node on one thread: one row at a time, and batches of 100.
//   node bench/serve/latency.js MODEL.onnx ROWS.csv|ROWS.parquet
import { readFileSync } from 'node:fs';
import { openDataFile, openSession, sanitizeText } from 'kol-trainer';

const [model, input] = process.argv.slice(2);
const card = JSON.parse(readFileSync(model.replace(/\.onnx$/, '.json'), 'utf8'));
const file = await openDataFile(input, {
  types: Object.fromEntries(card.inputs.map(({ name, type }) => [name, type])),
});
const batch = (await file.batches()[Symbol.asyncIterator]().next()).value;
const columns = Object.fromEntries(
  card.inputs.map(({ name, type }) => [
    name,
    type === 'string'
      ? batch.columns[name].values.map(sanitizeText)
      : Float32Array.from(batch.columns[name].values),
  ]),
);
const session = await openSession(readFileSync(model), { threads: 1 });

async function percentiles(size, calls) {
  const times = [];
  for (let call = 0; call < calls + 200; call++) {
    const start = (call * size) % (batch.nRows - size);
    const rows = Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [name, values.slice(start, start + size)]),
    );
    const began = performance.now();
    await session.run(rows);
    if (call >= 200) times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return [0.5, 0.95].map((share) => times[Math.floor(share * times.length)].toFixed(3));
}

console.log('| rows a call | p50 ms | p95 ms |\n|---|---|---|');
for (const [size, calls] of [
  [1, 5000],
  [100, 500],
])
  console.log(`| ${size} | ${(await percentiles(size, calls)).join(' | ')} |`);
await session.close();
