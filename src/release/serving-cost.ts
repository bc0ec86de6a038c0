import type { ServingCost } from '../evaluation/gate/evidence.js';
import { sortedQuantile } from '../evaluation/interval.js';
import type { InputColumn } from '../champion/model.js';
import { Table } from '../core/table.js';
import { feedsOf } from '../onnx/feeds.js';
import { openSession } from '../onnx/session.js';

/** Calls that are timed after as many to warm up. */
const rowCalls = 200;
const batchCalls = 40;
const batchRows = 100;

/** Opens a graph and times it on real rows, one thread, one row and a hundred at once. */
export async function servingCost(
  onnx: Uint8Array,
  inputs: readonly InputColumn[],
  table: Table,
): Promise<ServingCost> {
  const before = process.memoryUsage.rss();
  const opening = performance.now();
  const session = await openSession(onnx, { threads: 1 });
  const loadMilliseconds = performance.now() - opening;
  const time = async (calls: number, nRows: number): Promise<{ p50: number; p95: number }> => {
    const times = new Float64Array(calls);
    for (let i = -calls; i < calls; i++) {
      const rows = Uint32Array.from({ length: nRows }, (_, k) => ((i + calls) * nRows + k) % table.nRows);
      const feeds = feedsOf(inputs, Table.rows(table, rows));
      const start = performance.now();
      await session.run(feeds);
      if (i >= 0) times[i] = performance.now() - start;
    }
    times.sort();
    return { p50: sortedQuantile(times, 0.5), p95: sortedQuantile(times, 0.95) };
  };
  try {
    const row = await time(rowCalls, 1);
    const batch = await time(batchCalls, Math.min(batchRows, table.nRows));
    return {
      megabytes: onnx.length / 1e6,
      loadMilliseconds,
      memoryMegabytes: Math.max(0, process.memoryUsage.rss() - before) / 1e6,
      row,
      batch,
    };
  } finally {
    await session.close();
  }
}
