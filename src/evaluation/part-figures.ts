import { delong } from './delong.js';
import { criticalValue, wilsonInterval } from './interval.js';
import { mostProbable } from './multiclass.js';

/** A figure with its interval. JSON-plain. */
export interface Estimate {
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
}

/** How a model does on one part of the rows; null where the part is too small to say. JSON-plain. */
export interface PartFigure {
  readonly name: string;
  readonly nRows: number;
  readonly estimate: Estimate | null;
  /** In the order of `PartFigures.rates`. */
  readonly rates: readonly (Estimate | null)[];
}

/** How a model does part by part. JSON-plain. */
export interface PartFigures {
  /** What the rows are parted by. */
  readonly by: string;
  /** The label of `estimate`. */
  readonly metric: string;
  readonly direction: 'higher' | 'lower';
  /** Confidence level of all intervals. */
  readonly level: number;
  /** The same metric over all parted rows. */
  readonly all: Estimate | null;
  /** Labels of the further figures. */
  readonly rates: readonly string[];
  readonly parts: readonly PartFigure[];
  /** Parts beyond the largest ones, which are left out, and their rows. */
  readonly leftOut: { readonly parts: number; readonly nRows: number };
}

/** What a model said of labelled rows. */
export type JudgedAnswers =
  | {
      readonly task: 'binary';
      /** Labels `[nRows]`, 0 or 1. */
      readonly y: Float64Array;
      /** `[nRows]` probability of class 1. */
      readonly p: Float64Array;
      readonly threshold: number;
    }
  | { readonly task: 'multiclass'; readonly y: Float64Array; readonly P: readonly Float64Array[] }
  | { readonly task: 'regression'; readonly y: Float64Array; readonly prediction: Float64Array };

interface Measure {
  readonly metric: string;
  readonly direction: PartFigures['direction'];
  readonly rates: readonly string[];
  readonly of: (rows: readonly number[]) => Pick<PartFigure, 'estimate' | 'rates'>;
}

/** Fewer rows, or rows of a class, than this say nothing of a part. */
const leastRows = 20;
const leastOfClass = 5;

/**
 * A metric and its like for every part of the rows: ROC-AUC (DeLong's interval), recall, false positive rate
 * (Wilson's) and how far probabilities stand above the truth (normal) of a binary model; accuracy (Wilson's) of class
 * probabilities; mean absolute error and bias (normal) of a predicted number.
 *
 * @param names `[nRows]` the part of each row; undefined for a row of none
 * @param options `order`: parts in that order, all of them; left out, the largest first, at most `most` (12)
 */
export function figuresByPart(
  by: string,
  answers: JudgedAnswers,
  names: readonly (string | undefined)[],
  options: { readonly order?: readonly string[]; readonly most?: number; readonly level?: number } = {},
): PartFigures {
  const { order, most = 12, level = 0.95 } = options;
  const { of, ...measure } = measureOf(answers, level);
  const members = new Map<string, number[]>();
  names.forEach((name, row) => {
    if (name === undefined) return;
    const rows = members.get(name);
    if (rows === undefined) members.set(name, [row]);
    else rows.push(row);
  });
  const sorted = order
    ? order.flatMap((name) => (members.has(name) ? [[name, members.get(name)!] as const] : []))
    : [...members].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
  const shown = order ? sorted : sorted.slice(0, most);
  const rest = sorted.slice(shown.length);
  return {
    by,
    ...measure,
    level,
    all: of([...members.values()].flat()).estimate,
    parts: shown.map(([name, rows]) => ({ name, nRows: rows.length, ...of(rows) })),
    leftOut: { parts: rest.length, nRows: rest.reduce((sum, [, rows]) => sum + rows.length, 0) },
  };
}

function measureOf(answers: JudgedAnswers, level: number): Measure {
  switch (answers.task) {
    case 'binary':
      return binaryMeasure(answers, level);
    case 'multiclass': {
      const { y, P } = answers;
      const chosen = mostProbable(P);
      return {
        metric: 'Accuracy',
        direction: 'higher',
        rates: [],
        of: (rows) => ({
          estimate: share(rows, (row) => chosen[row] === y[row], rows, level),
          rates: [],
        }),
      };
    }
    case 'regression': {
      const { y, prediction } = answers;
      return {
        metric: 'Mean absolute error',
        direction: 'lower',
        rates: ['Prediction less truth'],
        of: (rows) => ({
          estimate: mean(rows, (row) => Math.abs(prediction[row] - y[row]), level),
          rates: [mean(rows, (row) => prediction[row] - y[row], level)],
        }),
      };
    }
  }
}

