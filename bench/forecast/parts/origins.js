// Real series from three rolling origins each: daily page views, and the examples that Prophet comes with.
import { table } from '../../gbm/table.js';
import { titles } from '../engines.js';
import { difference, differenceText, figure, meanScore, scores } from '../scores.js';

export const title = 'Forecasting: real series from rolling origins';

const peers = ['seasonal-naive', 'mstl', 'prophet', 'augurs'];

export async function run(context) {
  if (context.options.shared === undefined)
    return ['**Left out**: no folder of public series was named (--shared DIR or BENCH_SHARED).'];
  const wikipedia = context.sets('wikipedia-daily', /^wikipedia-daily-h/);
  const examples = context.sets(
    'prophet-examples',
    /^(wp_log_|pedestrians|air_passengers|retail_sales|yosemite_(hourly|5min))/,
  );
  const groups = Map.groupBy
    ? Map.groupBy([...wikipedia, ...examples], groupOf)
    : grouped([...wikipedia, ...examples]);
  const daily = [];
  const single = [];
  for (const [name, folders] of groups) {
    if (context.options.quick && !/-h7$/.test(name)) continue;
    const extra = name.startsWith('wikipedia') ? ['lightgbm', 'auto-ets'] : [];
    const { rows } = await context.compare(folders, [...peers, ...extra]);
    (name.startsWith('wikipedia') ? daily : single).push([name, rows]);
  }
  return [
    'Three disjoint origins a series: the last leaves one horizon to judge, the ones before it two and three. Ours reads the rows as they are (unsorted, with gaps and empty cells); the peers get the regular grid, gaps filled along straight lines. MASE period: 7 days, 24 hours, 12 months, 288 times 5 minutes. Scores are averaged over the origins of a series, then over series.',
    table(manyHead, daily.flatMap(manyRows)),
    'Single series (n = 1 each: an illustration, no proof). Cells: sMAPE; MASE; coverage 80 / 95 %.',
    table(
      ['series', 'steps ahead', ...['ours', ...peers].map((engine) => titles[engine])],
      single.map(singleRow),
    ),
    summary([...daily, ...single]),
  ];
}

const groupOf = (folder) =>
  folder
    .split('/')
    .at(-1)
    .replace(/-o\d+$/, '');

function grouped(folders) {
  const groups = new Map();
  for (const folder of folders) groups.set(groupOf(folder), [...(groups.get(groupOf(folder)) ?? []), folder]);
  return groups;
}

const parts = (name) => [name.replace(/-h\d+$/, ''), name.match(/-h(\d+)$/)[1]];

const manyHead = [
  'set',
  'steps ahead',
  'engine',
  'series × origins',
  'sMAPE',
  'MASE',
  'coverage 80 / 95 %',
  'width 80 / 95 %',
  'MASE, ours − theirs',
  'cpu ms a forecast',
];

function manyRows([name, rows]) {
  const ours = rows.find(({ engine, failed }) => engine === 'ours' && !failed);
  return rows.map((row) => {
    const lead = [...parts(name), titles[row.engine]];
    if (row.failed) return [...lead, `no figure: ${row.failed}`, ...manyHead.slice(4).map(() => '–')];
    const mean = (score, digits) => figure(meanScore(row.runs, scores[score]), digits);
    return [
      ...lead,
      `${row.runs[0].size} × ${row.runs.length}`,
      mean('smape', 2),
      mean('mase', 3),
      `${mean('coverage80', 3)} / ${mean('coverage95', 3)}`,
      `${mean('width80', 2)} / ${mean('width95', 2)}`,
      ours === undefined || row === ours ? '–' : differenceText(difference(ours.runs, row.runs, scores.mase)),
      ((1000 * row.cpuSeconds) / row.series).toFixed(1),
    ];
  });
}

function singleRow([name, rows]) {
  const cells = ['ours', ...peers].map((engine) => {
    const row = rows.find((each) => each.engine === engine);
    if (row === undefined) return '–';
    if (row.failed) return `no figure: ${row.failed}`;
    const mean = (score, digits) => figure(meanScore(row.runs, scores[score]), digits);
    return `${mean('smape', 2)}; ${mean('mase', 3)}; ${mean('coverage80', 2)} / ${mean('coverage95', 2)}`;
  });
  return [...parts(name), ...cells];
}

/** Ratios of the MASE over all rows: a geometric mean, and how often ours is lower. */
function summary(groups) {
  const lines = peers.flatMap((engine) => {
    const ratios = groups.flatMap(([, rows]) => {
      const pair = ['ours', engine].map((name) => rows.find((row) => row.engine === name && !row.failed));
      if (pair.includes(undefined)) return [];
      const [a, b] = pair.map(({ runs }) => meanScore(runs, scores.mase));
      return [a / b];
    });
    if (ratios.length === 0) return [];
    const geometric = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
    return [
      [titles[engine], ratios.length, geometric.toFixed(3), ratios.filter((ratio) => ratio < 1).length],
    ];
  });
  if (lines.length === 0) return '';
  return `MASE of ours ÷ theirs over all rows above:\n\n${table(['peer', 'rows', 'geometric mean', 'ours lower in'], lines)}`;
}
