import { withBoosters } from '../champion/booster-settings.js';
import { trainingData, type TrainingData } from '../champion/design.js';
import type { ChampionSpec } from '../champion/fit.js';
import { ConfigError, DataError } from '../core/errors.js';
import { Table } from '../core/table.js';
import {
  groupedHoldOut,
  keepGroupsApart,
  randomHoldOut,
  timeHoldOut,
  type Split,
} from '../ensemble/folds.js';
import { tableBases } from './bases.js';
import { planColumns, type ColumnPlan } from './columns.js';
import type { TableConfig } from './config.js';
import { readTimes, readWeights } from './roles.js';
import { readTarget } from './target.js';

/** Rows of a table, ready to learn from, and how they are held out. */
export interface TableRows {
  readonly plan: ColumnPlan;
  readonly data: TrainingData;
  readonly spec: ChampionSpec;
  readonly splits: readonly HoldOut[];
}

/** Rows that a training is judged on. */
export interface HoldOut {
  readonly split: Split;
  readonly title: string;
  readonly note: string;
  /** `[nRows]` where rows are held out by time. */
  readonly time?: Float64Array;
}

/** Fewer rows than this cannot be held out from, cut into folds and still be learned from. */
const leastRows = 50;

/**
 * Takes a table apart into target, features and hold-outs.
 * @param where names the file in messages
 * @throws {DataError} for too few rows, of the table or of a class
 * @throws {ConfigError} for settings that contradict the table
 */
export function tableRows(config: TableConfig, table: Table, where: string): TableRows {
  if (table.nRows < leastRows) {
    throw new DataError(`${where} has ${table.nRows} rows; training needs at least ${leastRows}`);
  }
  const { task, classes, y } = readTarget(table, config.target, where, config.task, config.positive);
  if (task === 'regression' && config.text.length > 0) {
    throw new ConfigError(
      `--text ${config.text.join(',')} is read word by word for classes only, but target ${config.target} is a regression; drop the column or read it as categories with --categorical`,
    );
  }
  checkClasses(config, classes, y, where);
  const reserved = [config.target, config.weight, config.group, config.time].filter(
    (name) => name !== undefined,
  );
  const plan = planColumns(table, { reserved, text: config.text });

  const keys = Array.from({ length: table.nRows }, (_, i) => `row-${i + 1}`);
  const weight =
    config.weight === undefined
      ? new Float64Array(table.nRows).fill(1)
      : readWeights(table, config.weight, where);
  const groups = config.group === undefined ? {} : { groups: groupNames(table, config.group) };
  const data = trainingData(table, plan.features, { keys, y, weight, ...groups });
  const whole: ChampionSpec = {
    ...plan,
    task,
    classes,
    encoderOutputs: task === 'multiclass' ? classes.length : 1,
    ...tableBases(
      task,
      classes.length,
      table.nRows,
      plan.features.length + plan.categorical.length,
      plan.text,
    ),
    keep: [],
    nFolds: config.folds,
  };
  const spec = withBoosters(whole, config.boosters);
  return { plan, data, spec, splits: splitsFor(config, where, table, spec, keys, y, groups.groups) };
}

function splitsFor(
  config: TableConfig,
  where: string,
  table: Table,
  spec: ChampionSpec,
  keys: readonly string[],
  y: Float64Array,
  groups: readonly string[] | undefined,
): HoldOut[] {
  const strata = spec.task === 'regression' ? new Float64Array(y.length) : y;
  const random = {
    split: groups
      ? groupedHoldOut(groups, config.holdOut, config.seed)
      : randomHoldOut(keys, strata, config.holdOut, config.seed),
    title: 'random hold-out',
    note: `${groups ? `whole groups of ${config.group}` : 'rows'} drawn at random and never seen in training`,
  };
  if (config.time === undefined) return [random];
  const time = readTimes(table, config.time, where);
  const newest = timeHoldOut(time, config.holdOut);
  const apart = groups ? keepGroupsApart(newest, groups) : newest;
  if (apart.train.length < leastRows) {
    throw new DataError(
      `only ${apart.train.length} rows are older than the newest ones by ${config.time}${groups ? ` and of another ${config.group}` : ''}; training needs at least ${leastRows}: leave out --time${groups ? ' or --group' : ''}`,
    );
  }
  const forward = {
    split: apart,
    time,
    title: 'newest rows',
    note: `the newest rows by ${config.time}, judged by a model of all older ones${groups ? ' of other groups' : ''}`,
  };
  return [random, forward];
}

/** @throws {DataError} naming a class that hold-out and folds cannot be cut from */
function checkClasses(config: TableConfig, classes: readonly string[], y: Float64Array, where: string): void {
  const counts = classes.map(() => 0);
  if (classes.length > 0) y.forEach((label) => counts[label]++);
  counts.forEach((count, k) => {
    if (count - Math.round(config.holdOut * count) < config.folds) {
      throw new DataError(
        `${where}: class ${classes[k]} of target ${config.target} has ${count} rows, too few for a hold-out and ${config.folds} folds; leave its rows out or join it with another class`,
      );
    }
  });
}

function groupNames(table: Table, name: string): string[] {
  const { values } = Table.column(table, name);
  return Array.from({ length: table.nRows }, (_, i) => String(values[i]));
}