function binaryMeasure(
  { y, p, threshold }: Extract<JudgedAnswers, { task: 'binary' }>,
  level: number,
): Measure {
  return {
    metric: 'ROC-AUC',
    direction: 'higher',
    rates: ['Positive', 'Recall', 'False positive rate', 'Probability less truth'],
    of(rows) {
      const [negatives, positives] = [0, 1].map((label) => rows.filter((row) => y[row] === label));
      const called = (row: number): boolean => p[row] >= threshold;
      const enough = rows.length >= leastRows && Math.min(positives.length, negatives.length) >= leastOfClass;
      const auc = enough
        ? delong(
            rows.map((row) => y[row]),
            rows.map((row) => p[row]),
            level,
          )
        : null;
      return {
        estimate: auc && { value: auc.auc, lower: auc.lower, upper: auc.upper },
        rates: [
          share(rows, (row) => y[row] === 1, rows, level),
          share(positives, called, rows, level),
          share(negatives, called, rows, level),
          mean(rows, (row) => p[row] - y[row], level),
        ],
      };
    },
  };
}

/** @param all rows of the part, of which `rows` are those that count */
function share(
  rows: readonly number[],
  is: (row: number) => boolean,
  all: readonly number[],
  level: number,
): Estimate | null {
  if (all.length < leastRows || rows.length < leastOfClass) return null;
  const n = rows.filter(is).length;
  return { value: n / rows.length, ...wilsonInterval(n, rows.length, level) };
}

function mean(rows: readonly number[], of: (row: number) => number, level: number): Estimate | null {
  const n = rows.length;
  if (n < leastRows) return null;
  const value = rows.reduce((sum, row) => sum + of(row), 0) / n;
  const variance = rows.reduce((sum, row) => sum + (of(row) - value) ** 2, 0) / (n - 1);
  const half = criticalValue(level) * Math.sqrt(variance / n);
  return { value, lower: value - half, upper: value + half };
}

/** Bounds between accounts of different size. */
const sizes: readonly (readonly [number, string])[] = [
  [1e3, 'below 1,000 followers'],
  [1e4, '1,000 to 9,999'],
  [1e5, '10,000 to 99,999'],
  [1e6, '100,000 to 999,999'],
  [Infinity, '1,000,000 and more'],
];

/** The size class of every account by its followers, `unknown` where they are missing. */
export function accountSizes(followers: ArrayLike<number>): string[] {
  return Array.from(followers, (n) => sizes.find(([bound]) => n < bound)?.[1] ?? 'unknown');
}

/** The size classes, the smallest first. */
export const accountSizeOrder: readonly string[] = [...sizes.map(([, name]) => name), 'unknown'];

/**
 * Parts rows by time into about equally many, the oldest first; rows of one time stay together.
 * @param time `[nRows]`, larger is newer
 * @param format how a time is written
 * @returns the part of each row `[nRows]`, and the parts in order
 */
export function timeParts(
  time: ArrayLike<number>,
  format: (time: number) => string,
  most = 8,
): { readonly names: string[]; readonly order: string[] } {
  const n = time.length;
  const rows = Array.from({ length: n }, (_, row) => row).sort((a, b) => time[a] - time[b]);
  const wanted = Math.max(1, Math.min(most, Math.floor(n / (2 * leastRows))));
  const names = new Array<string>(n).fill('');
  const order: string[] = [];
  let start = 0;
  for (let part = 1; part <= wanted && start < n; part++) {
    let end = Math.max(start + 1, Math.round((part * n) / wanted));
    while (end < n && time[rows[end]] === time[rows[end - 1]]) end++;
    const [from, to] = [format(time[rows[start]]), format(time[rows[end - 1]])];
    const name = from === to ? from : `${from} to ${to}`;
    if (!order.includes(name)) order.push(name);
    for (let i = start; i < end; i++) names[rows[i]] = name;
    start = end;
  }
  return { names, order };
}
