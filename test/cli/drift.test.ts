import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DriftReport } from '../../src/evaluation/drift/drift-report.js';
import { scratchFolder } from '../sources/scratch.js';
import { csv, kol, tableHeader, tableRows, type Outcome } from './kol.js';

const folder = scratchFolder();
const drift = (...args: string[]): Promise<Outcome> => kol(folder, ['drift', '--model', 'release', ...args]);
const write = (name: string, rows: readonly (readonly string[])[], header = tableHeader): void => {
  writeFileSync(join(folder, name), csv(header, rows));
};
const reportOf = ({ stdout }: Outcome): DriftReport => JSON.parse(stdout) as DriftReport;

beforeAll(async () => {
  write('rows.csv', tableRows(1_500));
  write('same.csv', tableRows(400, 2));
  write(
    'moved.csv',
    tableRows(400, 3).map(([id, , b, , ...rest], i) => [
      id,
      (0.8 + (i % 100) / 500).toFixed(4),
      i % 2 === 0 ? '' : b,
      i % 4 === 0 ? 'brand new' : 'x',
      ...rest,
    ]),
  );
  const train = [
    'train',
    'table',
    '--input',
    'rows.csv',
    '--target',
    'label',
    '--folds',
    '2',
    '--out',
    'release',
  ];
  const { code, stderr } = await kol(folder, [...train, '--drop', 'words,team,day,w,size,tier']);
  expect(stderr).not.toContain('kol:');
  expect(code).toBe(0);
}, 300_000);

describe('kol drift', () => {
  it('finds none among rows of the same kind, and ends with 0', async () => {
    const { code, stdout } = await drift('--input', 'same.csv');
    expect(stdout).toContain('same.csv: 400 rows against 1500 of the training of rows: no drift');
    expect(stdout).toContain('Expected performance');
    expect(code).toBe(0);
  });

  it('names what moved, went missing and is new, and ends with 4', async () => {
    const outcome = await drift('--input', 'moved.csv', '--json', '--out', 'found');
    expect(outcome.code).toBe(4);
    expect(outcome.stderr).toContain('moved.csv drifted from the training of rows');
    const report = reportOf(outcome);
    expect(JSON.parse(readFileSync(join(folder, 'found/drift.json'), 'utf8'))).toEqual(report);
    const drifted = report.columns.flatMap(({ name, measures }) =>
      measures.filter(({ verdict }) => verdict === 'drift').map(({ measure }) => `${name} ${measure}`),
    );
    expect(drifted).toEqual(
      expect.arrayContaining(['a psi', 'a kolmogorovSmirnov', 'b missing', 'c unseen', 'probability psi']),
    );
    expect(report.columns.find(({ name }) => name === 'c')?.unseen).toEqual([['brand new', 100]]);
    const words = await drift('--input', 'moved.csv');
    expect(words.stdout).toMatch(
      /drift: c has new categories in 25\.0 % of the rows \("brand new"\)|drift: c is/,
    );
    expect(words.stdout).toContain('b is missing in 50.0 % of the rows, 0.0 % in the training');
  });

  it('takes thresholds from a file, and another table as reference', async () => {
    const lax = { watch: 10, drift: 20 };
    const names = ['psi', 'jensenShannon', 'kolmogorovSmirnov', 'missing', 'unseen', 'performance'];
    const config = Object.fromEntries(names.map((name) => [name, lax]));
    writeFileSync(join(folder, 'lax.yaml'), JSON.stringify(config));
    expect((await drift('--input', 'moved.csv', '--config', 'lax.yaml')).code).toBe(0);
    expect((await drift('--input', 'moved.csv', '--reference', 'moved.csv')).code).toBe(0);
    const other = await drift('--input', 'same.csv', '--reference', 'moved.csv', '--json');
    expect(other.code).toBe(4);
    expect(reportOf(other).performance).toBeNull();
  });

  it('judges the growth and the mood of KOLs by their own history', async () => {
    const day = (i: number): string => new Date(Date.UTC(2026, 8, 1 + i)).toISOString().slice(0, 10);
    const rows = ['calm', 'bought', 'scolded'].flatMap((id) =>
      Array.from({ length: 60 }, (_, i) => [
        id,
        day(i),
        String(10_000 + 20 * i + (id === 'bought' && i > 57 ? 9_000 : 0)),
        String(id === 'scolded' && i > 52 ? -0.4 : 0.3 + (i % 5) / 50),
      ]),
    );
    write('activity.csv', rows, 'kol_id,metric_date,followers_count,sentiment_score');
    const outcome = await drift('--input', 'same.csv', '--activity', 'activity.csv');
    expect(outcome.stdout).toContain('Follower spikes among 3 KOLs: 1: bought (+');
    expect(outcome.stdout).toContain('Sentiment drops among 3 KOLs: 1: scolded (-0.7');
    expect(outcome.code).toBe(4);
  });

  it('says what it needs', async () => {
    writeFileSync(join(folder, 'bad.yaml'), 'psi: {watch: -1}\n');
    writeFileSync(join(folder, 'cut.json'), '{"format": 1,');
    writeFileSync(join(folder, 'other.json'), '{"format":1,"model":"other","columns":[],"scores":[]}');
    for (const [args, code, message] of [
      [['--config', 'bad.yaml'], 2, 'psi.watch=-1'],
      [['--reference', 'cut.json'], 3, 'cut.json is not JSON'],
      [['--reference', 'other.json'], 3, 'says nothing of column a'],
      [['--reference', 'none.json'], 2, '--reference none.json cannot be read'],
      [['--activity', 'rows.csv'], 2, 'expected kol_id, a time'],
    ] as const) {
      const outcome = await drift('--input', 'same.csv', ...args);
      expect(outcome.stderr).toContain(message);
      expect(outcome.code).toBe(code);
    }
  });
});
