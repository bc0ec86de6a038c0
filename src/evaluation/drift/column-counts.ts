import { DataError } from '../../core/errors.js';
import type { Column } from '../../core/table.js';
import { textLengths, toFinite } from './column-reference.js';
import { binOf } from './quantile-bins.js';
import type { ColumnReference } from './reference.js';

/** Rows to judge, counted over the bins of a reference, batch by batch. */
export interface ColumnCounts {
  /** `[nBins]`: the bins of the reference, or its categories. */
  readonly bins: Float64Array;
  readonly missing: number;
  /** Categories that the training did not know, with their rows; at most 1,000 are named. */
  readonly unseen: ReadonlyMap<string, number>;
  readonly unseenRows: number;
  /** Adds the rows of a batch. */
  add(column: Column): void;
}

const mostNamed = 1_000;

/**
 * A counter that is still at 0.
 * @throws {DataError} from `add`, for a column of another type than the training's
 */
export function columnCounts(reference: ColumnReference): ColumnCounts {
  const nBins = reference.kind === 'category' ? reference.categories.length : reference.edges.length + 1;
  const place = new Map(
    reference.kind === 'category' ? reference.categories.map(([category], i) => [category, i]) : [],
  );
  const bins = new Float64Array(nBins);
  const unseen = new Map<string, number>();
  const counted = { bins, missing: 0, unseen, unseenRows: 0, add };
  return counted;

  function add(column: Column): void {
    if (reference.kind === 'category') addCategories(column);
    else addNumbers(column, reference.edges);
  }

  function addCategories(column: Column): void {
    if (column.type !== 'string') throw wrongType(column.type);
    for (const value of column.values) {
      if (value === null || value === '') counted.missing++;
      else {
        const bin = place.get(value);
        if (bin !== undefined) bins[bin]++;
        else {
          counted.unseenRows++;
          const before = unseen.get(value);
          if (before !== undefined || unseen.size < mostNamed) unseen.set(value, (before ?? 0) + 1);
        }
      }
    }
  }

  function addNumbers(column: Column, edges: readonly number[]): void {
    if ((column.type === 'string') !== (reference.kind === 'text-length')) throw wrongType(column.type);
    const values = column.type === 'string' ? textLengths(column.values) : column.values;
    for (const value of values) {
      if (Number.isNaN(value)) counted.missing++;
      else bins[binOf(edges, toFinite(value))]++;
    }
  }

  function wrongType(type: string): DataError {
    return new DataError(
      `column ${reference.name} holds ${type}s, in the training it was a ${reference.kind}; give it as it was`,
    );
  }
}
