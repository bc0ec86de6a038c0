import { ConfigError, DataError } from '../core/errors.js';
import { murmur3 } from '../core/murmur3.js';

/** Row indices to learn from and row indices to be judged on, both ascending, disjoint. */
export interface Split {
  readonly train: Uint32Array;
  readonly test: Uint32Array;
}

/**
 * Which of `nFolds` folds each row is judged in: every class is dealt out in the order of a hash of (seed, key), so
 * its folds differ in size by at most 1, and SQL can deal the same hand. A row's fold depends on nothing but seed,
 * key and the keys of its class: not on the order of the rows, nor on rows of other classes. A row that comes or
 * goes moves those of its class that stand behind it in the order of the hash, and no other.
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
 * @throws {ConfigError} for fewer than 2 folds
 * @throws {DataError} when there are fewer groups than folds
 */
export function groupedFolds(groups: readonly string[], nFolds: number, seed: number): Uint8Array {
  checkFolds(nFolds);
  const sizes = groupSizes(groups);
  if (sizes.size < nFolds) throw new DataError(`${sizes.size} groups are too few for ${nFolds} folds`);
  const earlier = byHash(seed);
  const order = [...sizes.keys()].sort((a, b) => sizes.get(b)! - sizes.get(a)! || earlier(a, b));
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
 * @param gap rows from (start of the judged block - gap) on are not trained on; at least 0, in the unit of `time`
 * @returns at most `nFolds` splits, the oldest first; one whose either side is empty is left out
 * @throws {ConfigError} for fewer than 2 folds or a negative gap
 */
export function timeSplits(time: ArrayLike<number>, nFolds: number, gap = 0): Split[] {
  checkFolds(nFolds);
  const sorted = Float64Array.from(time).sort();
  if (!(gap >= 0)) throw new ConfigError(`gap=${gap} must be a number of at least 0`);
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

/**
 * A random hold-out of `share` of the rows of each stratum, rounded: those that come first in the order of the hash
 * of (seed, key). A row leaves or enters it only where others of its stratum come or go in front of the cut.
 * @param keys `[nRows]` what identifies each row, distinct
 */
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
 * A random hold-out of whole groups with about `share` of the rows: groups are taken in the order of a hash of
 * (seed, group), each where it brings the number of held-out rows closer to what is wanted.
 * @param groups `[nRows]` group names
 * @param share above 0, at most 0.5
 * @throws {DataError} for fewer than two groups
 */
export function groupedHoldOut(groups: readonly string[], share: number, seed: number): Split {
  const sizes = groupSizes(groups);
  if (sizes.size < 2) {
    throw new DataError(`a hold-out of whole groups needs at least 2 groups, found ${sizes.size}`);
  }
  const order = [...sizes.keys()].sort(byHash(seed));
  const wanted = share * groups.length;
  const held = new Set<string>();
  let taken = 0;
  for (const group of order) {
    const size = sizes.get(group)!;
    if (size >= 2 * (wanted - taken)) continue;
    held.add(group);
    taken += size;
  }
  // Every group is larger than the hold-out should be: the smallest one it is.
  if (held.size === 0) held.add(order.reduce((a, b) => (sizes.get(b)! < sizes.get(a)! ? b : a)));
  return splitBy(groups.length, (i) => (held.has(groups[i]) ? 'test' : 'train'));
}

/** The same split without the training rows whose group is judged. */
export function keepGroupsApart(split: Split, groups: readonly string[]): Split {
  const judged = new Set(Array.from(split.test, (row) => groups[row]));
  return { ...split, train: split.train.filter((row) => !judged.has(groups[row])) };
}

/**
 * The newest periods that hold at least `share` of the rows against all older ones. Rows without a period are on
 * neither side: nobody knows whether they are older than what is judged.
 * @param period `[nRows]` the period of each row, larger is newer (a month number, say); periods are never cut
 * @throws {DataError} when fewer than two periods are left, or the newest one outweighs all others
 */
export function timeHoldOut(period: ArrayLike<number>, share: number): Split {
  const sorted = Float64Array.from(period)
    .filter((value) => !Number.isNaN(value))
    .sort();
  const first = sorted[sorted.length - Math.max(1, Math.ceil(share * sorted.length))];
  const split = splitBy(period.length, (i) =>
    period[i] >= first ? 'test' : period[i] < first ? 'train' : undefined,
  );
  if (split.train.length === 0 || split.test.length === 0) {
    throw new DataError(
      `the newest rows cannot be held out: of ${period.length} rows, ${sorted.length} have a time and ${split.train.length} are older than the newest ${100 * share} %`,
    );
  }
  return split;
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

function groupSizes(groups: readonly string[]): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  return sizes;
}

/** Orders keys by their hash under a seed, equal hashes by the key itself. */
function byHash(seed: number): (a: string, b: string) => number {
  const hashes = new Map<string, number>();
  const hash = (key: string): number => {
    const known = hashes.get(key);
    if (known !== undefined) return known;
    const value = murmur3(`${seed}:${key}`);
    hashes.set(key, value);
    return value;
  };
  return (a, b) => hash(a) - hash(b) || (a < b ? -1 : a > b ? 1 : 0);
}

function hashOrder(rows: readonly number[], keys: readonly string[], seed: number): number[] {
  const earlier = byHash(seed);
  return [...rows].sort((a, b) => earlier(keys[a], keys[b]));
}

/** Rows that every split trains on, ascending: what may be looked at before any of them is judged. */
export function trainedOnInAll([first, ...others]: readonly Split[]): Uint32Array {
  const shared = others.map(({ train }) => new Set(train));
  return first.train.filter((row) => shared.every((rows) => rows.has(row)));
}
