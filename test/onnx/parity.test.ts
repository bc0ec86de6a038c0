import { describe, expect, it } from 'vitest';
import { nextFloat32, previousFloat32 } from '../../src/core/float32.js';
import { createRng } from '../../src/core/rng.js';
import { sanitizeText } from '../../src/core/sanitize-text.js';
import { Table } from '../../src/core/table.js';
import { graphBuilder } from '../../src/onnx/graph.js';
import { adversarialMatrix, adversarialTable, checkParity } from '../../src/onnx/parity.js';
import { openSession, type Session } from '../../src/onnx/session.js';
import { randomChampion, randomTable } from './random-champion.js';
import { randomBoosting } from './random-models.js';

async function negation(): Promise<Session> {
  const graph = graphBuilder('g');
  const x = graph.input('x', 'float');
  graph.output('negative', 'Neg', [x]);
  graph.output('square', 'Mul', [x, x]);
  return openSession(graph.finish());
}

describe('checkParity', () => {
  const x = Float32Array.from({ length: 250 }, (_, i) => i / 256);

  it('finds the row and output of the largest difference, over all batches', async () => {
    const session = await negation();
    const negative = Array.from(x, (value) => -value);
    const square = Array.from(x, (value) => value * value);
    const same = await checkParity(session, { x }, { negative, square });
    expect(same).toMatchObject({ maxAbsDifference: 0, nRows: 250 });
    negative[17] += 0.25;
    square[203] -= 0.5;
    const off = await checkParity(session, { x }, { negative, square });
    expect(off).toEqual({ maxAbsDifference: 0.5, nRows: 250, worstRow: 203, worstOutput: 'square' });
    await session.close();
  });

  it('is relative above 1 and infinite where only one side is missing', async () => {
    const session = await negation();
    const large = Float32Array.of(1e20);
    const close = await checkParity(session, { x: large }, { negative: [-1.5e20] });
    expect(close.maxAbsDifference).toBeCloseTo(1 / 3, 6);
    const missing = await checkParity(session, { x: Float32Array.of(1, 2) }, { negative: [-1, NaN] });
    expect(missing).toMatchObject({ maxAbsDifference: Infinity, worstRow: 1 });
    const both = await checkParity(session, { x: Float32Array.of(NaN) }, { negative: [NaN] });
    expect(both.maxAbsDifference).toBe(0);
    await session.close();
  });

  it('refuses outputs that are not there and columns of another length', async () => {
    const session = await negation();
    await expect(checkParity(session, { x }, { cube: x })).rejects.toThrow('the graph has no output cube');
    await expect(checkParity(session, { x }, { square: [1] })).rejects.toThrow(
      '1 expected values of square for 250',
    );
    await session.close();
  });
});

describe('adversarialTable', () => {
  const rng = createRng(12);
  const model = randomChampion('binary', { kind: 'identity', format: 1 }, rng);
  const typical = randomTable(50, rng);
  const table = adversarialTable(model, typical, createRng(1));

  it('holds every column of the model with every awkward value', () => {
    expect(Object.keys(table.columns)).toEqual(model.inputs.map(({ name }) => name));
    for (const { name, type } of model.inputs) {
      if (type === 'string') {
        const texts = new Set(Table.strings(table, name));
        for (const text of texts) expect(sanitizeText(text)).toBe(text);
        expect(texts.has('')).toBe(true);
        expect([...texts].some((text) => (text ?? '').length >= 4000)).toBe(true);
        expect([...texts].some((text) => /[\uE000-\uEAFF]/.test(text ?? ''))).toBe(true);
      } else {
        const values = [...Table.numbers(table, name)];
        for (const value of [NaN, 0, -0, Infinity, -Infinity, 3e38, -3e38]) {
          expect(
            values.some((other) => Object.is(other, value)),
            `${value} in ${name}`,
          ).toBe(true);
        }
      }
    }
    const median = [...Table.numbers(typical, 'followers')].filter(Number.isFinite).sort((a, b) => a - b);
    const near = Math.fround(median[0]);
    expect(Table.numbers(table, 'followers')).toContain(nextFloat32(near));
    expect(Table.strings(table, 'language')).toContain('tiếng lạ');
  });

  it('is the same for the same seed, and needs no typical rows', () => {
    expect(adversarialTable(model, typical, createRng(1))).toEqual(table);
    expect(adversarialTable(model, Table.rows(typical, []), createRng(1)).nRows).toBeGreaterThan(50);
  });
});

describe('adversarialMatrix', () => {
  it('holds every threshold and its neighbours', () => {
    const model = randomBoosting(['a', 'b', 'unused'], createRng(2), { nTrees: 30 });
    const X = adversarialMatrix(model);
    model.trees.feature.forEach((j, node) => {
      if (j < 0) return;
      const threshold = model.trees.threshold[node];
      for (const value of [threshold, previousFloat32(threshold), nextFloat32(threshold)]) {
        expect(X.columns[j].includes(value)).toBe(true);
      }
    });
    for (const column of X.columns) expect(column.some(Number.isNaN)).toBe(true);
  });

  it('holds the codes at the edges of every category set, and others', () => {
    const model = randomBoosting(['a', 'b'], createRng(4), { nTrees: 30, nCategorical: 1 });
    const X = adversarialMatrix(model);
    const { starts, words } = model.trees.categories!;
    let inside = 0;
    model.trees.feature.forEach((j, node) => {
      for (let c = 0; c < 32 * (starts[node + 1] - starts[node]); c++) {
        const isIn = (at: number): boolean => ((words[starts[node] + (at >>> 5)] >>> (at & 31)) & 1) === 1;
        if (!isIn(c) || (c > 0 && isIn(c - 1))) continue;
        inside++;
        for (const value of [c - 1, c, previousFloat32(c)]) expect(X.columns[j].includes(value)).toBe(true);
      }
    });
    expect(inside).toBeGreaterThan(50);
    for (const value of [-1, -0.5, 2 ** 24, NaN]) expect(X.columns[0].includes(value)).toBe(true);
  });
});
