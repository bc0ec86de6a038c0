import { describe, expect, it } from 'vitest';
import { explainChampion } from '../../src/champion/explain.js';
import { fitChampion } from '../../src/champion/fit.js';
import { scoreChampion } from '../../src/champion/predict.js';
import { tasks } from '../../src/champion/tasks.js';
import { inlinePool } from '../../src/core/inline-pool.js';
import { silent } from '../../src/core/progress.js';
import { createRng } from '../../src/core/rng.js';
import { Table } from '../../src/core/table.js';
import { stackMargins } from '../../src/ensemble/stack.js';
import { explainForReport, reasonsOf } from '../../src/release/explanation.js';
import { spec, syntheticRows } from './synthetic.js';

const data = syntheticRows(360, 1);
const all = Uint32Array.from(data.y.keys());
const context = { pool: inlinePool(tasks), rng: createRng(7), progress: silent };
const { model } = await fitChampion(data, spec, all, context, 'fit');

describe('explainChampion', () => {
  it('adds up to the margin of every row, gaps, unseen categories and missing texts included', () => {
    const hostile = Table.fromColumns({
      a: { type: 'number', values: Float64Array.of(NaN, Infinity, -Infinity, 1e308, 0) },
      b: { type: 'number', values: Float64Array.of(NaN, NaN, 0, -1e308, -0) },
      city: { type: 'string', values: ['never seen', null, '', 'x', 'Đà Nẵng'] },
      bio: { type: 'string', values: [null, '', 'win free now', '\ud800', 'đẹp quá 😍'] },
    });
    for (const table of [data.table, hostile]) {
      const { expected, parts } = explainChampion(model, table);
      const { bases } = scoreChampion(model, table);
      const [margins] = stackMargins(model.stack, bases);
      margins.forEach((margin, i) => {
        const sum = parts.reduce((total, { contributions }) => total + contributions[i], expected);
        // Base scores are rounded to float32 on their way into the stack.
        expect(Math.abs(sum - margin)).toBeLessThan(1e-5 * Math.max(1, Math.abs(margin)));
      });
    }
  });

  it('says of a feature that decides alone that it does', () => {
    const { parts } = explainChampion(model, data.table);
    const [strongest] = [...parts].sort((p, q) => sumOfSizes(q.contributions) - sumOfSizes(p.contributions));
    expect(strongest.name).toBe('a');
    const { values, contributions } = strongest;
    const high = contributions.filter((_, i) => values[i] > 1);
    const low = contributions.filter((_, i) => values[i] < -1);
    expect(Math.min(...high)).toBeGreaterThan(Math.max(...low));
  });

  it('names each part once and refuses a table without its columns', () => {
    const { parts } = explainChampion(model, data.table);
    expect(new Set(parts.map(({ name }) => name)).size).toBe(parts.length);
    expect(parts.map(({ name }) => name)).toContain('text of bio');
    expect(() => explainChampion(model, Table.select(data.table, ['a', 'b', 'city']))).toThrow('bio');
  });
});

it('explains a champion that reads texts alone', async () => {
  const bases = spec.bases.filter(({ kind }) => kind === 'text-classifier');
  const textsOnly = { ...spec, inputs: spec.inputs.slice(3), features: [], categorical: [], bases, keep: [] };
  const X = { ...data.X, nFeatures: 0, nRows: 0, names: [], columns: [] };
  const fitted = await fitChampion(
    { ...data, X },
    { ...textsOnly, consensus: ['text_bio'] },
    all,
    context,
    'texts',
  );
  const { expected, parts } = explainChampion(fitted.model, data.table);
  const [margins] = stackMargins(fitted.model.stack, scoreChampion(fitted.model, data.table).bases);
  expect(parts.map(({ name }) => name)).toEqual(['text of bio']);
  margins.forEach((margin, i) => expect(expected + parts[0].contributions[i]).toBeCloseTo(margin, 5));
});

describe('explainForReport', () => {
  it('lists the weightiest reasons of rows from the lowest score to the highest', () => {
    const report = explainForReport(model, data.table, data.keys);
    const scores = report?.examples.map(({ score }) => score) ?? [];
    expect(scores.length).toBe(6);
    expect(scores).toEqual([...scores].sort((p, q) => p - q));
    const { parts } = explainChampion(model, data.table);
    for (const { key, reasons } of report?.examples ?? []) {
      // Features are described (here by their names), texts and categories speak for themselves.
      const described = reasonsOf(parts, data.keys.indexOf(key), 4).map((reason) =>
        ['a', 'b'].includes(reason.name) ? { ...reason, description: reason.name } : reason,
      );
      expect(reasons).toEqual(described);
      const sizes = reasons.map(({ contribution }) => Math.abs(contribution));
      expect(sizes).toEqual([...sizes].sort((p, q) => q - p));
    }
  });
});

function sumOfSizes(values: Float64Array): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0);
}
