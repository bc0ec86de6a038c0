import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '../sources/scratch.js';
import { csv, kol, tableHeader, tableRows } from './kol.js';

const folder = scratchFolder();
const rows = tableRows(120);
const label = tableHeader.split(',').indexOf('label');

/** The rows with one cell of row 8 (line 9) replaced. */
function withCell(column: string, value: string): string {
  const at = tableHeader.split(',').indexOf(column);
  return csv(
    tableHeader,
    rows.map((row, i) => (i === 7 ? row.with(at, value) : row)),
  );
}

const files: Record<string, string> = {
  'ok.csv': csv(tableHeader, rows),
  'ten.csv': csv(tableHeader, rows.slice(0, 10)),
  'header.csv': `${tableHeader}\n`,
  'empty.csv': '',
  'one-class.csv': csv(
    tableHeader,
    rows.map((row) => row.with(label, 'fine')),
  ),
  'third.csv': withCell('label', 'maybe'),
  'nan.csv': withCell('label', 'NaN'),
  'text.csv': withCell('a', 'many'),
  'weight.csv': withCell('w', '-1'),
  'ragged.csv': csv(
    tableHeader,
    rows.map((row, i) => (i === 7 ? row.slice(0, 3) : row)),
  ),
  'twice.csv': csv(tableHeader.replace('a,b', 'a,a'), rows),
  'caret.csv': csv(tableHeader, rows, '^'),
  'no-a.csv': csv(tableHeader.replace(',a,', ',other,'), rows),
  'bad.parquet': 'PAR1 nonsense',
  'unknown.yaml': 'foldz: 3\n',
  'range.yaml': 'folds: 1\n',
  'empty.onnx': '',
  'text.onnx': 'not a model at all, only words',
};

/** Names in the folder, so that nothing may be left behind. */
const left = (): string[] => readdirSync(folder).sort();
const train = ['train', 'table', '--target', 'label', '--input'];
const score = ['score', '--model', 'release', '--output', 'out.csv', '--input'];
const evaluate = ['evaluate', '--model', 'release', '--target', 'label', '--input'];

beforeAll(async () => {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  mkdirSync(join(folder, 'folder'));
  const trained = await kol(folder, [
    ...train,
    'ok.csv',
    '--drop',
    'words,team,day,w,size,tier',
    '--folds',
    '2',
  ]);
  expect(trained.stderr).not.toContain('kol:');
  expect(trained.code).toBe(0);
  mkdirSync(join(folder, 'tampered'));
  copyFileSync(join(folder, 'release/model.json'), join(folder, 'tampered/model.json'));
  const onnx = readFileSync(join(folder, 'release/model.onnx'));
  onnx[onnx.length >> 1] ^= 1;
  writeFileSync(join(folder, 'tampered/model.onnx'), onnx);
});

