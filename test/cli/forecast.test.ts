import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openDataFile, readWhole } from '../../src/sources/data-file.js';
import { scratchFolder } from '../sources/scratch.js';
import { createRng } from '../../src/core/rng.js';
import { kol } from './kol.js';

const folder = scratchFolder();
const file = (name: string): string => join(folder, name);
const base = ['forecast', '--id', 'kol_id', '--time', 'date', '--target', 'views'];

function dailyRows(ids: readonly string[], days: number): string[] {
  const rng = createRng(1);
  return ids.flatMap((id) =>
    Array.from({ length: days }, (_, t) => {
      const date = new Date(Date.UTC(2026, 0, 1 + t)).toISOString().slice(0, 10);
      return `${id},${date},${Math.round(100 + 30 * Math.sin((2 * Math.PI * t) / 7) + 5 * rng.normal())}`;
    }),
  );
}

beforeAll(() => {
  const rows = dailyRows(
    ['b', 'a', 'ả,"x"'.normalize('NFC')].map((id) =>
      id.includes(',') ? `"${id.replaceAll('"', '""')}"` : id,
    ),
    80,
  );
  writeFileSync(file('views.csv'), ['kol_id,date,views', ...rows].join('\n'));
  const odd = [
    'kol_id,date,views',
    ...dailyRows(['good'], 60),
    'one,2026-01-05,7',
    ...Array.from({ length: 20 }, (_, t) => `zero,2026-01-${String(t + 1).padStart(2, '0')},0`),
    'empty,2026-01-01,',
    'twice,2026-01-01,1',
    'twice,2026-01-01,3',
  ];
  writeFileSync(file('odd.csv'), odd.join('\n'));
  writeFileSync(
    file('single.csv'),
    ['ds,y', ...Array.from({ length: 60 }, (_, t) => `${t + 1},${(t % 4) * 10 + 5}`)].join('\n'),
  );
  writeFileSync(file('text.csv'), 'kol_id,date,views\na,2026-01-01,many\n');
  writeFileSync(file('when.csv'), 'kol_id,date,views\na,tomorrow,1\n');
  writeFileSync(file('noid.csv'), 'kol_id,date,views\na,2026-01-01,1\n,2026-01-02,1\n');
});

