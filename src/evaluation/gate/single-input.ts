import { take } from '../../core/matrix.js';
import { delong } from '../delong.js';
import { tieGroups } from '../tie-groups.js';
import type { GateTask } from './subject.js';

/** Lower end of the interval of what an input alone tells of the answer: 0.5 nothing, 1 everything. */
export interface SingleInput {
  readonly name: string;
  readonly value: number;
  readonly lower: number;
}

/** Rows of which a value may be missing and the others still say something. */
const fewestRows = 40;
/** Categories have at least as many rows as this, in the mean. */
const rowsPerCategory = 10;

/**
 * What one input by itself tells of the answer: ROC-AUC, in the direction that fits, of its values, or of each
 * category's share of positives among the other half of the rows; of several classes the one it tells most of.
 * Numbers to predict: (1 + |rank correlation|) / 2. Undefined where it has too few values.
 */
export function singleInput(
  task: GateTask,
  name: string,
  values: ArrayLike<number> | readonly (string | null)[],
  y: Float64Array,
): SingleInput | undefined {
  const isText = Array.from(values as ArrayLike<unknown>).some(
    (value) => typeof value === 'string' || value === null,
  );
  const answers =
    task === 'multiclass' ? [...new Set(y)].map((k) => y.map((label) => Number(label === k))) : [y];
  let best: SingleInput | undefined;
  for (const answer of answers) {
    const scored = isText
      ? byCategory(values as readonly (string | null)[], answer)
      : present(values as ArrayLike<number>, answer);
    if (scored === undefined) continue;
    const found = task === 'regression' ? ranks(scored) : ranking(scored);
    if (found !== undefined && (best === undefined || found.lower > best.lower)) best = { name, ...found };
  }
  return best;
}

interface Scored {
  readonly y: Float64Array;
  readonly score: Float64Array;
}

function present(values: ArrayLike<number>, y: Float64Array): Scored | undefined {
  const rows = Uint32Array.from(y.keys()).filter((row) => Number.isFinite(values[row]));
  if (rows.length < fewestRows) return undefined;
  return { y: take(y, rows), score: Float64Array.from(rows, (row) => values[row]) };
}

/** Every second row scored by what its category was in the others. */
function byCategory(values: readonly (string | null)[], y: Float64Array): Scored | undefined {
  const sums = new Map<string | null, { n: number; sum: number }>();
  for (let i = 0; i < y.length; i += 2) {
    const entry = sums.get(values[i]) ?? { n: 0, sum: 0 };
    entry.n++;
    entry.sum += y[i];
    sums.set(values[i], entry);
  }
  if (y.length < fewestRows || sums.size * rowsPerCategory > y.length / 2) return undefined;
  const rows = Uint32Array.from({ length: Math.floor(y.length / 2) }, (_, i) => 2 * i + 1);
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  return {
    y: take(y, rows),
    score: Float64Array.from(rows, (row) => {
      const entry = sums.get(values[row]);
      return entry === undefined ? mean : entry.sum / entry.n;
    }),
  };
}

function ranking({ y, score }: Scored): { value: number; lower: number } | undefined {
  const positives = y.reduce((sum, label) => sum + label, 0);
  if (Math.min(positives, y.length - positives) < 5) return undefined;
  const { auc, lower, upper } = delong(y, score);
  return auc >= 0.5 ? { value: auc, lower } : { value: 1 - auc, lower: 1 - upper };
}

function ranks({ y, score }: Scored): { value: number; lower: number } {
  const size = Math.abs(rankCorrelation(y, score));
  // Fisher's z; infinite for a perfect correlation, whose interval is then one point.
  const z = Math.atanh(size) - 1.96 / Math.sqrt(y.length - 3);
  return { value: (1 + size) / 2, lower: (1 + Math.tanh(z)) / 2 };
}

/** Spearman's rank correlation, ties at their middle; 0 where one side is constant. */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, z] = [a, b].map(middleRanks);
  const mean = (x.length - 1) / 2;
  let [xz, xx, zz] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xz += (x[i] - mean) * (z[i] - mean);
    xx += (x[i] - mean) ** 2;
    zz += (z[i] - mean) ** 2;
  }
  return xx === 0 || zz === 0 ? 0 : xz / Math.sqrt(xx * zz);
}

function middleRanks(values: ArrayLike<number>): Float64Array {
  const { order, ends } = tieGroups(values);
  const ranks = new Float64Array(values.length);
  let start = 0;
  for (const end of ends) {
    for (let i = start; i < end; i++) ranks[order[i]] = (start + end - 1) / 2;
    start = end;
  }
  return ranks;
}
