// The hourly series of the M4 competition beside its official table.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { byHorizon, owa } from 'kol-trainer';
import { table } from '../../gbm/table.js';
import { titles } from '../engines.js';
import { naive2Outcomes } from '../outcomes.js';
import { difference, differenceText, figure, meanScore, scores } from '../scores.js';

export const title = 'Forecasting: M4 hourly, 414 series, 48 hours ahead';

const slow = ['auto-ets', 'auto-theta', 'prophet', 'augurs'];

export async function run(context) {
  const { options } = context;
  const folders = context.sets('m4-hourly', /^m4-hourly$/);
  if (folders === null)
    return ['**Left out**: no folder of public series was named (--shared DIR or BENCH_SHARED).'];
  const peers = ['seasonal-naive', 'auto-ets', 'auto-theta', 'mstl', 'prophet', 'augurs', 'lightgbm'];
  const { sets, rows } = await context.compare(folders, peers, (engine) =>
    slow.includes(engine) || options.quick ? options.subset : undefined,
  );
  const official = officialScores(
    join(options.shared, 'forecast/m4-hourly/official_scores_by_frequency.csv'),
  );
  const naive2 = [naive2Outcomes(sets[0])];
  checkScorer(naive2, official);
  const ours = rows.find(({ engine, failed }) => engine === 'ours' && !failed);
  const lines = rows.flatMap((row) => [
    scoreRow(row, titles[row.engine], naive2, ours),
    ...(row.subset && !row.failed && ours
      ? [scoreRow(onSeriesOf(ours, row), 'kol forecast, the same series', naive2)]
      : []),
  ]);
  return [
    `Training and test files of the competition, judged on its test file only; hours since an arbitrary Monday stand for its missing dates. sMAPE in percent; MASE, width and MSIS in the scale of the seasonal naive error (24 hours) within the training series; OWA against Naive2. The difference is of MASE, ours less theirs, with its 95 % bootstrap interval over series. cpu s: fit and forecast of 1,000 such series (ours: the whole command).`,
    table(head, lines),
    officialTable(official),
    horizonTable(rows),
  ];
}

const head = [
  'engine',
  'n',
  'sMAPE',
  'MASE',
  'OWA',
  'coverage 80 / 95 %',
  'width 80 / 95 %',
  'MSIS 95 %',
  'MASE, ours − theirs',
  'cpu s / 1,000',
];

function scoreRow(row, name, naive2, ours) {
  if (row.failed) return [name, `no figure: ${row.failed}`, ...head.slice(2).map(() => '–')];
  const { runs } = row;
  const mean = (score, digits) => figure(meanScore(runs, scores[score]), digits);
  const point = (outcomes) => ({
    smape: meanScore(outcomes, scores.smape),
    mase: meanScore(outcomes, scores.mase),
  });
  const yardstick = point([new Map([...naive2[0]].filter(([id]) => runs[0].has(id)))]);
  return [
    name,
    runs[0].size,
    mean('smape', 3),
    mean('mase', 3),
    owa(point(runs), yardstick).toFixed(3),
    `${mean('coverage80', 3)} / ${mean('coverage95', 3)}`,
    `${mean('width80', 2)} / ${mean('width95', 2)}`,
    mean('msis95', 2),
    ours === undefined || row === ours ? '–' : differenceText(difference(ours.runs, runs, scores.mase)),
    ((1000 * row.cpuSeconds) / row.series).toFixed(1),
  ];
}

function onSeriesOf(ours, { runs }) {
  return { ...ours, runs: [new Map([...ours.runs[0]].filter(([id]) => runs[0].has(id)))] };
}

/** Rows of the official table with their hourly scores, best OWA first. */
function officialScores(file) {
  const [header, ...lines] = readFileSync(file, 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
  const column = (name) => header.indexOf(name);
  return lines
    .map((cells) => ({
      method: cells[0],
      smape: Number(cells[column('sMAPE_Hourly')] || NaN),
      mase: Number(cells[column('MASE_Hourly')] || NaN),
      owa: Number(cells[column('OWA_Hourly')] || NaN),
    }))
    .filter(({ owa: value }) => Number.isFinite(value))
    .sort((a, b) => a.owa - b.owa);
}

/** The scorer itself is judged first: our Naive2 must score what the organisers' does. */
function checkScorer(naive2, official) {
  const row = official.find(({ method }) => method === 'Naive2');
  for (const name of ['smape', 'mase']) {
    const found = meanScore(naive2, scores[name]);
    if (Math.abs(found - row[name]) > 0.00051)
      throw new Error(`the scorer is wrong: Naive2 has ${name}=${found}, the official table ${row[name]}`);
  }
}

function officialTable(official) {
  const names = { 118: '118 (Smyl)', 245: '245 (Montero-Manso et al.)', Com: 'Comb benchmark' };
  const wanted = ['Naive2', 'sNaive', 'Theta', 'Com', '118', '245'];
  const shown = official.filter(({ method }, i) => i < 5 || wanted.includes(method));
  const rows = shown.map((row) => [
    official.indexOf(row) + 1,
    names[row.method] ?? row.method,
    row.smape.toFixed(3),
    row.mase.toFixed(3),
    row.owa.toFixed(3),
  ]);
  return `The official hourly column, ${official.length} methods by OWA (Naive2 computed here scores the same to three decimals):\n\n${table(['rank', 'method', 'sMAPE', 'MASE', 'OWA'], rows)}`;
}

function horizonTable(rows) {
  const blocks = [1, 7, 13, 19, 25, 31, 37, 43].map((from) => [from, from + 5]);
  const lines = rows
    .filter(({ failed }) => !failed)
    .flatMap(({ engine, runs, subset }) =>
      ['coverage80', 'coverage95', 'mase'].map((name) => {
        const values = byHorizon([...runs[0].values()], scores[name]);
        const cells = blocks.map(([from, to]) => {
          const part = values.slice(from - 1, to);
          return (part.reduce((sum, x) => sum + x, 0) / part.length).toFixed(3);
        });
        return [
          titles[engine] + (subset ? ` (n = ${runs[0].size})` : ''),
          { coverage80: 'coverage 80 %', coverage95: 'coverage 95 %', mase: 'MASE' }[name],
          ...cells,
        ];
      }),
    );
  return `By hours ahead:\n\n${table(['engine', '', ...blocks.map(([from, to]) => `${from}–${to}`)], lines)}`;
}
