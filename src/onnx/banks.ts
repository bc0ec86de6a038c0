import type { GraphBuilder, ValueName } from './graph.js';
import { concat, gather } from './layout.js';

/** A tensor `[size, N]` whose rows are values that later operations pick from. */
interface Bank {
  readonly tensor: ValueName;
  readonly order: number;
  readonly size: number;
}

/** Where computed values stand, so that many of them can go through one operator at once. */
export interface Banks {
  /** Records that row i of `tensor` holds value `values[i]`. */
  store(tensor: ValueName, values: readonly number[]): void;
  has(value: number): boolean;
  /** The values as rows of one tensor `[values.length, N]`, moved as little as possible. */
  rows(values: readonly number[]): ValueName;
}

/** No values yet. */
export function banks(graph: GraphBuilder): Banks {
  const places = new Map<number, { bank: Bank; row: number }>();
  let count = 0;

  function place(value: number): { bank: Bank; row: number } {
    const held = places.get(value);
    if (held === undefined) throw new Error(`value ${value} is read before it is computed`);
    return held;
  }

  return {
    store(tensor, values) {
      const bank: Bank = { tensor, order: count++, size: values.length };
      values.forEach((value, row) => places.set(value, { bank, row }));
    },
    has: (value) => places.has(value),
    rows(values) {
      const wanted = values.map(place);
      const met = [...new Set(wanted.map(({ bank }) => bank))];
      // Banks in the order of first use need no Gather where their rows follow one another just so.
      if (follow(wanted, met)) return concat(graph, tensorsOf(met), 0);
      // Any other selection goes through the join in the order of creation, which equal selections then share.
      const joined = met.sort((a, b) => a.order - b.order);
      const offset = offsets(joined);
      const indices = wanted.map(({ bank, row }) => (offset.get(bank) ?? 0) + row);
      return gather(graph, concat(graph, tensorsOf(joined), 0), indices, 0);
    },
  };
}

function tensorsOf(some: readonly Bank[]): ValueName[] {
  return some.map(({ tensor }) => tensor);
}

function offsets(joined: readonly Bank[]): Map<Bank, number> {
  const offset = new Map<Bank, number>();
  let size = 0;
  for (const bank of joined) {
    offset.set(bank, size);
    size += bank.size;
  }
  return offset;
}

function follow(wanted: readonly { bank: Bank; row: number }[], joined: readonly Bank[]): boolean {
  const offset = offsets(joined);
  const size = joined.reduce((sum, bank) => sum + bank.size, 0);
  return size === wanted.length && wanted.every(({ bank, row }, i) => (offset.get(bank) ?? 0) + row === i);
}
