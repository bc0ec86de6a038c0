// How cost grows with the number of series.
import { join } from 'node:path';
import { count, seconds, table } from '../../gbm/table.js';
import { runOurs } from '../engines.js';

export const title = 'Forecasting: how cost grows, daily series of two years, 28 days ahead';

export async function run(context) {
  const { options } = context;
  if (!options.ours) return ['**Left out**: ours alone is measured here.'];
  const lines = [];
  for (const series of options.sizes) {
    const [folder] = context.sets(`speed:${series}:730`, new RegExp(`^speed-${series}-730$`));
    for (const threads of [1, options.threads]) {
      const { timeout } = options;
      const found = await runOurs(folder, { threads, timeout, out: join(options.dir, 'ours') });
      lines.push(
        found.failed
          ? [count(series), threads, `no figure: ${found.failed}`, '–', '–', '–', '–']
          : [
              count(series),
              threads,
              seconds(found.seconds),
              seconds(found.cpuSeconds),
              ((1000 * found.seconds) / series).toFixed(2),
              ((1000 * found.cpuSeconds) / series).toFixed(2),
              found.peakMiB.toFixed(0),
            ],
      );
    }
  }
  return [
    'The whole command, one run each.',
    table(['series', 'threads', 'wall s', 'cpu s', 'wall ms a series', 'cpu ms a series', 'peak MiB'], lines),
  ];
}
