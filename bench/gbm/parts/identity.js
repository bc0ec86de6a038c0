// The bytes of a model on any number of threads, and beside a busy process.
import { runCell } from '../cell.js';
import { withNeighbour } from '../neighbour.js';
import { count, table } from '../table.js';

export const title = 'Boosting: the same bytes on any number of threads';

export async function run(context) {
  const { options } = context;
  const n = options.rows?.[0] ?? (options.quick ? 10_000 : 100_000);
  const threadCounts = [1, 2, 3, 4, 8];
  const synthetic = await context.set(`higgs:${n}:100000`);
  const categories = await context.set(options.quick ? 'categorical:5000' : 'categorical:200000');
  const digits = await context.set('digits');
  const cases = [
    [`${count(n)} × 28`, synthetic, {}],
    [`${count(n)} × 28, rows and columns sampled`, synthetic, { subsample: 0.8, colsampleByTree: 0.8 }],
    ['categorical', categories, {}],
    ['digits, 10 classes', digits, {}],
  ];
  const rows = [];
  let broken = false;
  for (const [label, set, extra] of cases) {
    const job = {
      ...context.job,
      kind: 'identity',
      engine: 'ours',
      set,
      rows: n,
      params: { ...options.params, ...extra },
      threadCounts,
      label,
    };
    const quiet = await runCell(job, context);
    const loaded = await withNeighbour(() => runCell({ ...job, label: `${label}, busy` }, context));
    const failed = quiet.failed ?? loaded.failed;
    if (failed !== undefined) {
      rows.push([label, `no figure: ${failed}`, '–', '–']);
      continue;
    }
    const distinct = new Set([...Object.values(quiet.hashes), ...Object.values(loaded.hashes)]);
    if (distinct.size > 1) broken = true;
    rows.push([
      label,
      quiet.hashes[1].slice(0, 16),
      threadCounts
        .filter((t) => quiet.hashes[t] !== quiet.hashes[1] || loaded.hashes[t] !== quiet.hashes[1])
        .join(', ') || 'none',
      distinct.size === 1 ? 'identical' : '**not identical**',
    ]);
  }
  if (broken) process.exitCode = 1;
  return [
    `SHA-256 of \`encodeRecord(model)\` for ${threadCounts.join(', ')} threads, on a quiet machine and beside a process that keeps one core busy: ${2 * threadCounts.length} fits a row.`,
    table(['fit', 'SHA-256 begins', 'thread counts that differ', 'models'], rows),
  ];
}
