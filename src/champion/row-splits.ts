import { take } from '../core/matrix.js';
import {
  groupedFolds,
  groupedHoldOut,
  keepGroupsApart,
  randomHoldOut,
  splitsOf,
  stratifiedFolds,
  timeHoldOut,
  timeSplits,
  type Split,
} from '../ensemble/folds.js';
import type { TrainingData } from './design.js';
import type { ChampionSpec } from './fit.js';

const validationShare = 0.2;

/**
 * Which of `rows` each model out of fold is trained on, and which it judges: expanding windows where rows have a time,
 * folds drawn at random otherwise, and where too few windows hold all classes to learn from. Groups stay together.
 */
export function foldSplits(
  data: TrainingData,
  spec: ChampionSpec,
  rows: Uint32Array,
  seed: number,
): readonly Split[] {
  const groups = groupsOf(data, rows);
  if (data.time !== undefined) {
    const windows = timeSplits(take(data.time, rows), spec.nFolds)
      .map((split) => among(rows, groups === undefined ? split : keepGroupsApart(split, groups)))
      .filter(({ train }) => canLearn(data, spec, rows, train));
    if (windows.length >= 2) return windows;
  }
  const folds =
    groups === undefined
      ? stratifiedFolds(keysOf(data, rows), strataOf(data, spec, rows), spec.nFolds, seed)
      : groupedFolds(groups, spec.nFolds, seed);
  return splitsOf(folds).map((split) => among(rows, split));
}

/** A fifth of `rows` to watch while learning from the others: the newest where rows have a time, else at random. */
export function validationSplit(
  data: TrainingData,
  spec: ChampionSpec,
  rows: Uint32Array,
  seed: number,
): Split {
  const groups = groupsOf(data, rows);
  const { time } = data;
  if (time !== undefined && rows.some((row) => time[row] !== time[rows[0]])) {
    const older = newestApart(take(time, rows));
    const split = older && among(rows, groups === undefined ? older : keepGroupsApart(older, groups));
    if (split !== undefined && canLearn(data, spec, rows, split.train)) return split;
  }
  return among(
    rows,
    groups === undefined
      ? randomHoldOut(keysOf(data, rows), strataOf(data, spec, rows), validationShare, seed)
      : groupedHoldOut(groups, validationShare, seed),
  );
}

/** The newest fifth against all older rows; undefined where more than four fifths share the oldest time. */
function newestApart(time: Float64Array): Split | undefined {
  const sorted = time.slice().sort();
  const first = sorted[sorted.length - Math.max(1, Math.ceil(validationShare * sorted.length))];
  return first > sorted[0] ? timeHoldOut(time, validationShare) : undefined;
}

/** Rows enough, and some of every class that there is. */
function canLearn(data: TrainingData, spec: ChampionSpec, rows: Uint32Array, train: Uint32Array): boolean {
  if (train.length < 20) return false;
  return spec.task === 'regression' || new Set(take(data.y, train)).size === new Set(take(data.y, rows)).size;
}

const among = (rows: Uint32Array, { train, test }: Split): Split => ({
  train: train.map((i) => rows[i]),
  test: test.map((i) => rows[i]),
});

const keysOf = ({ keys }: TrainingData, rows: Uint32Array): string[] => Array.from(rows, (row) => keys[row]);

const groupsOf = ({ groups }: TrainingData, rows: Uint32Array): string[] | undefined =>
  groups && Array.from(rows, (row) => groups[row]);

const strataOf = ({ y }: TrainingData, { task }: ChampionSpec, rows: Uint32Array): Float64Array =>
  task === 'regression' ? new Float64Array(rows.length) : take(y, rows);
