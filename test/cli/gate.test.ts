import { readFileSync, writeFileSync, mkdirSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/record.js';
import { createRng } from '../../src/core/rng.js';
import type { Gate } from '../../src/evaluation/gate/gate.js';
import { scratchFolder } from '../sources/scratch.js';
import { kol } from './kol.js';

const folder = scratchFolder();
const header = 'a,b,c,platform,day,label';

/** Rows that a and b tell the label of, with noise. */
function rows(
  seed: number,
  nRows: number,
  change: (row: string[], label: boolean, i: number) => string[] = (row) => row,
): string {
  const rng = createRng(seed);
  const lines = Array.from({ length: nRows }, (_, i) => {
    const [a, b, c] = [rng.normal(), rng.normal(), rng.normal()];
    const label = a + 0.7 * b + 1.2 * rng.normal() > 0;
    const day = new Date(Date.UTC(2026, 0, 1 + Math.floor((i * 200) / nRows))).toISOString().slice(0, 10);
    const row = [a.toFixed(4), b.toFixed(4), c.toFixed(4), ['x', 'y', 'z'][i % 3], day];
    return [...change(row, label, i), label ? 'spam' : 'fine'].join(',');
  });
  return lines.join('\n');
}
const write = (name: string, head: string, body: string): void => {
  writeFileSync(join(folder, name), `${head}\n${body}\n`);
};
const train = (input: string, out: string, ...more: string[]) =>
  kol(folder, [
    'train',
    'table',
    '--input',
    input,
    '--target',
    'label',
    '--folds',
    '2',
    '--drop',
    'platform,day',
    '--out',
    out,
    ...more,
  ]);

interface Judged {
  readonly code: number | null;
  readonly stderr: string;
  readonly gate: Gate;
}
async function judge(model: string, input: string, ...more: string[]): Promise<Judged> {
  const { code, stdout, stderr } = await kol(folder, [
    'evaluate',
    '--model',
    model,
    '--against',
    'champion',
    '--input',
    input,
    '--target',
    'label',
    '--json',
    ...more,
  ]);
  if (stdout === '') throw new Error(stderr);
  return { code, stderr, gate: (JSON.parse(stdout) as { gate: Gate }).gate };
}
const failed = ({ gate }: Judged): string[] =>
  gate.checks.filter(({ verdict }) => verdict === 'fail').map(({ code }) => code);

beforeAll(async () => {
  write('train.csv', header, rows(1, 5_000));
  write('new.csv', header, rows(2, 3_000));
  const outcome = await train('train.csv', 'champion');
  expect(outcome.stderr).not.toContain('kol:');
  expect(outcome.code).toBe(0);
  expect(outcome.stdout).toContain('Gate: promote: there was no champion before, and every check is passed.');
}, 180_000);

describe('kol evaluate --against', { timeout: 180_000 }, () => {
  it('lets a model of equal worth pass, in words, as JSON and in the report', async () => {
    const own = await judge('champion', 'new.csv', '--time', 'day', '--out', 'judged');
    expect(failed(own)).toEqual([]);
    expect(own.code).toBe(0);
    expect(own.gate).toMatchObject({ decision: 'promote', claim: 'non-inferior', look: 1, nRows: 3_000 });
    expect(own.gate.checks.map(({ code }) => code)).toContain('comparison/newest/roc_auc');
    expect(readFileSync(join(folder, 'judged/report.html'), 'utf8')).toContain('<h2>Gate: promote</h2>');
    const report = JSON.parse(readFileSync(join(folder, 'judged/report.json'), 'utf8')) as { gate: Gate };
    expect(report.gate).toEqual(own.gate);
    const words = await kol(folder, [
      'evaluate',
      '--model',
      'champion',
      '--against',
      'champion',
      '--input',
      'new.csv',
      '--target',
      'label',
    ]);
    expect(words.code).toBe(0);
    expect(words.stdout.replaceAll('\n', ' ')).toContain(
      'Gate: promote: as good as the champion within the margins on 3,000 common',
    );
  });

  it('refuses one that learned the wrong thing, and tells how often these rows were used', async () => {
    write(
      'wrong.csv',
      header,
      rows(3, 4_000, ([, b, c, ...rest], label, i) => [`${i % 4 === 0 ? 2 : label ? 1 : -1}`, b, c, ...rest]),
    );
    await train('wrong.csv', 'wrong');
    const judged = await judge('wrong', 'new.csv');
    expect(judged.code).toBe(4);
    expect(judged.stderr).toContain('wrong may not replace champion (refuse): worse than ');
    expect(failed(judged)).toContain('comparison/random/roc_auc');
    // The champion against itself was the first comparison on these rows.
    expect(judged.gate.look).toBe(2);
  });

  it('refuses a leaky one for its leak', async () => {
    const leak = (row: string[], label: boolean, i: number): string[] => [
      ...row,
      `${i % 300 === 0 ? 0.5 : label ? 0.9 : 0.1}`,
    ];
    write('leak.csv', 'a,b,c,platform,day,paid_out,label', rows(4, 4_000, leak));
    write('leak-new.csv', 'a,b,c,platform,day,paid_out,label', rows(5, 3_000, leak));
    const trained = await train('leak.csv', 'leaky', '--require-promotion');
    expect(trained.code).toBe(4);
    expect(trained.stderr).toContain('input paid_out alone tells the answer');
    const judged = await judge('leaky', 'leak-new.csv');
    expect(judged.code).toBe(4);
    expect(failed(judged)).toContain('leakage/single-feature');
  });

  it('refuses one that is miscalibrated and drifted: trained on rows of which most positives were left out', async () => {
    const all = rows(6, 6_000).split('\n');
    write('skewed.csv', header, all.filter((line, i) => line.endsWith('fine') || i % 12 === 0).join('\n'));
    await train('skewed.csv', 'skewed');
    const judged = await judge('skewed', 'new.csv');
    expect(judged.code).toBe(4);
    expect(failed(judged)).toEqual(
      expect.arrayContaining(['calibration/random/error', 'calibration/random/intercept', 'drift/psi']),
    );
    expect(failed(judged)).not.toContain('comparison/random/roc_auc');
  });

  it('refuses one that harms a slice', async () => {
    // In one slice a means the opposite: where the champion knows nothing either, but is not misled by it.
    const turned = (row: string[], label: boolean, i: number): string[] =>
      i % 3 === 2 ? ['0', '0', label ? '1' : '-1', ...row.slice(3)] : row;
    write(
      'turned.csv',
      header,
      rows(7, 4_000, (row, label, i) =>
        i % 3 === 2 ? ['0', '0', label ? '-1' : '1', ...row.slice(3)] : row,
      ),
    );
    write('turned-new.csv', header, rows(8, 3_000, turned));
    await train('turned.csv', 'turned');
    writeFileSync(join(folder, 'slices.yaml'), 'slices: { columns: [platform] }\n');
    const judged = await judge('turned', 'turned-new.csv', '--policy', 'slices.yaml');
    expect(judged.code).toBe(4);
    expect(failed(judged)).toContain('slices/platform=z');
    expect(failed(judged)).not.toContain('slices/platform=x');
  });

  it('refuses one that is slower than it may be', async () => {
    writeFileSync(join(folder, 'fast.yaml'), 'budgets: { p50Milliseconds: 0.000001 }\n');
    const judged = await judge('champion', 'new.csv', '--policy', 'fast.yaml');
    expect(judged.code).toBe(4);
    expect(failed(judged)).toEqual(['budgets/p50Milliseconds']);
  });

  it('refuses one whose graph says something else than its model', async () => {
    mkdirSync(join(folder, 'parted'));
    cpSync(join(folder, 'champion'), join(folder, 'parted'), { recursive: true });
    // The graph of one training beside the model of another, described as if they belonged together.
    const onnx = readFileSync(join(folder, 'skewed/model.onnx'));
    writeFileSync(join(folder, 'parted/model.onnx'), onnx);
    const card = JSON.parse(readFileSync(join(folder, 'parted/model.json'), 'utf8')) as {
      sha256: Record<string, string>;
    };
    card.sha256['model.onnx'] = sha256(onnx);
    writeFileSync(join(folder, 'parted/model.json'), JSON.stringify(card));
    const judged = await judge('parted', 'new.csv');
    expect(judged.code).toBe(4);
    expect(failed(judged)).toContain('parity');
    expect(judged.gate.reason).toMatch(/^the graph does not say what the model says/);
  });

  it('refuses a policy with a key that is none, and says which may be meant', async () => {
    writeFileSync(join(folder, 'typo.yaml'), 'margins: { roc_acu: 0.1 }\n');
    const { code, stderr } = await kol(folder, [
      'evaluate',
      '--model',
      'champion',
      '--against',
      'champion',
      '--input',
      'new.csv',
      '--target',
      'label',
      '--policy',
      'typo.yaml',
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('unknown key margins.roc_acu; did you mean roc_auc?');
    writeFileSync(join(folder, 'range.yaml'), 'margins: { roc_auc: -1 }\n');
    const range = await kol(folder, [
      'evaluate',
      '--model',
      'champion',
      '--input',
      'new.csv',
      '--target',
      'label',
      '--policy',
      'range.yaml',
    ]);
    expect(range.code).toBe(2);
    expect(range.stderr).toContain('margins.roc_auc=-1: ');
    expect(range.stderr).toContain('loss of ROC-AUC that is tolerated; above 0');
  });
});
