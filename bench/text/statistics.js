import { createRng } from 'kol-trainer';

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Accuracy and macro-F1 of the rows named by `rows`. */
function scores(y, prediction, rows, k) {
  const [hits, truth, guesses] = [new Float64Array(k), new Float64Array(k), new Float64Array(k)];
  for (const row of rows) {
    truth[y[row]]++;
    guesses[prediction[row]]++;
    if (y[row] === prediction[row]) hits[y[row]]++;
  }
  let f1 = 0;
  for (let c = 0; c < k; c++) f1 += hits[c] === 0 ? 0 : (2 * hits[c]) / (truth[c] + guesses[c]);
  return [hits.reduce((sum, n) => sum + n, 0) / rows.length, f1 / k];
}

/** Cells of a table: both scores of both, their paired differences, a verdict on accuracy. */
export function compareScores(y, a, b, k) {
  const all = y.map((_, i) => i);
  const [own, peer] = [scores(y, a, all, k), scores(y, b, all, k)];
  const rng = createRng(1);
  const draws = Array.from({ length: 2000 }, () => {
    const rows = y.map(() => rng.integer(y.length));
    return [scores(y, a, rows, k), scores(y, b, rows, k)];
  });
  const interval = (values, digits) => {
    const sorted = values.sort((p, q) => p - q);
    return [sorted[49], sorted[1949]].map((value) => value.toFixed(digits));
  };
  const verdicts = [];
  const cells = [0, 1].flatMap((m) => {
    const ownInterval = interval(
      draws.map(([p]) => p[m]),
      4,
    );
    const difference = interval(
      draws.map(([p, q]) => p[m] - q[m]),
      4,
    );
    verdicts.push(Number(difference[0]) > 0 ? 'better' : Number(difference[1]) < 0 ? 'worse' : 'undecided');
    const gap = own[m] - peer[m];
    return [
      `${own[m].toFixed(4)} [${ownInterval.join(', ')}]`,
      peer[m].toFixed(4),
      `${gap >= 0 ? '+' : ''}${gap.toFixed(4)} [${difference.join(', ')}]`,
    ];
  });
  return [...cells, verdicts.join(' / ')];
}
