import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '../sources/scratch.js';
import { csv, kol, tableHeader, tableRows } from './kol.js';

const folder = scratchFolder();
const train = ['train', 'table', '--input', 'rows.csv', '--folds', '2'];
const others = (...used: string[]): string =>
  ['kol_id', 'words', 'team', 'day', 'w', 'label', 'size', 'tier']
    .filter((name) => !used.includes(name))
    .join(',');
const header = (name: string): string => readFileSync(join(folder, name), 'utf8').split('\n')[0];

interface Card {
  task: string;
  classes: string[];
  inputs: { name: string }[];
  assessments: { title: string; metrics: { name: string; value: number }[] }[];
}

async function trained(...args: string[]): Promise<Card> {
  const { code, stdout, stderr } = await kol(folder, [...train, ...args, '--json']);
  expect(stderr).not.toContain('kol:');
  expect(code).toBe(0);
  return JSON.parse(stdout) as Card;
}
async function scored(model: string): Promise<string> {
  const { code } = await kol(folder, [
    'score',
    '--model',
    model,
    '--input',
    'rows.csv',
    '--output',
    `${model}.csv`,
    '--id',
    'kol_id',
  ]);
  expect(code).toBe(0);
  return header(`${model}.csv`);
}

beforeAll(() => {
  writeFileSync(join(folder, 'rows.csv'), csv(tableHeader, tableRows(240)));
});

describe('any table', () => {
  it('gives the same bytes for a seed, on any number of threads', async () => {
    const args = ['--target', 'label', '--drop', others('label')];
    const card = await trained(...args, '--out', 'one', '--threads', '1');
    await trained(...args, '--out', 'three', '--threads', '3');
    expect(readFileSync(join(folder, 'three/model.onnx'))).toEqual(
      readFileSync(join(folder, 'one/model.onnx')),
    );
    expect(card).toMatchObject({ task: 'binary', classes: ['fine', 'spam'] });
    expect(card.inputs.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    // The label is a noisy threshold on a and b: far better than chance, or nothing was learned.
    expect(card.assessments[0].metrics.find(({ name }) => name === 'roc_auc')?.value).toBeGreaterThan(0.8);
    expect(await scored('one')).toBe('kol_id,probability,prediction');
    expect(readdirSync(folder).filter((name) => /partial|tmp/.test(name))).toEqual([]);
  });

  it('turns the positive class round, reads texts and weights, and holds out groups and the newest rows', async () => {
    const roles = [
      '--text',
      'words',
      '--weight',
      'w',
      '--group',
      'team',
      '--time',
      'day',
      '--positive',
      'fine',
    ];
    const drop = others('label', 'words', 'w', 'team', 'day');
    const card = await trained('--target', 'label', ...roles, '--drop', drop, '--out', 'roles');
    expect(card.classes).toEqual(['spam', 'fine']);
    expect(card.assessments.map(({ title }) => title)).toEqual(['random hold-out', 'newest rows']);
    expect(card.inputs.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'words']);
  });

  it('tells several classes apart, and judges them', async () => {
    const card = await trained('--target', 'tier', '--drop', others('tier'), '--out', 'tiers');
    expect(card).toMatchObject({ task: 'multiclass', classes: ['bronze', 'gold', 'silver'] });
    expect(await scored('tiers')).toBe(
      'kol_id,probability_bronze,probability_gold,probability_silver,prediction',
    );
    const judged = await kol(folder, [
      'evaluate',
      '--model',
      'tiers',
      '--input',
      'rows.csv',
      '--target',
      'tier',
      '--json',
    ]);
    expect(JSON.parse(judged.stdout)).toMatchObject({ rows: 240, evaluation: { task: 'multiclass' } });
  });

  it('predicts numbers, and judges them', async () => {
    const card = await trained('--target', 'size', '--drop', others('size'), '--out', 'sizes');
    expect(card.task).toBe('regression');
    expect(await scored('sizes')).toBe('kol_id,prediction');
    const judged = await kol(folder, [
      'evaluate',
      '--model',
      'sizes',
      '--input',
      'rows.csv',
      '--target',
      'size',
      '--json',
    ]);
    expect(JSON.parse(judged.stdout)).toMatchObject({ rows: 240, evaluation: { task: 'regression' } });
    const wrong = await kol(folder, [
      'evaluate',
      '--model',
      'sizes',
      '--input',
      'rows.csv',
      '--target',
      'tier',
    ]);
    expect(wrong.code).toBe(3);
    expect(wrong.stderr).toMatch(/line 2: column tier holds ".*", expected a number/);
  });

  it('sets bad rows aside', async () => {
    const bad = tableRows(120).map((row, i) => (i === 7 ? row.slice(0, 4) : row));
    writeFileSync(join(folder, 'bad.csv'), csv(tableHeader, bad));
    const args = [
      'train',
      'table',
      '--input',
      'bad.csv',
      '--folds',
      '2',
      '--target',
      'label',
      '--drop',
      others('label'),
    ];
    const { code, stdout, stderr } = await kol(folder, [
      ...args,
      '--out',
      'aside',
      '--skip-bad-rows',
      'aside.csv',
      '--json',
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ lineage: { rows: 119 } });
    expect(stderr).toContain('1 bad rows were set aside in aside.csv');
    expect(readFileSync(join(folder, 'aside.csv'), 'utf8')).toMatch(/\n9,/);
  });

  it('streams a large file, and can be stopped in it', async () => {
    await trained('--target', 'label', '--drop', others('label'), '--out', 'large');
    const part = csv(tableHeader, tableRows(2_000)).split('\n').slice(1, -1).join('\n');
    writeFileSync(join(folder, 'large.csv'), `${tableHeader}\n${Array(100).fill(part).join('\n')}\n`);
    const score = ['score', '--model', 'large', '--input', 'large.csv', '--output', 'large-scores.csv'];
    const stopped = await kol(folder, score, { interruptAt: 'scoring' });
    expect(stopped.code).toBe(130);
    expect(stopped.stdout).toBe('');
    expect(stopped.afterSignal).toBeLessThan(2_000);
    expect(readdirSync(folder).filter((name) => name.startsWith('large-scores'))).toEqual([]);
    // 200,000 rows in batches: a whole table in memory would take several times the limit of virtual heap.
    const { code, stdout } = await kol(folder, score, {
      shell: 'export NODE_OPTIONS=--max-old-space-size=160',
    });
    expect(code).toBe(0);
    expect(stdout).toBe('200000 rows scored into large-scores.csv\n');
  });

  it('writes the sample lakehouse, whole or not at all', async () => {
    const stopped = await kol(folder, ['sample', '--kols', '2000', '--lakehouse', 'lake'], {
      interruptAt: 'simulating',
    });
    expect(stopped.code).toBe(130);
    expect(stopped.afterSignal).toBeLessThan(2_000);
    expect(readdirSync(folder).filter((name) => name.includes('lake'))).toEqual([]);
    const whole = await kol(folder, ['sample', '--kols', '3', '--lakehouse', 'lake', '--json']);
    expect(whole.code).toBe(0);
    expect(JSON.parse(whole.stdout)).toEqual({ lakehouse: 'lake' });
  });
});
