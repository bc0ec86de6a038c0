import type { ChampionModel } from '../champion/model.js';
import { DataError } from '../core/errors.js';
import { nextFloat32, previousFloat32 } from '../core/float32.js';
import { Matrix } from '../core/matrix.js';
import type { Rng } from '../core/rng.js';
import { sanitizeText } from '../core/sanitize-text.js';
import { Table, type Column } from '../core/table.js';
import type { Trees } from '../learners/tree/trees.js';
import type { Session, SessionColumns } from './session.js';
import { categoryEdges } from './split-steps.js';

/** How far a graph is from the model it was written from. */
export interface Parity {
  /**
   * Largest difference, absolute up to 1 and relative to the expected value above; Infinity where one side has a
   * number and the other has none.
   */
  readonly maxAbsDifference: number;
  readonly nRows: number;
  /** The row and output of the largest difference; -1 and '' for no rows. */
  readonly worstRow: number;
  readonly worstOutput: string;
}

/** Rows that go through a session at once: batches of this size pad texts least. */
const batchRows = 100;

/**
 * Compares a graph with what TypeScript says of the same rows.
 * @param expected values `[nRows]`, or row after row for wider outputs, by output name; outputs that are not named are not compared
 * @throws {DataError} when the graph lacks an output or the row counts differ
 */
export async function checkParity(
  session: Session,
  columns: SessionColumns,
  expected: Readonly<Record<string, ArrayLike<number>>>,
): Promise<Parity> {
  const { widths } = session;
  const [first] = session.inputs;
  const nRows = (columns[first]?.length ?? 0) / widths[first];
  for (const [name, values] of Object.entries(expected)) {
    if (!session.outputs.includes(name)) {
      throw new DataError(`parity: the graph has no output ${name}, only ${session.outputs.join(', ')}`);
    }
    if (values.length !== nRows * widths[name]) {
      throw new DataError(`parity: ${values.length} expected values of ${name} for ${nRows} rows`);
    }
  }
  let worst = { maxAbsDifference: 0, nRows, worstRow: -1, worstOutput: '' };
  for (let start = 0; start < nRows; start += batchRows) {
    const batch = Object.fromEntries(
      session.inputs.map((name) => [
        name,
        columns[name].slice(start * widths[name], (start + batchRows) * widths[name]),
      ]),
    );
    const results = await session.run(batch);
    for (const [name, values] of Object.entries(expected)) {
      results[name].forEach((actual, i) => {
        const difference = distance(actual, values[start * widths[name] + i]);
        if (difference > worst.maxAbsDifference || worst.worstRow < 0) {
          const row = start + Math.floor(i / widths[name]);
          worst = { maxAbsDifference: difference, nRows, worstRow: row, worstOutput: name };
        }
      });
    }
  }
  return worst;
}

function distance(actual: number, expected: number): number {
  // A graph answers in float32, to whose infinity a number beyond its range is rounded.
  if (Object.is(actual, expected) || actual === Math.fround(expected)) return 0;
  const difference = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  return Number.isNaN(difference) ? Infinity : difference;
}

const extremeNumbers = [
  NaN,
  0,
  -0,
  Infinity,
  -Infinity,
  1,
  -1,
  3e38,
  -3e38,
  3.5e38,
  1e-38,
  -1e-45,
  2 ** 24 + 1,
];
const extremeTexts = [
  null,
  '',
  ' ',
  '\n\t\u0001\u0002\u0003\u007f',
  'Giảm giá 50% hôm nay! #sale #khuyếnmãi @shop https://example.vn/a?b=c',
  'Giảm giá 50% hôm nay! #sale'.normalize('NFD'),
  '😀😍👍🏽👨‍👩‍👧 🇻🇳 𝔘𝔫𝔦𝔠𝔬𝔡𝔢',
  'مرحبا بالعالم שלום',
  '<script>alert("x")</script>&amp;',
  "'; DROP TABLE kol; --",
  'a'.repeat(5000),
  'từ '.repeat(1500),
  'lone \ud800 surrogate \0 nul',
  'ＦＵＬＬ　ＷＩＤＴＨ ١٢٣ ४५६ 中文字符 ไทย',
] as const;

/**
 * Rows meant to break a graph: every input column in turn takes every awkward value while the others hold those of
 * a typical row, then some rows are awkward everywhere.
 *
 * @param typical rows of ordinary values, whose quantiles and texts are where thresholds and vocabularies lie
 * @returns a table of the champion's inputs; texts are sanitised
 */
