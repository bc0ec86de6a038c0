import { ConfigError, DataError } from '../core/errors.js';
import { murmur3 } from '../core/murmur3.js';

/** Row indices to learn from and row indices to be judged on, both ascending, disjoint. */
export interface Split {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Which of `nFolds` folds each row is judged in: every class is dealt out in the order of a hash of
 * (seed, key), so a row keeps its fold when other rows come, go or move, and SQL can deal the same hand.
 *
 * @param keys `[nRows]` what identifies each row, distinct
 * @param strata `[nRows]` class indices, or one value for all where there is nothing to balance
 * @throws {ConfigError} for fewer than 2 folds
 * @throws {DataError} when a stratum has fewer rows than folds
 */
export function stratifiedFolds(
  keys: readonly string[],
  strata: ArrayLike<number>,
  nFolds: number,
  seed: number,
): Uint8Array {
  checkFolds(nFolds);
  const folds = new Uint8Array(keys.length);
  for (const [stratum, rows] of rowsByStratum(strata)) {
    if (rows.length < nFolds) {
      throw new DataError(
        `class ${stratum} has ${rows.length} rows, too few for ${nFolds} folds; give it more rows or use fewer folds`,
      );
    }
    hashOrder(rows, keys, seed).forEach((row, rank) => (folds[row] = rank % nFolds));
  }
  return folds;
}

/**
 * Like `stratifiedFolds` without strata, but all rows of a group share a fold; the largest groups are dealt
 * first, each to the fold with the fewest rows.
 * @param groups `[nRows]` group names
 */
export function groupedFolds(groups: readonly string[], nFolds: number, seed: number): Uint8Array {
  checkFolds(nFolds);
  const sizes = new Map<string, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  if (sizes.size < nFolds) throw new DataError(`${sizes.size} groups are too few for ${nFolds} folds`);
  const order = [...sizes.keys()].sort(
    (a, b) => sizes.get(b)! - sizes.get(a)! || hash(a, seed) - hash(b, seed) || (a < b ? -1 : 1),
  );
  const load = new Array<number>(nFolds).fill(0);
  const foldOf = new Map<string, number>();
  for (const group of order) {
    const fold = load.indexOf(Math.min(...load));
    load[fold] += sizes.get(group)!;
    foldOf.set(group, fold);
  }
  return Uint8Array.from(groups, (group) => foldOf.get(group)!);
}

/**
 * Expanding windows: the rows are cut at equal counts of time into nFolds + 1 blocks, and each block but the
 * first is judged by a model of all rows before it. Rows of one instant stay together.
 *
 * @param time `[nRows]` finite
 * @param gap rows newer than (start of the judged block - gap) are not trained on; in the unit of `time`
 */
export function timeSplits(time: ArrayLike<number>, nFolds: number, gap = 0): Split[] {
  checkFolds(nFolds);
  const sorted = Float64Array.from(time).sort();
  const cuts = Array.from(
    { length: nFolds },
    (_, k) => sorted[Math.floor(((k + 1) * sorted.length) / (nFolds + 1))],
  );
  const splits = cuts.map((start, k) => {
    const end = cuts[k + 1] ?? Infinity;
    return splitBy(time.length, (i) =>
      time[i] < start - gap ? 'train' : time[i] >= start && time[i] < end ? 'test' : undefined,
    );
  });
  return splits.filter(({ train, test }) => train.length > 0 && test.length > 0);
}

/** The splits that a fold assignment stands for. */
export function splitsOf(folds: Uint8Array): Split[] {
  const nFolds = folds.reduce((most, fold) => Math.max(most, fold + 1), 0);
  return Array.from({ length: nFolds }, (_, k) =>
    splitBy(folds.length, (i) => (folds[i] === k ? 'test' : 'train')),
  );
}

/** A stratified random hold-out of about `share` of the rows; the same hand as `stratifiedFolds` deals. */
export function randomHoldOut(
  keys: readonly string[],
  strata: ArrayLike<number>,
  share: number,
  seed: number,
): Split {
  const isTest = new Uint8Array(keys.length);
  for (const [, rows] of rowsByStratum(strata)) {
    const held = Math.round(share * rows.length);
    hashOrder(rows, keys, seed)
      .slice(0, held)
      .forEach((row) => (isTest[row] = 1));
  }
  return splitBy(keys.length, (i) => (isTest[i] ? 'test' : 'train'));
}

/**
 * The newest periods that hold at least `share` of the rows against all older ones.
 * @param period `[nRows]` the period of each row, larger is newer (a month number, say); periods are never cut
 */
export function timeHoldOut(period: ArrayLike<number>, share: number): Split {
  const sorted = Float64Array.from(period).sort();
  const first = sorted[sorted.length - Math.max(1, Math.ceil(share * sorted.length))];
  return splitBy(period.length, (i) => (period[i] >= first ? 'test' : 'train'));
}

function splitBy(nRows: number, side: (row: number) => 'train' | 'test' | undefined): Split {
  const train: number[] = [];
  const test: number[] = [];
  for (let i = 0; i < nRows; i++) {
    const which = side(i);
    if (which === 'train') train.push(i);
    else if (which === 'test') test.push(i);
  }
  return { train: Uint32Array.from(train), test: Uint32Array.from(test) };
}

function checkFolds(nFolds: number): void {
  if (!Number.isInteger(nFolds) || nFolds < 2 || nFolds > 255) {
    throw new ConfigError(`folds=${nFolds} must be a whole number from 2 to 255`);
  }
}

function rowsByStratum(strata: ArrayLike<number>): Map<number, number[]> {
  const rows = new Map<number, number[]>();
  for (let i = 0; i < strata.length; i++) {
    const list = rows.get(strata[i]);
    if (list === undefined) rows.set(strata[i], [i]);
    else list.push(i);
  }
  return rows;
}

function hash(key: string, seed: number): number {
  return murmur3(`${seed}:${key}`);
}

function hashOrder(rows: readonly number[], keys: readonly string[], seed: number): number[] {
  const hashes = new Map(rows.map((row) => [row, hash(keys[row], seed)]));
  return [...rows].sort((a, b) => hashes.get(a)! - hashes.get(b)! || (keys[a] < keys[b] ? -1 : 1));
}
