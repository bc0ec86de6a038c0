import type { InputColumn } from '../champion/model.js';
import { DataError } from '../core/errors.js';
import type { Column, Table } from '../core/table.js';
import { add, column, dayOfWeek, floor, modulo, type Feature } from '../features/expression.js';

/** What becomes of the columns of any table. */
export interface ColumnPlan {
  readonly inputs: readonly InputColumn[];
  readonly features: readonly Feature[];
  /** Text columns read as categories. */
  readonly categorical: readonly string[];
  /** Text columns read word by word. */
  readonly text: readonly string[];
  /** Columns left out, and why. */
  readonly leftOut: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Days since 1970 are float32 values, up to 1/1024 day (until 2059) away from the moment they stand for: this many
 * hours keep a full hour from falling into the one before.
 */
const halfFloat32Step = 1 / 32;

/** A category in fewer rows than this share on average says nothing about rows to come. */
const mostDistinctShare = 0.5;
const idNames = /^(id|uuid|guid|index|row|row_?(id|number|nr)|unnamed.*|.*[_ ]id)$/i;

/**
 * Decides per column: numbers, flags and times become features, texts categories; constants, row numbers and texts
 * that differ from row to row are left out with a reason.
 *
 * @param roles columns that are no input (target, weight, group, time) and texts to be read word by word
 * @throws {DataError} when no column is left to learn from
 */
export function planColumns(
  table: Table,
  roles: { readonly reserved: readonly string[]; readonly text: readonly string[] },
): ColumnPlan {
  const features: Feature[] = [];
  const categorical: string[] = [];
  const inputs: InputColumn[] = [];
  const leftOut: { name: string; reason: string }[] = [];
  for (const [name, content] of Object.entries(table.columns)) {
    if (roles.reserved.includes(name)) continue;
    if (roles.text.includes(name)) {
      inputs.push({ name, type: 'string' });
      continue;
    }
    const reason = whyLeftOut(name, content, table.nRows);
    if (reason !== undefined) {
      leftOut.push({ name, reason });
      continue;
    }
    inputs.push({ name, type: content.type });
    if (content.type === 'string') categorical.push(name);
    else features.push(...featuresOf(name, content.type, table));
  }
  if (inputs.length === 0) {
    throw new DataError(
      `no column is left to learn from: ${leftOut.map(({ name, reason }) => `${name} (${reason})`).join(', ')}`,
    );
  }
  return { inputs, features, categorical, text: roles.text, leftOut };
}

function whyLeftOut(name: string, { type, values }: Column, nRows: number): string | undefined {
  const distinct = new Set<unknown>(values);
  distinct.delete(null);
  distinct.delete('');
  distinct.delete(NaN);
  if (distinct.size === 0) return 'empty';
  if (distinct.size === 1 && !Array.prototype.some.call(values, isMissing)) return 'the same in every row';
  if (idNames.test(name) && distinct.size === nRows) return 'names the row';
  if (type === 'string' && distinct.size > mostDistinctShare * nRows) {
    return 'a text of its own in most rows; read it word by word with --text';
  }
  return undefined;
}

function isMissing(value: unknown): boolean {
  return value === null || value === '' || Number.isNaN(value);
}

function featuresOf(name: string, type: 'number' | 'boolean' | 'timestamp', table: Table): Feature[] {
  /** A derived feature must not take the name of a column. */
  const derived = (measure: string): string => {
    let label = `${name} ${measure}`;
    while (Object.hasOwn(table.columns, label)) label += "'";
    return label;
  };
  const define = (label: string, description: string, expression: Feature['expression']): Feature => ({
    name: label,
    description,
    expression,
    owner: 'table',
    lookBackDays: 0,
  });
  const own = define(name, `column ${name}`, column(name));
  if (type !== 'timestamp') return [own];
  return [
    own,
    define(derived('weekday'), `weekday of ${name}, Monday 1 to Sunday 7`, dayOfWeek(column(name))),
    define(
      derived('hour'),
      `hour of the day of ${name}, UTC`,
      floor(modulo(add(multiplyByHours(name), halfFloat32Step), 24)),
    ),
    define(
      derived('year phase'),
      `days into the year of ${name}, up to a shift`,
      modulo(column(name), 365.25),
    ),
  ];
}

function multiplyByHours(name: string): Feature['expression'] {
  return { op: 'multiply', left: column(name), right: { op: 'constant', value: 24 } };
}