export function adversarialTable(model: ChampionModel, typical: Table, rng: Rng): Table {
  const awkward = model.inputs.map(({ name, type }) => {
    const column = Table.column(typical, name);
    if (column.type === 'string') return awkwardTexts(column.values, categoriesOf(model, name));
    return awkwardNumbers(column.values, type === 'timestamp');
  });
  // [nRows] which column is awkward (-1: all of them) and which of its values it takes.
  const rows = awkward.flatMap((values, at) => values.map((_, i) => ({ at, i })));
  for (let i = 0; i < 64; i++) rows.push({ at: -1, i });
  const host = rows.map(() => (typical.nRows === 0 ? -1 : rng.integer(typical.nRows)));

  const columns: Record<string, Column> = {};
  model.inputs.forEach(({ name }, c) => {
    const column = Table.column(typical, name);
    const ordinary = (row: number): number | string | null =>
      host[row] < 0 ? (column.type === 'string' ? '' : NaN) : column.values[host[row]];
    const values = rows.map(({ at, i }, row) => {
      if (at === c) return awkward[c][i];
      if (at >= 0) return ordinary(row);
      return awkward[c][i === 0 ? 0 : rng.integer(awkward[c].length)];
    });
    columns[name] =
      column.type === 'string'
        ? { type: 'string', values: values.map((value) => sanitizeText(value as string | null)) }
        : { type: column.type, values: Float64Array.from(values as number[]) };
  });
  return Table.fromColumns(columns);
}

function awkwardNumbers(values: Float64Array, isTimestamp: boolean): number[] {
  const sorted = values.filter(Number.isFinite).sort();
  const found = new Set<number>(extremeNumbers);
  for (const share of [0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1]) {
    if (sorted.length === 0) break;
    const at = sorted[Math.round(share * (sorted.length - 1))];
    // Half a day from midnight for time stamps, else the integers around.
    const near = isTimestamp
      ? [at, at + 1, at - 43_200_000]
      : [Math.fround(at), Math.floor(at), Math.ceil(at), -at];
    for (const value of near) {
      found.add(value);
      if (!isTimestamp) for (const other of neighbours(value)) found.add(other);
    }
  }
  // A Set takes -0 for 0.
  return [-0, ...found];
}

/** The float32 nearest to the value and its two neighbours. */
function neighbours(value: number): number[] {
  const nearest = Math.fround(value);
  return Number.isFinite(nearest) ? [nearest, previousFloat32(nearest), nextFloat32(nearest)] : [nearest];
}

function awkwardTexts(values: readonly (string | null)[], categories: readonly string[]): (string | null)[] {
  const seen = values.filter((value) => value !== null && value !== '').slice(0, 16);
  const known = [...categories.slice(0, 16), ...seen];
  return [...extremeTexts, ...known, ...known.map((text) => `${text} `), seen.join(' ')];
}

function categoriesOf(model: ChampionModel, column: string): readonly string[] {
  return model.encoders.flatMap((encoder) => (encoder.column === column ? encoder.categories : []));
}

/** Codes that no set holds, and what is no code. */
const strangeCodes = [-1, -0.5, 0.5, -1e9, 1e9, 2 ** 24];

/**
 * A design matrix at the very edges of some trees: in every column each threshold and its two float32 neighbours, the
 * codes on both sides of each edge of a category set and what lies just below them, the extremes, and a missing
 * value; columns of different length repeat from their start.
 */
export function adversarialMatrix(model: {
  readonly featureNames: readonly string[];
  readonly trees: Trees;
}): Matrix {
  const { trees } = model;
  const edges = model.featureNames.map(() => new Set<number>([NaN, 0, -0, Infinity, -Infinity]));
  trees.feature.forEach((j, node) => {
    if (j < 0) return;
    const codes = categoryEdges(trees, node);
    if (codes === null) {
      for (const value of neighbours(trees.threshold[node])) edges[j].add(value);
      return;
    }
    for (const code of codes) for (const near of [code - 1, code, code + 0.5]) edges[j].add(near);
    for (const value of [...codes.map(previousFloat32), ...strangeCodes]) edges[j].add(value);
  });
  const nRows = edges.reduce((most, { size }) => Math.max(most, size), 0);
  return Matrix.fromColumns(
    edges.map((values) => {
      const list = [...values];
      return Float32Array.from({ length: nRows }, (_, i) => list[i % list.length]);
    }),
    model.featureNames,
  );
}
