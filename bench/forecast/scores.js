// Scores of outcomes, and the rows of the tables.
import {
  coverage,
  createRng,
  intervalAt,
  mase,
  meanOverSeries,
  meanScaledWidth,
  msis,
  scoreEach,
  smape,
} from 'kol-trainer';

const within = (level) => (outcome) => {
  const { lower, upper } = intervalAt(outcome, level);
  return coverage(outcome.actual, lower, upper);
};
const width = (level) => (outcome) => {
  const { lower, upper } = intervalAt(outcome, level);
  return meanScaledWidth(lower, upper, outcome.scale);
};

export const scores = {
  smape: ({ actual, forecast }) => smape(actual, forecast),
  mase: ({ actual, forecast, scale }) => mase(actual, forecast, scale),
  coverage80: within(0.8),
  coverage95: within(0.95),
  width80: width(0.8),
  width95: width(0.95),
  msis95: (outcome) => {
    const { lower, upper } = intervalAt(outcome, 0.95);
    return msis(outcome.actual, lower, upper, outcome.scale, 0.05);
  },
};

/**
 * One number per series: scores of several origins of the same series are averaged first, since they depend on each
 * other.
 * @param {Map<string, object>[]} runs outcomes by id, one map per origin
 * @returns {Map<string, number>}
 */
export function perSeries(runs, score) {
  const values = new Map();
  for (const outcomes of runs) {
    const ids = [...outcomes.keys()];
    scoreEach([...outcomes.values()], score).forEach((value, i) => {
      if (!values.has(ids[i])) values.set(ids[i], []);
      values.get(ids[i]).push(value);
    });
  }
  return new Map([...values].map(([id, all]) => [id, all.reduce((sum, x) => sum + x, 0) / all.length]));
}

/** An exploded model's figure needs no digits. */
export const figure = (value, digits) => (value < 1e4 ? value.toFixed(digits) : value.toExponential(0));

/** Mean over the series. */
export function meanScore(runs, score) {
  return meanOverSeries([...perSeries(runs, score).values()], { rng: createRng(1), replicates: 2 }).mean;
}

/** The mean of ours minus theirs on the series that both have, with its 95 % bootstrap interval over series. */
export function difference(ours, theirs, score) {
  const [a, b] = [perSeries(ours, score), perSeries(theirs, score)];
  const common = [...b.keys()].filter((id) => a.has(id));
  if (common.length === 0) return undefined;
  return meanOverSeries(
    common.map((id) => a.get(id) - b.get(id)),
    { rng: createRng(1) },
  );
}

/** `+0.012 [-0.003, 0.027] better`; one series has no interval. */
export function differenceText(found, digits = 3) {
  if (found === undefined) return '–';
  const { mean, lower, upper, n } = found;
  const signed = (x) => (x > 0 ? '+' : '') + x.toFixed(digits);
  if (n < 3) return signed(mean);
  const word = upper < 0 ? 'better' : lower > 0 ? '**worse**' : 'inconclusive';
  return `${signed(mean)} [${signed(lower)}, ${signed(upper)}] ${word}`;
}
