import { trainingData, type TrainingData } from '../champion/design.js';
import { DataError } from '../core/errors.js';
import { Table } from '../core/table.js';
import { keepGroupsApart, type Split } from '../ensemble/folds.js';
import { textColumns } from './columns.js';
import { textMeasures } from './features.js';
import { textLabels } from './labels.js';
import { normalizedText } from './normalized-text.js';

/** Labelled texts, ready to learn from. */
export interface TextRows {
  /** Groups are texts that say the same: no two of them are on both sides of a split. */
  readonly data: TrainingData;
  /** `[nRows]` language, "" where it is unknown. */
  readonly languages: readonly string[];
  readonly sources: readonly string[];
  /** Rows that were left out because their text is empty. */
  readonly nEmpty: number;
  /** Rows called `dev` against all others that say something else; undefined where none is. */
  readonly given: Split | undefined;
}

/**
 * Takes a table of labelled texts apart.
 * @param where the table, for messages
 * @param optional classes that may be missing
 * @throws {DataError} naming a column that is missing, a row without an id, a repeated id, or a bad label
 */
export function textRows(
  table: Table,
  where: string,
  classes: readonly string[],
  optional: readonly string[] = [],
): TextRows {
  for (const { name, required } of textColumns) {
    if (required && !Object.hasOwn(table.columns, name))
      throw new DataError(`${where}: required column ${name} is missing`);
  }
  const kept = Uint32Array.from(table.nRows === 0 ? [] : rowNumbers(table)).filter(
    (row) => normalizedText(Table.strings(table, 'text')[row]) !== '',
  );
  const filled = Table.rows(table, kept);
  const keys = rowKeys(filled, where);
  const y = textLabels(filled, where, keys, classes, optional);
  const strings = (name: string): readonly string[] =>
    Object.hasOwn(filled.columns, name)
      ? Table.strings(filled, name).map((value) => value ?? '')
      : keys.map(() => '');
  const groups = Table.strings(filled, 'text').map(normalizedText);
  const data = trainingData(filled, textMeasures, {
    keys,
    y,
    weight: new Float64Array(filled.nRows).fill(1),
    groups,
  });
  return {
    data,
    languages: strings('lang'),
    sources: strings('source'),
    nEmpty: table.nRows - filled.nRows,
    given: givenSplit(strings('split'), groups),
  };
}

const rowNumbers = (table: Table): number[] => Array.from({ length: table.nRows }, (_, row) => row);

function rowKeys(table: Table, where: string): string[] {
  const seen = new Set<string>();
  return Table.strings(table, 'text_id').map((id, i) => {
    if (id === null || id === '') throw new DataError(`${where}: row ${i + 1} has no text_id`);
    if (seen.has(id)) throw new DataError(`${where}: text_id ${id} appears twice; keep one row of each`);
    seen.add(id);
    return id;
  });
}

function givenSplit(names: readonly string[], groups: readonly string[]): Split | undefined {
  const rows = Uint32Array.from(names.keys());
  const test = rows.filter((row) => names[row] === 'dev');
  if (test.length === 0) return undefined;
  return keepGroupsApart({ train: rows.filter((row) => names[row] !== 'dev'), test }, groups);
}
