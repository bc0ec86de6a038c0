import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Table } from '../../src/core/table.js';
import type { DataFileOptions } from '../../src/sources/data-file-types.js';
import { openDataFile } from '../../src/sources/data-file.js';
import { failure, fileWith, scratchFolder } from './scratch.js';

const folder = scratchFolder();

async function read(path: string, options: DataFileOptions = {}) {
  const file = await openDataFile(path, options);
  const batches: Table[] = [];
  for await (const batch of file.batches()) batches.push(batch);
  return { file, table: Table.concat(batches) };
}

const csv = (content: string | Uint8Array, name = 'data.csv') => fileWith(folder, name, content);
const refused = (content: string | Uint8Array, options?: DataFileOptions) =>
  failure(() => read(csv(content), options));
const values = (table: Table, name: string) => Array.from(table.columns[name].values as ArrayLike<unknown>);

describe('openDataFile: text that is fine', () => {
  it('trims names and values where the delimiter is comma and blank', async () => {
    const { file, table } = await read(csv('age, workclass, Salary\n39, State-gov, <=50K\n50, ?, >50K\n'));
    expect(file.schema).toEqual([
      { name: 'age', type: 'number' },
      { name: 'workclass', type: 'string' },
      { name: 'Salary', type: 'string' },
    ]);
    expect(values(table, 'workclass')).toEqual(['State-gov', null]);
    expect(file.nRows).toBe(2);
  });

  it('reads a byte order mark, CRLF, semicolons, booleans and quoted line breaks', async () => {
    const { file, table } = await read(
      csv('\ufeffa;flag;text\r\n1;TRUE;"x\r\ny"\r\n 2 ;no;"say ""hi"""\r\n'),
    );
    expect(file.schema.map(({ type }) => type)).toEqual(['number', 'boolean', 'string']);
    expect(values(table, 'a')).toEqual([1, 2]);
    expect(values(table, 'flag')).toEqual([1, 0]);
    expect(values(table, 'text')).toEqual(['x\r\ny', 'say "hi"']);
  });

  it('reads every missing token as missing, quoted or not', async () => {
    const tokens = ['', '?', 'NA', 'N/A', 'NaN', 'null', 'NULL', 'None', ' NA ', '"NA"'];
    const { table } = await read(csv(`n,s,k\n1,x,0\n${tokens.map((t) => `${t},${t},0\n`).join('')}`));
    expect(values(table, 'n')).toEqual([1, ...tokens.map(() => NaN)]);
    expect(values(table, 's')).toEqual(['x', ...tokens.map(() => null)]);
  });

  it('types times, ids, codes and columns without a value', async () => {
    const { file, table } = await read(
      csv(
        'day,id,code,none,wide\n2020-01-02,796216118331310080,00123,,1\n2020-01-03 10:00,1,00124,NA,2e300\n',
      ),
    );
    expect(file.schema.map(({ type }) => type)).toEqual([
      'timestamp',
      'string',
      'string',
      'number',
      'number',
    ]);
    expect(values(table, 'day')).toEqual([Date.UTC(2020, 0, 2), Date.UTC(2020, 0, 3, 10)]);
    expect(values(table, 'id')).toEqual(['796216118331310080', '1']);
    expect(values(table, 'code')).toEqual(['00123', '00124']);
  });

  it('streams long files in order, in bounded batches', async () => {
    const n = 40_000;
    const rows = Array.from({ length: n }, (_, i) => `${i},"row ${i}, ${'đ'.repeat(i % 50)}"`);
    const file = await openDataFile(csv(`i,t\n${rows.join('\n')}\n`, 'long.csv'));
    let next = 0;
    for await (const batch of file.batches()) {
      expect(batch.nRows).toBeLessThanOrEqual(16_384);
      expect(Table.numbers(batch, 'i').every((i) => i === next++)).toBe(true);
      const last = Table.strings(batch, 't')[batch.nRows - 1];
      expect(last).toBe(`row ${next - 1}, ${'đ'.repeat((next - 1) % 50)}`.trim());
    }
    expect(next).toBe(n);
    expect(file.nRows).toBe(n);
  });

  it('reads a record longer than a block', async () => {
    const text = 'x"y\n'.repeat(560_000);
    const { table } = await read(csv(`a,b\n1,"${text.replaceAll('"', '""')}"\n2,z\n`, 'wide.csv'));
    const [long, short] = Table.strings(table, 'b');
    expect([long === text, short]).toEqual([true, 'z']);
  });

  it('forces types, reads only what is wanted, and leaves out what is not', async () => {
    const path = csv('a,b,c\n1,yes,3\n2,0,x\n');
    const { file, table } = await read(path, {
      types: { a: 'string', b: 'boolean', zz: 'number' },
      drop: ['c'],
    });
    expect(file.schema).toEqual([
      { name: 'a', type: 'string' },
      { name: 'b', type: 'boolean' },
    ]);
    expect(values(table, 'a')).toEqual(['1', '2']);
    expect(values(table, 'b')).toEqual([1, 0]);
    expect((await read(path, { only: ['a', 'q'] })).file.schema).toEqual([{ name: 'a', type: 'number' }]);
  });
});

