import { DataError } from '../core/errors.js';
import { Matrix } from '../core/matrix.js';
import { sanitizeText } from '../core/sanitize-text.js';
import { Table } from '../core/table.js';
import type { Feature } from './expression.js';
import { stepKernel, type Block } from './kernels.js';
import { planFeatures } from './plan.js';
import { requiredColumns } from './required-columns.js';
import { validateFeatures } from './validate.js';

/** Rows that are computed together: small enough that every intermediate column stays in the cache. */
const blockRows = 2048;

/**
 * The typed-columns reading of features: every distinct sub-expression is computed once, a block of rows at a time.
 *
 * @returns a matrix `[table.nRows, features.length]`, named and ordered as the features; NaN where missing
 * @throws {ConfigError} as `validateFeatures`
 * @throws {DataError} naming column and feature where the table lacks a column or holds it with another type
 */
export function computeFeatures(features: readonly Feature[], table: Table): Matrix {
  validateFeatures(features);
  checkColumns(features, table);
  const { steps, results } = planFeatures(features);
  const texts = requiredColumns(features)
    .filter(({ kind }) => kind === 'string')
    .map(({ name }) => ({
      name,
      raw: Table.strings(table, name),
      clean: new Array<string>(blockRows).fill(''),
    }));
  const block: Block = {
    numbers: steps.map(() => new Float64Array(blockRows)),
    flags: steps.map(() => new Uint8Array(blockRows)),
    texts: new Map(texts.map(({ name, clean }) => [name, clean])),
  };
  const kernels = steps.map((step, i) => stepKernel(step, i, block, table));
  const columns = features.map(() => new Float32Array(table.nRows));

  for (let start = 0; start < table.nRows; start += blockRows) {
    const rows = Math.min(blockRows, table.nRows - start);
    for (const { raw, clean } of texts) {
      for (let i = 0; i < rows; i++) clean[i] = sanitizeText(raw[start + i]);
    }
    for (const kernel of kernels) kernel(start, rows);
    for (let j = 0; j < columns.length; j++) narrow(block.numbers[results[j]], columns[j], start, rows);
  }
  return Matrix.fromColumns(
    columns,
    features.map(({ name }) => name),
  );
}

/** Doubles to the nearest float32, missing where that is not finite. */
function narrow(from: Float64Array, to: Float32Array, start: number, rows: number): void {
  for (let i = 0; i < rows; i++) {
    const value = Math.fround(from[i]);
    to[start + i] = value - value === 0 ? value : NaN;
  }
}

function checkColumns(features: readonly Feature[], table: Table): void {
  for (const feature of features) {
    for (const { name, kind } of requiredColumns([feature])) {
      const type = Object.hasOwn(table.columns, name) ? table.columns[name].type : undefined;
      if (type === undefined) {
        const present = Object.keys(table.columns).join(', ') || 'no columns';
        throw new DataError(`feature ${feature.name}: column ${name} is missing; the table has ${present}`);
      }
      if ((type === 'string') !== (kind === 'string')) {
        throw new DataError(
          `feature ${feature.name}: column ${name} holds ${type === 'string' ? 'text' : `${type}s`}, ` +
            `expected ${kind === 'string' ? 'text' : 'numbers, booleans or timestamps'}`,
        );
      }
    }
  }
}
