import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sniffDialect } from '../../src/sources/csv-dialect.js';
import type { ScanState } from '../../src/sources/csv-records.js';
import { fieldText, newRecord, scanRecords } from '../../src/sources/csv-records.js';
import { csvField } from '../../src/sources/csv-text.js';

const comma = { delimiter: 44, quoting: true };

function scan(text: string, blockSize = Infinity): { line: number; fields: string[]; problem?: string }[] {
  const whole = Buffer.from(text);
  const found: { line: number; fields: string[]; problem?: string }[] = [];
  const state: ScanState = { offset: 0, line: 1, openQuote: undefined };
  let start = 0;
  let end = 0;
  do {
    end = Math.min(whole.length, end + blockSize);
    // As the file reader does: what was not complete comes again at the front of the next block.
    const block = Buffer.from(whole.subarray(start, end));
    state.offset = 0;
    scanRecords(block, block.length, end === whole.length, comma, state, newRecord(2), (record) => {
      const fields = Array.from({ length: record.nFields }, (_, j) => fieldText(record, j));
      found.push({
        line: record.line,
        fields,
        ...(record.problem ? { problem: record.problem.reason } : {}),
      });
    });
    start += state.offset;
  } while (end < whole.length);
  return found;
}

describe('scanRecords', () => {
  it('reads back what a CSV writer wrote, however the file is cut into blocks', () => {
    const field = fc.string({
      unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'đ', '😀'),
      maxLength: 5,
    });
    const rows = fc.array(fc.tuple(fc.constant('x'), field, field), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 1, max: 9 }),
        (table, lineEnd, blockSize) => {
          const text = table.map((row) => row.map(csvField).join(',')).join(lineEnd);
          expect(scan(text, blockSize).map((r) => r.fields)).toEqual(table);
          expect(scan(text + lineEnd, blockSize).map((r) => r.fields)).toEqual(table);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('counts lines through quoted newlines, blank lines and all three line ends', () => {
    const records = scan('a,b\n"1\n1",2\r\n\r\n3,4\r5,6');
    expect(records.map((r) => r.line)).toEqual([1, 2, 5, 6]);
    expect(records[3].fields).toEqual(['5', '6']);
  });

  it('trims blanks around fields and finds quotes behind them', () => {
    expect(scan('a , "b, c" ,\td \n').map((r) => r.fields)).toEqual([['a', 'b, c', 'd']]);
  });

  it('keeps a quote inside an unquoted field, and reports text after a closing one', () => {
    expect(scan('5" disk,x')[0].fields).toEqual(['5" disk', 'x']);
    expect(scan('"5" disk,x')[0].problem).toBe('text after the closing quote');
  });

  it('keeps empty fields at the end of a record', () => {
    expect(scan('a,,\n,').map((r) => r.fields)).toEqual([
      ['a', '', ''],
      ['', ''],
    ]);
  });
});

describe('sniffDialect', () => {
  const delimiterOf = (text: string) => String.fromCharCode(sniffDialect(Buffer.from(text), true).delimiter);

  it('takes the delimiter under which rows agree with the header', () => {
    expect(delimiterOf('a;b\n1,5;2,5\n')).toBe(';');
    expect(delimiterOf('a\tb\n1,2\t3\n')).toBe('\t');
    expect(delimiterOf('a|b\n1|2\n')).toBe('|');
    expect(delimiterOf('a,b\nx|y;z,1\n')).toBe(',');
    expect(delimiterOf('a\n1\n')).toBe(',');
  });

  it('takes quotes for characters in tab-separated text that does not close them', () => {
    expect(sniffDialect(Buffer.from('label\ttext\nham\t"quoted start only\n'), true).quoting).toBe(false);
    expect(sniffDialect(Buffer.from('label\ttext\nham\t"quoted"\n'), true).quoting).toBe(true);
  });
});