describe('kol forecast', () => {
  it('writes id, time, yhat and intervals, sorted, times as in the input', async () => {
    const { code, stdout, stderr } = await kol(folder, [
      ...base,
      '--input',
      'views.csv',
      '--horizon',
      '14',
      '--level',
      '50,90',
      '--out',
      'out.csv',
      '--json',
    ]);
    expect(stderr).not.toContain('kol:');
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as {
      series: number;
      frequency: string;
      backtests: { nSeries: number };
    };
    expect(report).toMatchObject({ series: 3, frequency: 'daily', horizon: 14, backtests: { nSeries: 3 } });
    const lines = readFileSync(file('out.csv'), 'utf8').trimEnd().split('\n');
    expect(lines[0]).toBe('kol_id,date,yhat,yhat_lower_50,yhat_upper_50,yhat_lower_90,yhat_upper_90');
    expect(lines).toHaveLength(1 + 3 * 14);
    expect(lines[1]).toMatch(/^a,2026-03-22,\d/);
    expect(lines[14]).toMatch(/^a,2026-04-04,/);
    expect(lines[15]).toMatch(/^b,2026-03-22,/);
    expect(lines[29]).toMatch(/^"ả,""x""",2026-03-22,/);
    for (const line of lines.slice(1, 29)) {
      const [yhat, lower50, upper50, lower90, upper90] = line.split(',').slice(2).map(Number);
      expect(lower90).toBeLessThan(lower50);
      expect(lower50).toBeLessThan(yhat);
      expect(upper50).toBeGreaterThan(yhat);
      expect(upper90).toBeGreaterThan(upper50);
    }
    // The week that is in the data: its crest on the second day of seven from 2026-01-01.
    const week = lines.slice(1, 8).map((line) => Number(line.split(',')[2]));
    expect(Math.max(...week) - Math.min(...week)).toBeGreaterThan(40);
  });

  it('gives the same bytes on any number of threads, and Parquet alike', async () => {
    const outcomes = await Promise.all(
      ['1', '3'].map((threads) =>
        kol(folder, [
          ...base,
          '--input',
          'views.csv',
          '--horizon',
          '7',
          '--out',
          `t${threads}.csv`,
          '--threads',
          threads,
        ]),
      ),
    );
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
    expect(readFileSync(file('t1.csv'))).toEqual(readFileSync(file('t3.csv')));
    const parquet = await kol(folder, [
      ...base,
      '--input',
      'views.csv',
      '--horizon',
      '7',
      '--out',
      'p.parquet',
    ]);
    expect(parquet.code).toBe(0);
    const fromParquet = await readWhole(await openDataFile(file('p.parquet')));
    const fromCsv = await readWhole(await openDataFile(file('t1.csv')));
    expect(fromParquet).toEqual(fromCsv);
  });

  it('prints the forecasts where no file is named, notes beside', async () => {
    const { code, stdout, stderr } = await kol(folder, [
      'forecast',
      '--input',
      'single.csv',
      '--time',
      'ds',
      '--target',
      'y',
      '--horizon',
      '4',
    ]);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toBe('ds,yhat,yhat_lower_80,yhat_upper_80,yhat_lower_95,yhat_upper_95');
    expect(lines.slice(1).map((line) => line.split(',')[0])).toEqual(['61', '62', '63', '64']);
    lines.slice(1).forEach((line, h) => expect(Number(line.split(',')[1])).toBeCloseTo(h * 10 + 5, 0));
    expect(stderr).not.toContain('kol:');
  });

  it('loses no series to the odd ones among them, and says what it did', async () => {
    const { code, stdout } = await kol(folder, [
      ...base,
      '--input',
      'odd.csv',
      '--horizon',
      '5',
      '--out',
      'odd-out.csv',
      '--json',
    ]);
    expect(code).toBe(0);
    const { notes } = JSON.parse(stdout) as { notes: { id: string; note: string }[] };
    const said = Object.fromEntries(notes.map(({ id, note }) => [`${id}/${note}`, true]));
    expect(Object.keys(said)).toEqual(
      expect.arrayContaining([
        'empty/has no value at all: no forecast',
        'one/one value: it is repeated',
        'zero/all values are 0',
        'twice/1 rows repeat a time of the series: their mean is used',
      ]),
    );
    const lines = readFileSync(file('odd-out.csv'), 'utf8').trimEnd().split('\n').slice(1);
    expect([...new Set(lines.map((line) => line.split(',')[0]))]).toEqual(['good', 'one', 'twice', 'zero']);
    expect(lines.filter((line) => line.startsWith('one'))[0]).toMatch(/^one,2026-01-06,7,/);
    expect(lines.filter((line) => line.startsWith('twice'))[0]).toMatch(/^twice,2026-01-02,2,/);
  });

  it('takes a table of events and the calendar of a country', async () => {
    writeFileSync(
      file('events.csv'),
      ['name,date,upper_window', 'sale,2026-02-02,1', 'sale,2026-03-03,1', 'sale,2026-03-25,1'].join('\n'),
    );
    const args = [...base, '--input', 'views.csv', '--horizon', '7', '--out', 'events-out.csv'];
    const { code, stderr } = await kol(folder, [...args, '--events', 'events.csv', '--calendar', 'vn']);
    expect(stderr).not.toContain('kol:');
    expect(code).toBe(0);
    writeFileSync(file('events.csv'), ['name,date', 'sale,2026-02-02', 'sale,2026-02-30'].join('\n'));
    const wrong = await kol(folder, [...args, '--events', 'events.csv']);
    expect(wrong.stderr).toMatch(/events\.csv: row 2: date=2026-02-30 must be a date/);
    expect(wrong.code).toBe(3);
  });

  it.each([
    ['a missing column', ['--input', 'views.csv', '--target', 'view'], 3, /column view is missing.*views/],
    ['text among values', ['--input', 'text.csv'], 3, /line 2.*views holds "many", expected a number/],
    ['times that are none', ['--input', 'when.csv'], 3, /column date holds "tomorrow", expected ISO 8601/],
    ['a row without an id', ['--input', 'noid.csv'], 3, /row 2: column kol_id is empty/],
    ['a column named twice', ['--input', 'views.csv', '--target', 'date'], 2, /column date is named twice/],
    [
      'a level out of range',
      ['--input', 'views.csv', '--level', '80,120'],
      2,
      /percents above 0 and below 100/,
    ],
    [
      'an unknown frequency',
      ['--input', 'views.csv', '--frequency', 'fortnightly'],
      2,
      /frequency=fortnightly must be/,
    ],
    [
      'a frequency of another kind',
      ['--input', 'views.csv', '--frequency', '5'],
      2,
      /does not fit column date/,
    ],
    ['no horizon', ['--input', 'views.csv', '--horizon', '0'], 2, /whole number from 1/],
    [
      'a file of another kind',
      ['--input', 'views.csv', '--out', 'out.xlsx'],
      2,
      /ends in \.csv or \.parquet/,
    ],
  ])('refuses %s', async (_, args, code, message) => {
    const outcome = await kol(folder, [...base, '--horizon', '3', '--out', 'x.csv', ...args]);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.code).toBe(code);
    expect(outcome.stdout).toBe('');
  });
});