describe('openDataFile: bad input', () => {
  it('names what is wrong with the file as a whole', async () => {
    mkdirSync(join(folder, 'sub.csv'));
    expect(await failure(() => read(join(folder, 'none.csv')))).toMatch(
      /^DataError: .*none\.csv: does not exist/,
    );
    expect(await failure(() => read(join(folder, 'sub.csv')))).toMatch(
      /^DataError: .*is a folder, expected a CSV/,
    );
    expect(await refused('')).toMatch(/^DataError: .*is empty \(0 bytes\)/);
    expect(await refused('\n \r\n')).toMatch(/^DataError: .*holds no line with text/);
    expect(await refused('a,b\n')).toMatch(/^DataError: .*holds a header and no rows/);
    expect(await refused('a,b\n', { types: { a: 'number', b: 'number' } })).toMatch(
      /holds a header and no rows/,
    );
    expect(await refused(Buffer.from('\ufeffa,b\n1,2\n', 'utf16le'))).toMatch(
      /^DataError: .*UTF-16 text.*CSV UTF-8/,
    );
    expect(await refused(Buffer.from([0x1f, 0x8b, 8, 0, 1]))).toMatch(/^DataError: .*gzip/);
    expect(await refused(Buffer.from('PK\u0003\u0004xx'))).toMatch(/^DataError: .*Excel/);
    expect(await refused(Buffer.from([1, 0, 2, 0, 10, 5]))).toMatch(/^DataError: .*binary file/);
    expect(await refused(Buffer.from([0xc3, 0x28, 0xff, 10, 0xff, 10]))).toMatch(
      /^DataError: .*line 1: the header holds bytes that are not UTF-8/,
    );
  });

  it('names what is wrong with the header', async () => {
    expect(await refused('a,b,a\n1,2,3\n')).toMatch(
      /line 1: column name a appears twice \(columns 1 and 3\)/,
    );
    expect(await refused('1,2\n3,4\n')).toMatch(/line 1 holds only numbers .*add one/);
    expect(await refused('followers,label\n1,0\n', { required: ['folowers'] })).toMatch(
      /column folowers is missing \(nearest: followers\); the file has followers, label/,
    );
    expect(await refused('a^b\n1^2\n', { required: ['a'] })).toMatch(
      /only one column was found, "a\^b".*expected a header split by/,
    );
    expect(await refused('a\n1,2\n')).toMatch(/line 1 holds one column, "a", but line 2 holds 2 values/);
    expect(await refused('"a,b\n1,2\n')).toMatch(/line 1: a quote in the header is never closed/);
  });

  it('names line and count of ragged rows', async () => {
    expect(await refused('a,b,c\n1,2,3\n\n4,5\n')).toMatch(
      /line 4: 2 values, expected 3 \(a to c\).*--skip-bad-rows/,
    );
    expect(await refused('a,b\n1,2\n3,4,5\n')).toMatch(/line 3: 3 values, expected 2/);
  });

  it('names the line, the column, the value and the mends where a type is forced', async () => {
    const message = await refused('a,b\n1,"x\ny"\n2,z\nabc,w\n', { types: { a: 'number' } });
    expect(message).toMatch(/^DataError: .*data\.csv: line 5: column a holds "abc", expected a number;/);
    expect(message).toMatch(/or leave such rows out with --skip-bad-rows FILE$/);
    expect(await refused('a,b\n2,1\n', { types: { a: 'boolean' } })).toMatch(
      /line 2: column a holds "2", expected true, false/,
    );
    expect(await refused('a,b\n19/08/2020,1\n', { types: { a: 'timestamp' } })).toMatch(
      /expected an ISO date/,
    );
    expect(await refused('a,b\n796216118331310081,1\n', { types: { a: 'number' } })).toMatch(/beyond 2\^53/);
  });

  it('takes a column of 95 % numbers for spoiled and one of fewer for text', async () => {
    const rows = (bad: number) =>
      `a,b\n${Array.from({ length: 100 }, (_, i) => (i < 100 - bad ? `${i},x` : `oops${i},x`)).join('\n')}\n`;
    expect(await refused(rows(5))).toMatch(
      /line 97: column a holds "oops95", expected a number like 95 of the 100 values/,
    );
    expect((await read(csv(rows(6)))).file.schema[0].type).toBe('string');
    expect((await read(csv(rows(5)), { textColumns: ['a'] })).file.schema[0].type).toBe('string');
    expect((await read(csv(rows(5)), { drop: ['a'] })).file.schema).toHaveLength(1);
  });

  it('names the line of bytes that are not UTF-8, of NUL and of open quotes', async () => {
    const bytes = Buffer.concat([Buffer.from('a,b\n1,đẹp\n2,'), Buffer.from([0xe9]), Buffer.from('\n')]);
    expect(await refused(bytes)).toMatch(/line 3: column b holds bytes that are not UTF-8/);
    const nul = `a,b\n${'1,x\n'.repeat(5000)}2,y\0\n`;
    expect(await refused(nul)).toMatch(/line 5002: column b holds a NUL byte/);
    expect(await refused('a,b\n1,x\n2,"open\n3,y\n')).toMatch(
      /line 3: the quote opened here is never closed/,
    );
    expect(await refused('a,b\n1,"x" y\n')).toMatch(/line 2: column b holds text after the closing quote/);
  });

  it('refuses Parquet that is not', async () => {
    const path = fileWith(folder, 'bad.parquet', 'PAR1 this is not parquet at all');
    expect(await failure(() => read(path))).toMatch(
      /^DataError: .*bad\.parquet: not a readable Parquet file/,
    );
  });

  it('stops when told to', async () => {
    const file = await openDataFile(csv('a\n1\n'));
    const abort = new AbortController();
    abort.abort();
    const work = async () => {
      for await (const batch of file.batches({ signal: abort.signal })) expect(batch).toBeUndefined();
    };
    expect(await failure(work)).toMatch(/^InterruptedError/);
  });
});