const cases: [name: string, args: string[], code: number, message: RegExp][] = [
  ['a missing file', [...train, 'none.csv'], 3, /none\.csv: does not exist/],
  ['a folder', [...train, 'folder'], 3, /folder: is a folder, expected a CSV/],
  ['an unknown delimiter', [...train, 'caret.csv'], 3, /label is missing.*expected a header split by comma/],
  ['ragged rows', [...train, 'ragged.csv'], 3, /line 9: 3 values, expected 11 .*--skip-bad-rows FILE/],
  [
    'text among numbers',
    [...train, 'text.csv'],
    3,
    /line 9: column a holds "many", expected a number.*--text a/,
  ],
  ['a missing label', [...train, 'nan.csv'], 3, /row 8 has no value in target label; fill it in/],
  [
    'a third label',
    [...train, 'third.csv', '--task', 'binary'],
    3,
    /3 values \(fine, maybe, spam\), expected 2/,
  ],
  ['Trino without its address', ['train', 'trust', '--source', 'trino'], 2, /--source trino needs TRINO_URL/],
  [
    'an unclear snapshot',
    ['train', 'trust', '--snapshot', 'a=1'],
    2,
    /--snapshot a=1 must be schema\.table=id/,
  ],
  ['a run that is not there', ['train', 'trust', '--snapshot', 'none'], 2, /none/],
  ['loading without Trino', ['load', '--lakehouse', 'folder'], 2, /kol load needs TRINO_URL/],
  ['one class', [...train, 'one-class.csv'], 3, /label is fine in every row/],
  ['ten rows', [...train, 'ten.csv'], 3, /has 10 rows; training needs at least 50/],
  ['a header alone', [...train, 'header.csv'], 3, /holds a header and no rows/],
  ['an empty file', [...train, 'empty.csv'], 3, /is empty \(0 bytes\)/],
  ['a column twice', [...train, 'twice.csv'], 3, /column name a appears twice \(columns 2 and 3\)/],
  ['unreadable Parquet', [...train, 'bad.parquet'], 3, /bad\.parquet: not a readable Parquet file/],
  ['an unknown target', ['train', 'table', '--input', 'ok.csv', '--target', 'lable'], 3, /nearest: label/],
  ['no target', ['train', 'table', '--input', 'ok.csv'], 2, /target is not set; give it as --target/],
  ['a negative weight', [...train, 'weight.csv', '--weight', 'w'], 3, /row 8: weight w holds -1, expected/],
  [
    'an unknown key',
    [...train, 'ok.csv', '--config', 'unknown.yaml'],
    2,
    /unknown key foldz; did you mean folds/,
  ],
  ['a value out of range', [...train, 'ok.csv', '--config', 'range.yaml'], 2, /range\.yaml: folds=1/],
  ['an option out of range', [...train, 'ok.csv', '--folds', '1'], 2, /whole number from 2 to 20/],
  [
    'a release over a file',
    [...train, 'ok.csv', '--out', 'ten.csv'],
    2,
    /ten\.csv is a file, expected a folder/,
  ],
  ['a positive class that is none', [...train, 'ok.csv', '--positive', 'ham'], 2, /fine and spam/],
  ['a missing input column', [...score, 'no-a.csv'], 3, /no-a\.csv: column a is missing/],
  ['text to be scored as number', [...score, 'text.csv'], 3, /column a holds "many".*--skip-bad-rows FILE$/m],
  ['an unknown id', [...score, 'ok.csv', '--id', 'kolid'], 3, /kolid is missing \(nearest: kol_id\)/],
  [
    'a missing model',
    ['score', '--model', 'none.onnx', '--input', 'ok.csv', '--output', 'o.csv'],
    2,
    /no file/,
  ],
  [
    'no champion',
    ['score', '--model', 'models:/x@champion', '--input', 'ok.csv', '--output', 'o.csv'],
    2,
    /x has no/,
  ],
  [
    'an empty model',
    ['score', '--model', 'empty.onnx', '--input', 'ok.csv', '--output', 'o.csv'],
    3,
    /0 bytes/,
  ],
  [
    'a file that is no model',
    ['score', '--model', 'text.onnx', '--input', 'ok.csv', '--output', 'o.csv'],
    3,
    /text\.onnx is/,
  ],
  [
    'a changed model',
    ['score', '--model', 'tampered', '--input', 'ok.csv', '--output', 'o.csv'],
    3,
    /SHA-256 differs/,
  ],
  [
    'an unknown extension',
    ['score', '--model', 'release', '--input', 'ok.csv', '--output', 'o.xlsx'],
    2,
    /\.csv or \.parquet/,
  ],
  [
    'a missing output folder',
    ['score', '--model', 'release', '--input', 'ok.csv', '--output', 'no/o.csv'],
    2,
    /make no first/,
  ],
  [
    'one class to judge on',
    [...evaluate, 'one-class.csv'],
    3,
    /label is fine in every row, expected at least two/,
  ],
  [
    'an unknown class to judge',
    [...evaluate, 'third.csv'],
    3,
    /row 8: target label holds "maybe", expected fine or spam/,
  ],
  ['a missing truth', [...evaluate, 'nan.csv'], 3, /row 8 has no value in target label/],
  [
    'accounts without counts',
    ['import', 'accounts', '--input', 'ok.csv'],
    3,
    /column followers_count.*is missing/,
  ],
  [
    'a lakehouse that is not there',
    ['train', 'trust', '--lakehouse', 'none'],
    3,
    /none does not exist.*kol sample/,
  ],
  ['a time that is none', ['train', 'trust', '--as-of', 'yesterday'], 2, /asOf="yesterday": expected a date/],
  ['a mistyped command', ['trian'], 2, /Did you mean train\?/],
  ['a mistyped option', ['train', 'trust', '--lakehose', 'x'], 2, /Did you mean --lakehouse\?/],
  ['a rollback of nothing', ['rollback', '--model', 'none'], 2, /none has no versions/],
];

describe('bad input', () => {
  it.each(cases)('names %s', async (_, args, code, message) => {
    const before = left();
    const outcome = await kol(folder, args);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.stderr).not.toContain('failed inside');
    expect(outcome.code).toBe(code);
    expect(outcome.stdout).toBe('');
    expect(left()).toEqual(before);
  });

  it('leaves nothing where the disk is full', async () => {
    writeFileSync(join(folder, 'many.csv'), csv(tableHeader, tableRows(4_000)));
    const before = left();
    const outcome = await kol(folder, [...score, 'many.csv'], { shell: 'ulimit -f 16' });
    expect(outcome.stderr).toContain('out.csv: the disk is full');
    expect(outcome.code).toBe(2);
    expect(left()).toEqual(before);
  });

  it('sets bad rows aside and scores the others', async () => {
    const { code, stdout } = await kol(folder, [
      ...score,
      'text.csv',
      '--skip-bad-rows',
      'bad-rows.csv',
      '--json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ rows: 119, rejected: 1, output: 'out.csv' });
    expect(readFileSync(join(folder, 'bad-rows.csv'), 'utf8')).toMatch(/\n9,a,many,expected a number,/);
    rmSync(join(folder, 'out.csv'));
  });

  it('reads quoted line ends and a byte order mark', async () => {
    const quoted = rows.map((row, i) => (i === 3 ? row.with(0, '"k\n3"') : row));
    writeFileSync(join(folder, 'fine.csv'), `\uFEFF${csv(tableHeader, quoted)}`);
    const { code, stdout } = await kol(folder, [...score, 'fine.csv', '--id', 'kol_id']);
    expect(code).toBe(0);
    expect(stdout).toBe('120 rows scored into out.csv\n');
    expect(readFileSync(join(folder, 'out.csv'), 'utf8')).toContain('"k\n3",');
  });
});

describe('help', () => {
  it.each([[[]], [['sample']], [['train', 'trust']], [['train', 'table']], [['score']], [['evaluate']]])(
    'of %j fits 80 columns',
    async (command) => {
      const { code, stdout, stderr } = await kol(folder, [...command, '--help']);
      expect(code).toBe(0);
      expect(stderr).toBe('');
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    },
  );
});
