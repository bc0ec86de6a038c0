// Markdown of the reports.
import { median } from './statistics.js';
import { ratios } from './rounds.js';

export const titles = {
  ours: 'kol-trainer',
  lightgbm: 'LightGBM',
  'lightgbm-csr': 'LightGBM, CSR input',
  xgboost: 'XGBoost hist',
  'xgboost-csr': 'XGBoost hist, CSR input',
  hgb: 'scikit-learn histogram boosting',
  catboost: 'CatBoost Lossguide',
  ydf: 'YDF',
  'ydf-training': 'ydf-training (wasm)',
  'ml-xgboost': 'ml-xgboost (wasm)',
  forest: 'scikit-learn',
};

export const count = (n) =>
  n % 1_000_000 === 0 ? `${n / 1_000_000}M` : n % 1000 === 0 ? `${n / 1000}k` : String(n);

export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

export const seconds = (value) => (value < 10 ? value.toFixed(value < 1 ? 3 : 2) : value.toFixed(1));

/** Median and, of more than one run, the range. */
export function times(values) {
  if (values.length === 0) return '–';
  const range = values.length > 1 ? ` (${seconds(Math.min(...values))}–${seconds(Math.max(...values))})` : '';
  return seconds(median(values)) + range;
}

export function ratioText(ratio) {
  if (ratio === undefined) return '–';
  const range = ratio.all.length > 1 ? ` (${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)})` : '';
  return `${ratio.median.toFixed(2)}${range}`;
}

const good = (results) => results.filter(({ failed }) => failed === undefined);
const failure = (results) => results.find(({ failed }) => failed !== undefined)?.failed;

/**
 * One row for ours and one for each peer: time, ratio of the rounds, AUC, memory.
 * @param {string[]} lead first cells of every row
 * @param {object} runs of `interleave`
 * @param {(result: object) => number} value what is compared, in seconds
 */
export function engineRows(lead, { ours, peers }, value = (result) => result.seconds) {
  const cells = (engine, results, ratio, beside) => {
    const done = good(results);
    if (done.length === 0)
      return [
        ...lead,
        titles[engine],
        `no figure: ${failure(results) ?? 'not run'}`,
        '–',
        '–',
        '–',
        '–',
        '–',
      ];
    const some = (pick, digits) => {
      const values = done.map(pick).filter((x) => x !== undefined);
      return values.length === 0 ? '–' : median(values).toFixed(digits);
    };
    return [
      ...lead,
      titles[engine],
      times(done.map(value)) + (failure(results) ? `; once ${failure(results)}` : ''),
      beside,
      ratio,
      some((result) => result.quality, 5),
      some((result) => result.aboveMiB, 0),
      some((result) => result.cpuSeconds, 2),
    ];
  };
  return [
    cells('ours', ours, '1', '–'),
    ...peers.map(({ engine, pairs }) =>
      cells(
        engine,
        pairs.map(({ peer }) => peer),
        ratioText(ratios(pairs, value)),
        times(good(pairs.map((pair) => pair.ours)).map(value)),
      ),
    ),
  ];
}

export const engineHead = [
  'engine',
  's, median (range)',
  'ours beside it, s',
  'ours ÷ engine (range of rounds)',
  'ROC-AUC',
  'peak MiB above data',
  'cpu s of the fit',
];

/** The engine that is faster than ours by the most, or slower by the least: the largest ratio. */
export function fastest({ peers }, value) {
  return peers
    .map(({ engine, pairs }) => ({ engine, pairs, ratio: ratios(pairs, value) }))
    .filter(({ ratio }) => ratio !== undefined)
    .sort((a, b) => b.ratio.median - a.ratio.median)[0];
}

export function verdict(value, must, aim) {
  if (value === undefined || Number.isNaN(value)) return 'no figure';
  return value <= aim ? 'aim reached' : value <= must ? 'must reached' : '**missed**';
}

/** What else the machine did meanwhile. */
export function foreign(results) {
  const values = good(results)
    .map(({ foreignCpu }) => foreignCpu)
    .filter((x) => x !== undefined);
  if (values.length === 0) return '';
  return `Other processes kept a core busy for ${median(values).toFixed(1)} s (median) to ${Math.max(...values).toFixed(1)} s during a process of these ${values.length}.`;
}
