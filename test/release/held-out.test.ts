import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Assessment } from '../../src/champion/assess.js';
import { heldOutRows, readHeldOut } from '../../src/release/held-out.js';
import { openDataFile } from '../../src/sources/data-file.js';
import { fileWith, scratchFolder } from '../sources/scratch.js';

/** As much of an assessment as held-out rows are written from. */
function judged(rows: readonly number[], p: readonly number[]): Assessment {
  return {
    rows: Uint32Array.from(rows),
    scores: { values: Float64Array.from(p), classProbabilities: [], bases: [] },
    evaluation: { task: 'binary' },
  } as unknown as Assessment;
}

const hostile = [
  'a,b',
  'say "no"',
  '"',
  'two\nlines',
  'carriage\r\nreturn',
  '',
  ' ',
  '\u2028',
  'Đặng 😀',
  '\\',
  '""',
];

describe('held-out rows', () => {
  it('come back as they were written, whatever the keys hold', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...hostile)), {
          maxLength: 30,
        }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 30, maxLength: 30 }),
        (keys, p) => {
          const y = Float64Array.from(keys, (_, i) => i % 2);
          const rows = keys.flatMap((_, i) => (i % 3 === 0 ? [] : [i]));
          const text = heldOutRows(judged(rows, p), y, keys);
          expect([...readHeldOut(text)]).toEqual(
            // CSV knows no negative zero.
            rows.map((row, i) => [keys[row], { y: y[row], p: p[i] + 0 }]),
          );
        },
      ),
    );
  });

  it('are CSV to any reader', async () => {
    const keys = hostile.filter((key) => key !== '');
    const y = Float64Array.from(keys, (_, i) => i % 2);
    const p = keys.map((_, i) => i / 64);
    const text = heldOutRows(
      judged(
        keys.map((_, i) => i),
        p,
      ),
      y,
      keys,
    );
    const path = fileWith(scratchFolder(), 'held-out.csv', text);
    const file = await openDataFile(path, { textColumns: ['key'] });
    const found: unknown[] = [];
    for await (const { columns, nRows } of file.batches()) {
      for (let i = 0; i < nRows; i++)
        found.push([columns.key.values[i], columns.y.values[i], columns.p.values[i]]);
    }
    expect(found).toEqual(keys.map((key, i) => [key, y[i], p[i]]));
  });

  it.each([
    ['key,y,p\n"a",1,0.5\n"b",2,0.5\n', 3],
    ['key,y,p\n"a",1,0.5\n"b",1,1.5\n', 3],
    ['key,y,p\n"a",1,e\n', 2],
    ['key,y,p\n"a\nb",1,0.5\na,1,0.5\n', 4],
    ['key,y,p\n"a",1,0.5', 2],
    ['<html>', 1],
  ])('refuse %j, naming the line', (text, line) => {
    expect(() => readHeldOut(text)).toThrow(`held-out.csv line ${line}: expected "key",label,probability`);
  });

  it('are none for other tasks than binary', () => {
    const regression = { ...judged([0], [1]), evaluation: { task: 'regression' } } as unknown as Assessment;
    expect(readHeldOut(heldOutRows(regression, Float64Array.of(1), ['a'])).size).toBe(0);
  });
});
