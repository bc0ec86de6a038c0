import { describe, expect, it } from 'vitest';
import { delong } from '../../src/evaluation/delong.js';
import { accountSizes, figuresByPart, timeParts } from '../../src/evaluation/part-figures.js';
import { createRng } from '../../src/core/rng.js';

const rng = createRng(4);
const n = 400;
const p = Float64Array.from({ length: n }, () => rng.uniform());
const y = p.map((q) => (rng.uniform() < q ? 1 : 0));
const names = Array.from(p, (_, i) => (i < 300 ? 'lớn' : i < 390 ? 'vừa' : 'nhỏ'));

describe('figuresByPart', () => {
  const figures = figuresByPart('nhóm', { task: 'binary', y, p, threshold: 0.5 }, names);

  it('judges each part by its own rows, the largest first', () => {
    expect(figures.parts.map(({ name, nRows }) => [name, nRows])).toEqual([
      ['lớn', 300],
      ['vừa', 90],
      ['nhỏ', 10],
    ]);
    const { auc, lower, upper } = delong(y.subarray(0, 300), p.subarray(0, 300));
    expect(figures.parts[0].estimate).toEqual({ value: auc, lower, upper });
    const recall = figures.parts[0].rates[figures.rates.indexOf('Recall')]!;
    const positives = [...p.keys()].filter((i) => i < 300 && y[i] === 1);
    expect(recall.value).toBe(positives.filter((i) => p[i] >= 0.5).length / positives.length);
    expect(recall.lower).toBeLessThan(recall.value);
    expect(recall.upper).toBeGreaterThan(recall.value);
  });
  it('says nothing of a part of ten rows, and counts those beyond the most', () => {
    expect(figures.parts[2].estimate).toBeNull();
    expect(figures.parts[2].rates.every((rate) => rate === null)).toBe(true);
    const few = figuresByPart('nhóm', { task: 'binary', y, p, threshold: 0.5 }, names, { most: 1 });
    expect(few.leftOut).toEqual({ parts: 2, nRows: 100 });
  });
  it('covers the truth of a regression as often as it says', () => {
    const prediction = new Float64Array(n).fill(1);
    const { parts } = figuresByPart('nhóm', { task: 'regression', y: p, prediction }, names);
    const [bias] = parts[0].rates;
    expect(bias!.lower).toBeLessThan(0.5);
    expect(bias!.upper).toBeGreaterThan(0.5);
    expect(parts[0].estimate!.value).toBeCloseTo(bias!.value, 12);
  });
});

describe('timeParts', () => {
  it('keeps rows of one time together, the oldest part first', () => {
    const time = Array.from({ length: 200 }, (_, i) => Math.floor(i / 60));
    const { names: parts, order } = timeParts(time, String);
    expect(order[0].startsWith('0')).toBe(true);
    for (const t of [0, 1, 2, 3]) {
      expect(new Set(parts.filter((_, i) => time[i] === t)).size).toBe(1);
    }
    expect(new Set(parts)).toEqual(new Set(order));
  });
});

describe('accountSizes', () => {
  it('puts bounds into the class above, and what is missing into none', () => {
    expect(accountSizes([0, 999, 1000, 1e6, NaN])).toEqual([
      'below 1,000 followers',
      'below 1,000 followers',
      '1,000 to 9,999',
      '1,000,000 and more',
      'unknown',
    ]);
  });
});
