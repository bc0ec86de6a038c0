// Simulated families that a forecaster meets: where ours is weak, it should show here first.
import { table } from '../../gbm/table.js';
import { titles } from '../engines.js';
import { difference, differenceText, figure, meanScore, perSeries, scores } from '../scores.js';

export const title = 'Forecasting: simulated kinds of series';

export async function run(context) {
  const folders = context.sets('simulated', /^sim-/);
  const lines = [];
  for (const folder of context.options.quick ? folders.slice(0, 2) : folders) {
    const { sets, rows } = await context.compare([folder], ['seasonal-naive', 'auto-ets']);
    const ours = rows.find(({ engine, failed }) => engine === 'ours' && !failed);
    for (const row of rows) {
      const lead = [sets[0].meta.name.replace('sim-', ''), sets[0].meta.horizon, titles[row.engine]];
      if (row.failed) {
        lines.push([...lead, `no figure: ${row.failed}`, ...head.slice(4).map(() => '–')]);
        continue;
      }
      const mean = (score, digits) => figure(meanScore(row.runs, scores[score]), digits);
      const worst = Math.max(...[...perSeries(row.runs, scores.mase).values()].filter(Number.isFinite));
      lines.push([
        ...lead,
        mean('smape', 2),
        mean('mase', 3),
        worst.toFixed(2),
        `${mean('coverage80', 3)} / ${mean('coverage95', 3)}`,
        mean('msis95', 2),
        ours === undefined || row === ours
          ? '–'
          : differenceText(difference(ours.runs, row.runs, scores.mase)),
        ((1000 * row.cpuSeconds) / row.series).toFixed(1),
      ]);
    }
  }
  return [
    'Forty seeded series a family (bench/forecast/simulate.py), one origin. Series whose seasonal naive error is 0 have no MASE. AutoETS has no season longer than 24 steps. Gaps reach ours as they are and the peers filled along straight lines.',
    table(head, lines),
  ];
}

const head = [
  'family',
  'steps ahead',
  'engine',
  'sMAPE',
  'MASE',
  'worst series',
  'coverage 80 / 95 %',
  'MSIS 95 %',
  'MASE, ours − theirs',
  'cpu ms a series',
];