describe('openDataFile: rows set aside', () => {
  const spoiled = `a,b\n${'1,x\n'.repeat(60)}oops,"y,z"\n2\n3,w\n`;

  it('writes them with line and reason, and reads the rest', async () => {
    const rejects = join(folder, 'bad-rows.csv');
    const { file, table } = await read(csv(spoiled), { skipBadRows: rejects });
    expect(table.nRows).toBe(61);
    expect(values(table, 'a').at(-1)).toBe(3);
    expect(file.rejected).toBe(2);
    const aside = await read(rejects, { textColumns: ['value'] });
    expect(values(aside.table, 'line')).toEqual([62, 63]);
    expect(values(aside.table, 'column')).toEqual(['a', 'b']);
    expect(values(aside.table, 'record')).toEqual(['oops,"y,z"', '2']);
    expect(existsSync(`${rejects}.partial`)).toBe(false);
  });

  it('replaces an older file also when nothing is bad', async () => {
    const rejects = fileWith(folder, 'older.csv', 'line,column,value,reason,record\n9,a,x,y,z\n');
    expect((await read(csv('a\n1\n'), { skipBadRows: rejects })).file.rejected).toBe(0);
    expect(readFileSync(rejects, 'utf8')).toBe('line,column,value,reason,record\n');
  });

  it('fails when no row is left', async () => {
    const rejects = join(folder, 'all.csv');
    const message = await refused('a,b\nx,1\ny,2\n', { types: { a: 'number' }, skipBadRows: rejects });
    expect(message).toMatch(/all 2 rows are bad; the reasons stand in .*all\.csv/);
    expect(existsSync(rejects)).toBe(true);
  });

  it('leaves nothing half-written when it cannot go on', async () => {
    const rejects = join(folder, 'half.csv');
    await refused('a,b\n1,2\n3,"open\n', { types: { a: 'number', b: 'string' }, skipBadRows: rejects });
    expect(existsSync(rejects) || existsSync(`${rejects}.partial`)).toBe(false);
    expect(await refused('a\n1\n', { skipBadRows: join(folder, 'no', 'where.csv') })).toMatch(
      /^ConfigError: .*folder does not exist/,
    );
  });
});
