import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { outputColumns, safeNames } from '../../src/onnx/outputs.js';
import { randomChampion } from './random-champion.js';

const identity = { kind: 'identity', format: 1 } as const;
const plan = { probabilities: [{ name: 'p', of: 'positive', scale: 1 }], baseScores: true } as const;

describe('safeNames', () => {
  it('turns labels into distinct ASCII identifiers', () => {
    expect(safeNames(['tích cực', 'tich-cuc', 'Đẹp', 'a.b', 'a b', '😀', '', 'x'])).toEqual([
      'tich_cuc',
      'tich_cuc_2',
      'Dep',
      'a_b',
      'a_b_2',
      '__',
      '',
      'x',
    ]);
  });

  it('stays distinct where a numbered name is itself a label', () => {
    const names = safeNames(['a b', 'a_b', 'a_b_2', 'a-b']);
    expect(new Set(names).size).toBe(4);
    expect(names[0]).toBe('a_b');
  });
});

describe('outputColumns', () => {
  it('lists what a task answers, then the base scores', () => {
    const named = (task: 'binary' | 'multiclass' | 'regression'): string[] =>
      outputColumns(randomChampion(task, identity, createRng(1)), plan).map(({ name }) => name);
    expect(named('binary')).toEqual(['p', 'score_text', 'score_gbm', 'score_few_columns', 'score_anomaly', 'score_linear', 'score_linear_few']); // prettier-ignore
    expect(named('regression')[0]).toBe('prediction');
    expect(named('multiclass').slice(0, 5)).toEqual([
      'probability_tot',
      'probability_tot_2',
      'probability_xau_',
      'score_text_tot',
      'score_text_tot_2',
    ]);
    expect(named('multiclass').filter((name) => name === 'score_anomaly')).toHaveLength(1);
  });

  it('adds a decision where a threshold is given', () => {
    const model = randomChampion('binary', identity, createRng(1));
    expect(outputColumns(model, { ...plan, threshold: 0.25, baseScores: false })).toEqual([
      { name: 'p', kind: 'probability', of: 'positive', scale: 1 },
      { name: 'prediction', kind: 'decision', threshold: 0.25 },
    ]);
  });

  it('refuses a plan without outputs or with one name twice', () => {
    const model = randomChampion('binary', identity, createRng(1));
    expect(() => outputColumns(model, { probabilities: [], baseScores: false })).toThrow(
      'name at least one output',
    );
    const twice = { ...plan, probabilities: [plan.probabilities[0], plan.probabilities[0]] };
    expect(() => outputColumns(model, twice)).toThrow('two outputs are named p');
  });
});
