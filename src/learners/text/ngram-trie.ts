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

/** What a slot holds: parent, symbol, node (0: free), nothing; a look-up then reads one line of the cache. */
const slotWidth = 4;

/** An empty trie, its edges in one hash table with linear probing (Knuth, TAOCP 3, algorithm 6.4L). */
export function createTrie(): NgramTrie {
  let parents = new Int32Array(1 << 10);
  let symbols = new Int32Array(1 << 10);
  let slots = new Int32Array(slotWidth << 12);
  let mask = (1 << 12) - 1;
  let nNodes = 1;

  /** Where the slot of an edge begins, or the free one where it belongs. */
  function slotOf(parent: number, symbol: number): number {
    let hash = Math.imul(parent, 0x9e3779b1) ^ Math.imul(symbol, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    let slot = (hash ^ (hash >>> 13)) & mask;
    for (;;) {
      const at = slot * slotWidth;
      if (slots[at + 2] === 0 || (slots[at] === parent && slots[at + 1] === symbol)) return at;
      slot = (slot + 1) & mask;
    }
  }

  function fill(at: number, parent: number, symbol: number, node: number): void {
    slots[at] = parent;
    slots[at + 1] = symbol;
    slots[at + 2] = node;
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
    mask = 2 * mask + 1;
    for (let node = 1; node < nNodes; node++)
      fill(slotOf(parents[node], symbols[node]), parents[node], symbols[node], node);
  }

  return {
    get nNodes() {
      return nNodes;
    },
    child(parent, symbol) {
      return slots[slotOf(parent, symbol) + 2] || -1;
    },
    grow(parent, symbol) {
      const at = slotOf(parent, symbol);
      const known = slots[at + 2];
      if (known !== 0) return known;
      const node = nNodes++;
      parents[node] = parent;
      symbols[node] = symbol;
      fill(at, parent, symbol, node);
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
