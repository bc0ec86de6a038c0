import { Table } from '../core/table.js';
import type { Step } from './plan.js';
import { patternCounter, textEntropy } from './text-measures.js';

/** The rows at hand: one column per step (a number or a flag), and the sanitised texts. */
export interface Block {
  readonly numbers: readonly Float64Array[];
  readonly flags: readonly Uint8Array[];
  readonly texts: ReadonlyMap<string, readonly string[]>;
}

/** Computes one step for `rows` rows, the first of which is row `start` of the table. */
export type Kernel = (start: number, rows: number) => void;

const millisecondsPerDay = 86_400_000;

/** The loop that computes step `at` of a plan into its column of the block. Trusts plan and table to fit. */
export function stepKernel({ node, inputs }: Step, at: number, block: Block, table: Table): Kernel {
  const out = block.numbers[at];
  const flags = block.flags[at];
  const [a, b] = inputs.map((input) => block.numbers[input]);
  const [p, q] = inputs.map((input) => block.flags[input]);
  switch (node.op) {
    case 'column': {
      const { type } = Table.column(table, node.name);
      return readColumn(out, Table.numbers(table, node.name), type === 'timestamp' ? millisecondsPerDay : 1);
    }
    case 'constant':
      out.fill(node.value);
      return () => undefined;
    case 'add':
      return (_, rows) => {
        for (let i = 0; i < rows; i++) out[i] = a[i] + b[i];
      };
    case 'subtract':
      return (_, rows) => {
        for (let i = 0; i < rows; i++) out[i] = a[i] - b[i];
      };
    case 'multiply':
      return (_, rows) => {
        for (let i = 0; i < rows; i++) out[i] = a[i] * b[i];
      };
    case 'divide':
      return (_, rows) => {
        for (let i = 0; i < rows; i++) out[i] = b[i] === 0 ? NaN : a[i] / b[i];
      };
    case 'minimum':
      return (_, rows) => {
        for (let i = 0; i < rows; i++) out[i] = Math.min(a[i], b[i]);
      };
    case 'maximum':
      return (_, rows) => {
        for (let i = 0; i < rows; i++) out[i] = Math.max(a[i], b[i]);
      };
    case 'log':
      return (_, rows) => {
        for (let i = 0; i < rows; i++) out[i] = a[i] > 0 ? Math.log(a[i]) : NaN;
      };
    case 'floor':
      return (_, rows) => {
        for (let i = 0; i < rows; i++) out[i] = Math.floor(a[i]);
      };
    case 'where': {
      const [, then, otherwise] = inputs.map((input) => block.numbers[input]);
      return (_, rows) => {
        for (let i = 0; i < rows; i++) out[i] = p[i] === 1 ? then[i] : otherwise[i];
      };
    }
    case 'indicator':
      return (_, rows) => {
        for (let i = 0; i < rows; i++) out[i] = p[i];
      };
    case 'missing':
      return (_, rows) => {
        for (let i = 0; i < rows; i++) flags[i] = a[i] !== a[i] ? 1 : 0;
      };
    case 'less':
      return (_, rows) => {
        for (let i = 0; i < rows; i++) flags[i] = a[i] < b[i] ? 1 : 0;
      };
    case 'lessOrEqual':
      return (_, rows) => {
        for (let i = 0; i < rows; i++) flags[i] = a[i] <= b[i] ? 1 : 0;
      };
    case 'equal':
      return (_, rows) => {
        for (let i = 0; i < rows; i++) flags[i] = a[i] === b[i] ? 1 : 0;
      };
    case 'and':
      return (_, rows) => {
        for (let i = 0; i < rows; i++) flags[i] = p[i] & q[i];
      };
    case 'or':
      return (_, rows) => {
        for (let i = 0; i < rows; i++) flags[i] = p[i] | q[i];
      };
    case 'not':
      return (_, rows) => {
        for (let i = 0; i < rows; i++) flags[i] = 1 - p[i];
      };
    case 'empty': {
      const texts = textsOf(block, node.text);
      return (_, rows) => {
        for (let i = 0; i < rows; i++) flags[i] = texts[i] === '' ? 1 : 0;
      };
    }
    case 'length': {
      const texts = textsOf(block, node.text);
      return (_, rows) => {
        for (let i = 0; i < rows; i++) out[i] = texts[i].length;
      };
    }
    case 'count':
      return measureTexts(out, textsOf(block, node.text), patternCounter(node.pattern));
    case 'entropy':
      return measureTexts(out, textsOf(block, node.text), textEntropy);
    case 'category': {
      const positions = new Map(node.values.map((value, position) => [value, position]));
      return measureTexts(out, textsOf(block, node.text), (text) => positions.get(text) ?? -1);
    }
  }
}

function readColumn(out: Float64Array, values: Float64Array, unit: number): Kernel {
  return (start, rows) => {
    for (let i = 0; i < rows; i++) {
      const value = Math.fround(values[start + i] / unit);
      out[i] = value - value === 0 ? value : NaN;
    }
  };
}

function measureTexts(
  out: Float64Array,
  texts: readonly string[],
  measure: (text: string) => number,
): Kernel {
  return (_, rows) => {
    for (let i = 0; i < rows; i++) out[i] = measure(texts[i]);
  };
}

function textsOf(block: Block, name: string): readonly string[] {
  return block.texts.get(name) ?? [];
}
