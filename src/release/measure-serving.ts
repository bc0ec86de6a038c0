import { memoryUsage } from 'node:process';
import type { InputColumn } from '../champion/model.js';
import type { Table } from '../core/table.js';
import type { ServingFacts } from '../evaluation/gate/subject.js';
import { feedsOf } from '../onnx/feeds.js';
import { openSession, type SessionColumns } from '../onnx/session.js';

/** Single rows that are timed. */
const timedRows = 200;
/** Rows before them, which warm up what runs them. */
const warmRows = 20;

/**
 * What it costs to serve a graph in this process on one thread: the time of single rows, to load, and the memory that loading takes.
 * @param rows raw rows of a training or of an evaluation
 */
export function measureServing(
  onnx: Uint8Array,
  inputs: readonly InputColumn[],
  rows: Table,
): Promise<ServingFacts> {
  const columns = feedsOf(inputs, rows);
  return measureFeeds(onnx, (at) =>
    Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [
        name,
        values.slice(at % rows.nRows, (at % rows.nRows) + 1),
      ]),
    ),
  );
}

/**
 * The same for a graph of any inputs.
 * @param feedsAt one row at a time
 */
export async function measureFeeds(
  onnx: Uint8Array,
  feedsAt: (at: number) => SessionColumns,
): Promise<ServingFacts> {
  const before = memoryUsage.rss();
  const opened = performance.now();
  const session = await openSession(onnx, { threads: 1 });
  const loadMilliseconds = performance.now() - opened;
  const memory = memoryUsage.rss() - before;
  try {
    const times: number[] = [];
    for (let at = 0; at < warmRows + timedRows; at++) {
      const feeds = feedsAt(at);
      const began = performance.now();
      await session.run(feeds);
      if (at >= warmRows) times.push(performance.now() - began);
    }
    times.sort((a, b) => a - b);
    const share = (part: number): number => times[Math.floor(part * (times.length - 1))];
    return {
      p50Milliseconds: rounded(share(0.5)),
      p95Milliseconds: rounded(share(0.95)),
      loadMilliseconds: rounded(loadMilliseconds),
      fileMegabytes: rounded(onnx.length / 1e6),
      memoryMegabytes: rounded(Math.max(0, memory) / 1e6),
    };
  } finally {
    await session.close();
  }
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
