import { fitRowWeights, type RowWeights } from '../linear/newton-cg.js';
import { rowSums, scaledRows, takeRows, type FactoredRows } from './factored-rows.js';
import { logCountRatios, weightByRatios, type Factors } from './term-factors.js';

/** How strongly the penalty holds terms back, and whether it spares those that the counts speak for. */
export interface Penalty {
  readonly l2Regularization: number;
  readonly logCountRatio: number;
}

/** Where the rows cannot be split so that every class is on both sides. */
export const usualPenalty: Penalty = { l2Regularization: 0.25, logCountRatio: 0.5 };

/** From strong to weak: each fit begins where the stronger one ended. */
const penalties = [1, 0.25, 0.0625, 0.0156];
const ratios = [0, 0.5];
const folds = 4;
/** Rows that take part at most. */
const mostRows = 5000;
/** How many of the folds are tried: the fewer rows, the more noise, and the cheaper a fit. */
const roundsFor = (nRows: number): number => (nRows > 3000 ? 1 : nRows > 1500 ? 2 : folds);
const tolerance = 1e-4;
const maxIterations = 30;

/** What the choice is made on. */
export interface LabelledRows {
  readonly rows: FactoredRows;
  readonly factors: Factors;
  /** `[nRows]` class indices below `nClasses` */
  readonly y: Float64Array;
  readonly weight: Float64Array;
  readonly nClasses: number;
  /** `[nRows]` a number drawn from each text, so that equal texts fall into one fold whatever their order. */
  readonly draw: Uint32Array;
}

/**
 * The penalty with the lowest log loss on rows held out of the fits: in all four quarters where rows are few, in one quarter
 * of at most 5,000 rows where they are many.
 *
 * @param given parts that are already decided
 */
export async function choosePenalty(
  data: LabelledRows,
  given: Partial<Penalty>,
  signal?: AbortSignal,
): Promise<Penalty> {
  const order = Uint32Array.from(data.draw.keys()).filter((i) => data.weight[i] > 0);
  order.sort((a, b) => data.draw[a] - data.draw[b] || a - b);
  const used = order.subarray(0, mostRows);
  const rounds = roundsFor(used.length);
  const totals = new Map<string, { penalty: Penalty; loss: number; rounds: number }>();
  for (let round = 0; round < rounds; round++) {
    const isTest = (i: number): boolean => (data.draw[i] >>> 8) % folds === round;
    const [train, test] = [used.filter((i) => !isTest(i)), used.filter(isTest)];
    if (test.length === 0 || !coversClasses(data, train, order)) return { ...usualPenalty, ...given };
    for (const { penalty, loss } of await lossesOf(data, train, test, given, signal)) {
      const key = `${penalty.l2Regularization} ${penalty.logCountRatio}`;
      const before = totals.get(key) ?? { loss: 0, rounds: 0 };
      totals.set(key, { penalty, loss: before.loss + loss, rounds: before.rounds + 1 });
    }
  }
  const [first, ...others] = [...totals.values()].filter((total) => total.rounds === rounds);
  return others.reduce((best, other) => (other.loss < best.loss ? other : best), first).penalty;
}

function coversClasses({ y, nClasses }: LabelledRows, train: Uint32Array, all: Uint32Array): boolean {
  const classesOf = (rows: Uint32Array): Set<number> => new Set(Array.from(rows, (i) => y[i]));
  // A class that is nowhere gets no margins to learn, and needs the care of `fitPresentClasses`.
  return classesOf(train).size === nClasses && classesOf(all).size === nClasses;
}

async function lossesOf(
  data: LabelledRows,
  train: Uint32Array,
  test: Uint32Array,
  given: Partial<Penalty>,
  signal?: AbortSignal,
): Promise<{ penalty: Penalty; loss: number }[]> {
  const { nClasses } = data;
  const K = nClasses === 2 ? 1 : nClasses;
  const pick = (values: Float64Array, indices: Uint32Array): Float64Array =>
    Float64Array.from(indices, (i) => values[i]);
  const [rows, held] = [takeRows(data.rows, train), takeRows(data.rows, test)];
  const [y, weight] = [pick(data.y, train), pick(data.weight, train)];
  const factors = { row: pick(data.factors.row, train), term: data.factors.term };
  const heldFactor = pick(data.factors.row, test);
  const [heldY, heldWeight] = [pick(data.y, test), pick(data.weight, test)];
  const counts = logCountRatios(rows, y, weight, nClasses);
  const found: { penalty: Penalty; loss: number }[] = [];
  for (const logCountRatio of given.logCountRatio === undefined ? ratios : [given.logCountRatio]) {
    const weighted = weightByRatios(rows, factors, counts, logCountRatio);
    const X = scaledRows(rows, weighted.row, weighted.term);
    let start: RowWeights | undefined;
    let before = Infinity;
    for (const l2 of given.l2Regularization === undefined ? penalties : [given.l2Regularization]) {
      start = await fitRowWeights(X, y, weight, { nMargins: K, l2, maxIterations, tolerance, signal }, start);
      const combined = X.combine(start.rows, K);
      const margins = start.intercept.reduce<Float64Array[]>((all, b, k) => {
        const own = weighted.term.map((factor, t) => factor * combined[t * K + k]);
        return [...all, rowSums(held, own).map((sum, i) => b + sum * heldFactor[i])];
      }, []);
      const loss = logLoss(margins, heldY, heldWeight);
      found.push({ penalty: { l2Regularization: l2, logCountRatio }, loss });
      // Once it rises, the loss of weaker penalties rises further.
      if (loss > before) break;
      before = loss;
    }
  }
  return found;
}

function logLoss(margins: readonly Float64Array[], y: Float64Array, weight: Float64Array): number {
  const all = margins.length === 1 ? [new Float64Array(y.length), margins[0]] : margins;
  let loss = 0;
  for (let i = 0; i < y.length; i++) {
    const top = all.reduce((most, margin) => Math.max(most, margin[i]), -Infinity);
    const sum = all.reduce((total, margin) => total + Math.exp(margin[i] - top), 0);
    loss += weight[i] * (top + Math.log(sum) - all[y[i]][i]);
  }
  return loss;
}

/** A number for every text, the same for equal texts (FNV-1a, mixed). @returns `[nTexts]` */
export function drawTexts(texts: readonly (string | null)[]): Uint32Array {
  return Uint32Array.from(texts, (text) => {
    let hash = 0x811c9dc5;
    const length = Math.min(text?.length ?? 0, 1000);
    for (let at = 0; at < length; at++) hash = Math.imul(hash ^ text!.charCodeAt(at), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    return hash ^ (hash >>> 16);
  });
}
