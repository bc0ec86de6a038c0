/**
 * N-grams as paths of symbols from a root: one integer look-up per n-gram instead of one string. Node 0 is the
 * root, the empty n-gram.
 */
export interface NgramTrie {
  readonly nNodes: number;
  /** The node one symbol further, -1 where there is none. */
  child(parent: number, symbol: number): number;
  /** The node one symbol further, made where there is none. */
  grow(parent: number, symbol: number): number;
  /** Symbols from the root to the node. */
  path(node: number): number[];
}

/** An empty trie, its edges in one hash table with linear probing (Knuth, TAOCP 3, algorithm 6.4L). */
export function createTrie(): NgramTrie {
  let parents = new Int32Array(1 << 10);
  let symbols = new Int32Array(1 << 10);
  let slots = new Int32Array(1 << 12);
  let nNodes = 1;

  /** The slot of an edge, or the free one where it belongs. A slot holds a node; 0 is free. */
  function slotOf(parent: number, symbol: number): number {
    const mask = slots.length - 1;
    let hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(symbol, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let slot = (hash ^ (hash >>> 13)) & mask;
    for (let node = slots[slot]; node !== 0; node = slots[slot]) {
      if (parents[node] === parent && symbols[node] === symbol) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  function enlarge(): void {
    const longer = (array: Int32Array): Int32Array<ArrayBuffer> => {
      const copy = new Int32Array(2 * array.length);
      copy.set(array);
      return copy;
    };
    parents = longer(parents);
    symbols = longer(symbols);
    slots = new Int32Array(2 * slots.length);
    for (let node = 1; node < nNodes; node++) slots[slotOf(parents[node], symbols[node])] = node;
  }

  return {
    get nNodes() {
      return nNodes;
    },
    child(parent, symbol) {
      return slots[slotOf(parent, symbol)] || -1;
    },
    grow(parent, symbol) {
      const slot = slotOf(parent, symbol);
      if (slots[slot] !== 0) return slots[slot];
      const node = nNodes++;
      parents[node] = parent;
      symbols[node] = symbol;
      slots[slot] = node;
      if (nNodes === parents.length) enlarge();
      return node;
    },
    path(node) {
      const symbolsBack: number[] = [];
      for (let at = node; at !== 0; at = parents[at]) symbolsBack.push(symbols[at]);
      return symbolsBack.reverse();
    },
  };
}
