import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/core/errors.js';
import { Matrix, take } from '../../src/core/matrix.js';

const X = Matrix.fromColumns(
  [
    [1, 2, NaN],
    [0.1, Infinity, -0],
  ],
  ['age', 'rate'],
);

describe('Matrix.fromColumns', () => {
  it('rounds to float32 and keeps missing values', () => {
    expect(X).toMatchObject({ nRows: 3, nFeatures: 2, names: ['age', 'rate'] });
    expect(X.columns[0]).toEqual(Float32Array.of(1, 2, NaN));
    expect(X.columns[1]).toEqual(Float32Array.of(Math.fround(0.1), Infinity, -0));
  });

  it('takes float32 columns as they are, and is frozen', () => {
    const column = Float32Array.of(1, 2);
    const matrix = Matrix.fromColumns([column]);
    expect(matrix.columns[0]).toBe(column);
    expect(matrix.names).toEqual(['x0']);
    for (const part of [matrix, matrix.names, matrix.columns]) expect(Object.isFrozen(part)).toBe(true);
  });

  it('can be empty in either direction', () => {
    expect(Matrix.fromColumns([])).toMatchObject({ nRows: 0, nFeatures: 0 });
    expect(Matrix.fromColumns([[], []])).toMatchObject({ nRows: 0, nFeatures: 2 });
  });

  it('says which column does not fit', () => {
    expect(() => Matrix.fromColumns([[1], [1, 2]], ['a', 'b'])).toThrow(
      'matrix: column b has 2 rows, expected 1',
    );
    expect(() => Matrix.fromColumns([[1]], ['a', 'b'])).toThrow(
      'matrix: 1 columns need as many names, not 2',
    );
    expect(() => Matrix.fromColumns([[1], [2], [3]], ['a', 'b', 'a'])).toThrow(
      'matrix: column name a appears twice',
    );
  });
});

describe('Matrix', () => {
  it('gathers rows in the given order, repeats included', () => {
    const rows = Matrix.rows(X, [2, 0, 0]);
    expect(rows.columns[0]).toEqual(Float32Array.of(NaN, 1, 1));
    expect(rows.columns[1]).toEqual(Float32Array.of(-0, Math.fround(0.1), Math.fround(0.1)));
    expect(take([10, 20, 30], Uint32Array.of(2, 1))).toEqual(Float64Array.of(30, 20));
  });

  it('rows of rows are the rows of the composed index', () => {
    const index = fc.array(fc.nat(4), { minLength: 1, maxLength: 8 });
    const matrix = Matrix.fromColumns([[5, 6, 7, 8, 9]]);
    fc.assert(
      fc.property(index, fc.array(fc.nat(7), { maxLength: 8 }), (first, second) => {
        const inner = second.map((i) => i % first.length);
        const twice = Matrix.rows(Matrix.rows(matrix, first), inner);
        expect(twice.columns[0]).toEqual(Float32Array.from(inner, (i) => 5 + first[i]));
      }),
    );
  });

  it('selects columns by name without a copy', () => {
    const selected = Matrix.select(X, ['rate']);
    expect(selected.columns[0]).toBe(X.columns[1]);
    expect(() => Matrix.select(X, ['rat'])).toThrow('matrix: no column rat, only age, rate');
    expect(() => Matrix.select(X, ['age', 'age'])).toThrow(DataError);
  });

  it('puts matrices of the same rows side by side', () => {
    const Y = Matrix.fromColumns([[7, 8, 9]], ['extra']);
    expect(Matrix.concat(X, Y).names).toEqual(['age', 'rate', 'extra']);
    expect(() => Matrix.concat(X, X)).toThrow('column name age appears twice');
    expect(() => Matrix.concat(X, Matrix.fromColumns([[1]], ['short']))).toThrow('column short has 1 rows');
  });

  it('shares its values with other threads', () => {
    const shared = Matrix.share(X);
    expect(shared.columns).toEqual(X.columns);
    for (const column of shared.columns) expect(column.buffer).toBeInstanceOf(SharedArrayBuffer);
    const clone = structuredClone(shared);
    clone.columns[0][0] = 42;
    expect(shared.columns[0][0]).toBe(42);
    expect(X.columns[0][0]).toBe(1);
  });
});
