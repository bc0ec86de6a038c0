import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRecord, encodeRecord } from '../../../src/core/record.js';
import { categoryCodes } from '../../../src/learners/encoding/category-codes.js';
import { encodeColumn } from '../../../src/learners/encoding/encode-column.js';
import { oneHot } from '../../../src/learners/encoding/one-hot.js';

const anyColumn = fc.array(
  fc.option(fc.oneof(fc.constantFrom('vn', 'th', 'Đẹp', 'ĐẸP', '🎉', ''), fc.string())),
  { maxLength: 60 },
);

describe('category codes', () => {
  it('number known categories in sorted order, the others next, and leave missing ones missing', () => {
    const model = categoryCodes({ column: 'c', output: 'code_c', most: 2 }, [
      'vn',
      'th',
      'vn',
      null,
      'id',
      'th',
    ]);
    expect(model.categories).toEqual(['th', 'vn']);
    expect(encodeColumn(model, ['th', 'vn', 'id', 'never seen', null, ''])).toEqual([
      Float32Array.of(0, 1, 2, 2, NaN, NaN),
    ]);
  });

  it('give two values one code exactly where they are one category, and survive their record', () => {
    fc.assert(
      fc.property(anyColumn, (values) => {
        const model = decodeRecord(
          encodeRecord(categoryCodes({ column: 'c', output: 'code_c', most: 1_000 }, values)),
        ) as ReturnType<typeof categoryCodes>;
        const [codes] = encodeColumn(model, values);
        const distinct = new Set(codes);
        distinct.delete(NaN);
        expect(distinct.size).toBe(model.categories.length);
        codes.forEach((code) =>
          expect(Number.isNaN(code) || model.categories[code] !== undefined).toBe(true),
        );
      }),
    );
  });
});

describe('one-hot', () => {
  const params = { column: 'c', outputOf: (category: string) => `is_c_${category}`, most: 3, leastRows: 2 };

  it('has a column for each category with rows enough, and none for missing or unknown ones', () => {
    const model = oneHot(params, ['vn', 'vn', 'th', 'th', 'id', null]);
    expect(model.outputs).toEqual(['is_c_th', 'is_c_vn']);
    expect(encodeColumn(model, ['vn', 'th', 'id', null, 'VN'])).toEqual([
      Float32Array.of(0, 1, 0, 0, 0),
      Float32Array.of(1, 0, 0, 0, 1),
    ]);
  });

  it('sets at most one column of a row', () => {
    fc.assert(
      fc.property(anyColumn, (values) => {
        const columns = encodeColumn(oneHot({ ...params, most: 1_000, leastRows: 1 }, values), values);
        values.forEach((value, i) => {
          const set = columns.reduce((sum, column) => sum + column[i], 0);
          if (value === null || value === '') expect(set).toBe(0);
          else expect(set).toBeLessThanOrEqual(1);
        });
      }),
    );
  });
});
