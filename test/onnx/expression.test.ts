import { describe, expect, it } from 'vitest';
import { murmur3 } from '../../src/core/murmur3.js';
import { createRng } from '../../src/core/rng.js';
import { sanitizeText } from '../../src/core/sanitize-text.js';
import { Table, type Column } from '../../src/core/table.js';
import { computeFeatures } from '../../src/features/columns.js';
import {
  add,
  column,
  dayOfWeek,
  entropy,
  length,
  log1p,
  ratio,
  type Feature,
  type NumericExpression,
} from '../../src/features/expression.js';
import { features } from '../../src/onnx/expression.js';
import { graphBuilder } from '../../src/onnx/graph.js';
import { readModelInfo } from '../../src/onnx/proto.js';
import { evaluate } from './evaluate.js';
import {
  categories,
  featureOf,
  numberColumns,
  randomExpression,
  textColumns,
  type Row,
} from './random-expressions.js';

const numbers = [
  NaN,
  0,
  -0,
  1,
  -1,
  0.1,
  7,
  42,
  1e6,
  -3.5,
  2 ** 24 + 1,
  3e38,
  -3e38,
  Infinity,
  -Infinity,
  1e-42,
];
const texts = ['', ' ', 'a', 'aaa', 'Đẹp lắm!! 😀😀 #sale @shop', 'đẹp'.normalize('NFD'), 'https://a.vn/b c 123', ...categories,
  '\u0001\u0002 <b>x</b>', 'x'.repeat(70), '😀'.repeat(40), 'ไทย हिन्दी 中文 العربية', '_a1_ b-c\nd'].map(sanitizeText); // prettier-ignore

function randomRows(nRows: number, seed: number): Row[] {
  const rng = createRng(seed);
  return Array.from({ length: nRows }, () => ({
    numbers: Object.fromEntries(numberColumns.map((name) => [name, numbers[rng.integer(numbers.length)]])),
    texts: Object.fromEntries(textColumns.map((name) => [name, texts[rng.integer(texts.length)]])),
  }));
}

function featuresOf(expressions: readonly NumericExpression[]): Feature[] {
  return expressions.map((expression, i) => ({
    name: `f${i}`,
    expression,
    description: '',
    owner: 'test',
    lookBackDays: 0,
  }));
}

function columnsOf(rows: readonly Row[]): Record<string, Float32Array | string[]> {
  const columns: Record<string, Float32Array | string[]> = {};
  for (const name of numberColumns) columns[name] = Float32Array.from(rows, (row) => row.numbers[name]);
  for (const name of textColumns) columns[name] = rows.map((row) => row.texts[name]);
  return columns;
}

function tableOf(rows: readonly Row[]): Table {
  const columns: Record<string, Column> = {};
  for (const name of numberColumns) {
    columns[name] = { type: 'number', values: Float64Array.from(rows, (row) => row.numbers[name]) };
  }
  for (const name of textColumns)
    columns[name] = { type: 'string', values: rows.map((row) => row.texts[name]) };
  return Table.fromColumns(columns);
}

async function compare(expressions: readonly NumericExpression[], rows: readonly Row[]): Promise<void> {
  const defined = featuresOf(expressions);
  const actual = await evaluate(columnsOf(rows), defined.length, (graph, inputs) =>
    features(graph, defined, inputs),
  );
  const columns = computeFeatures(defined, tableOf(rows));
  expressions.forEach((expression, j) => {
    rows.forEach((row, i) => {
      const expected = featureOf(expression, row);
      const where = `row ${i} ${JSON.stringify(row)} of ${JSON.stringify(expression)}`;
      expectNear(actual[j][i], expected, where);
      expectNear(actual[j][i], columns.columns[j][i], where);
    });
  });
}

/** Logarithms of two libraries may differ in the last bit of a double, and so in the last bit of a float32. */
function expectNear(actual: number, expected: number, where: string): void {
  if (Number.isNaN(expected)) expect(actual, where).toBeNaN();
  else expect(Math.abs(actual - expected), where).toBeLessThanOrEqual(1.2e-7 * Math.abs(expected));
}

describe('features as a graph', () => {
  it('agree with their definition on awkward rows', async () => {
    const rng = createRng(2026);
    for (let round = 0; round < 8; round++) {
      const expressions = Array.from({ length: 25 }, () => randomExpression(rng, 1 + rng.integer(4)));
      await compare(expressions, randomRows(150, round));
    }
  });

  it('agree row by row: the batch does not matter', async () => {
    const rng = createRng(7);
    const expressions = Array.from({ length: 12 }, () => randomExpression(rng, 3));
    for (const row of randomRows(12, 99)) await compare(expressions, [row]);
  });

  it('measure a batch of nothing but empty texts', async () => {
    const empty = { numbers: { followers: NaN, posts: 0, likes: 1 }, texts: { bio: '', name: '' } };
    await compare(
      [length('bio'), entropy('name'), { op: 'count', text: 'bio', pattern: 'words' }],
      [empty, empty],
    );
  });

  it('write constants out where nothing else has rows', async () => {
    const one: NumericExpression = { op: 'constant', value: 1 };
    await compare(
      [one, { op: 'divide', left: one, right: { op: 'constant', value: 0 } }, add(one, 2)],
      randomRows(3, 1),
    );
  });

  it('compute equal parts once and like operations together', () => {
    const names = Array.from({ length: 20 }, (_, i) => `c${i}`);
    const graph = graphBuilder('features');
    const inputs = Object.fromEntries(names.map((name) => [name, graph.input(name, 'float')]));
    const defined = featuresOf([
      ...names.map((name) => log1p(column(name))),
      ...names.map((name) => ratio(column('c0'), add(column(name), 1))),
      ...names.map((name) => ratio(log1p(column(name)), add(column('c1'), 1))),
      dayOfWeek(column('c2')),
    ]);
    const value = features(graph, defined, inputs);
    graph.output('all', 'Gather', [value], {});
    const { operators } = readModelInfo(graph.finish());
    expect(operators.filter((op) => op === 'Log')).toHaveLength(1);
    // (1 + c) for all 20 columns at once, then the four steps of the day of the week.
    expect(operators.filter((op) => op === 'Add').length).toBeLessThanOrEqual(3);
    expect(operators.length).toBeLessThan(45);
  });

  it('tell every character of the BMP apart', () => {
    // Entropy compares hashes, and "" (which hashes to 0) is padding: no character may share a hash.
    const hashes = new Set<number>([0]);
    let characters = 0;
    for (let code = 1; code < 0x10000; code++) {
      if (code >= 0xd800 && code < 0xe000) continue;
      hashes.add(murmur3(String.fromCharCode(code)));
      characters++;
    }
    expect(hashes.size).toBe(characters + 1);
  });
});
