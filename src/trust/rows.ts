import { trainingData, type RowOrigin, type TrainingData } from '../champion/design.js';
import type { InputColumn } from '../champion/model.js';
import { DataError } from '../core/errors.js';
import type { Lineage } from '../core/lineage.js';
import { Table } from '../core/table.js';
import type { Feature } from '../features/expression.js';
import { requiredColumns } from '../features/required-columns.js';
import { trustColumns, trustTrainingTable } from './columns.js';
import { creationMonths } from './creation-month.js';
import { trustFeaturesFor } from './features.js';
import { trustLabels } from './labels.js';

/** Text columns that the text learners read, beyond what features measure of them. */
const textColumns = ['bio', 'username'] as const;

/** The labelled accounts, ready to learn from. */
export interface TrustRows {
  readonly data: TrainingData;
  readonly features: readonly Feature[];
  readonly inputs: readonly InputColumn[];
  /** Text columns that hold something. */
  readonly texts: readonly string[];
  /** `[nRows]` calendar month of creation, larger is newer. */
  readonly months: Float64Array;
}

/**
 * Takes the training table apart into keys, labels, inputs and times.
 * @throws {DataError} naming a required column that is absent or empty, a duplicate key, or a bad label
 */
export function trustRows(table: Table): TrustRows {
  const available = availableColumns(table);
  for (const { name, required } of trustColumns) {
    if (required && !available.has(name)) {
      throw new DataError(
        `${trustTrainingTable}: required column ${name} is ${name in table.columns ? 'empty' : 'missing'}`,
      );
    }
  }
  const keys = rowKeys(table);
  const features = trustFeaturesFor(available);
  const texts = textColumns.filter((name) => available.has(name));
  const read = new Set([...requiredColumns(features).map(({ name }) => name), ...texts]);
  const inputs = trustColumns.filter(({ name }) => read.has(name)).map(({ name, type }) => ({ name, type }));
  const y = trustLabels(table, keys);
  const ids = Table.strings(table, 'kol_id').map(String);
  const data = trainingData(table, features, {
    keys,
    y,
    weight: new Float64Array(table.nRows).fill(1),
    // An account that was labelled at several moments must not stand on both sides of a split.
    ...(new Set(ids).size < ids.length && { groups: ids }),
  });
  const ages = Table.numbers(table, 'account_age_days');
  const asOf = available.has('as_of') ? Table.numbers(table, 'as_of') : new Float64Array(table.nRows);
  return { data, features, inputs, texts, months: creationMonths(asOf, ages) };
}

/** Where the accounts were read, and what tells them apart there. */
export function trustOrigin(table: Table, { sources }: Lineage): RowOrigin {
  const [{ id }] = sources;
  const keys = ['kol_id', 'as_of'].filter((name) => name in table.columns);
  return { table: trustTrainingTable, snapshot: id, keys };
}

/** Columns that are there and not entirely null. */
function availableColumns(table: Table): Set<string> {
  return new Set(
    Object.entries(table.columns).flatMap(([name, column]) => {
      const holds =
        column.type === 'string'
          ? column.values.some((value) => value !== null && value !== '')
          : column.values.some((value) => !Number.isNaN(value));
      return holds ? [name] : [];
    }),
  );
}

function rowKeys(table: Table): string[] {
  const times = 'as_of' in table.columns ? Table.numbers(table, 'as_of') : undefined;
  const seen = new Set<string>();
  return Table.strings(table, 'kol_id').map((id, i) => {
    if (id === null || id === '') throw new DataError(`${trustTrainingTable}: row ${i + 1} has no kol_id`);
    const at = times === undefined || Number.isNaN(times[i]) ? '' : `@${new Date(times[i]).toISOString()}`;
    const key = `${id}${at}`;
    if (seen.has(key)) {
      throw new DataError(
        `${trustTrainingTable}: kol_id ${id} appears twice for one as_of${at}; keep one row of each`,
      );
    }
    seen.add(key);
    return key;
  });
}
