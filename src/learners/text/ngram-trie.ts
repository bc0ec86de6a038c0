/**
 * n-grams as paths of unit ids: a node stands for a sequence of units, its parent for the sequence without the last.
 * Node 0 is the empty sequence. Looking up an n-gram whose prefix is at hand costs one probe, no string is built.
 */
export interface NgramTrie {
  /** Nodes, the root included. */
  size(): number;
  /** The node of `parent`'s sequence and `unit`, -1 where there is none. */
  child(parent: number, unit: number): number;
  /** The same, made where there is none. */
  addChild(parent: number, unit: number): number;
  /** The units from the root to `node`. */
  path(node: number): number[];
}

/** An empty trie: an open-addressing hash table over (parent, unit), at most half full. */
export function ngramTrie(): NgramTrie {
  let mask = 2 ** 12 - 1;
  let table = new Int32Array(mask + 1);
  let parents = new Int32Array(2 ** 11);
  let units = new Int32Array(2 ** 11);
  let size = 1;

  /** Where (parent, unit) is, or the free slot where it belongs; 0 marks a free slot, as the root is no child. */
  function slotOf(parent: number, unit: number): number {
    const mixed = Math.imul(Math.imul(parent, 0x9e3779b1) ^ unit, 0x85ebca6b);
    let slot = (mixed ^ (mixed >>> 15)) & mask;
    for (;;) {
      const node = table[slot];
      if (node === 0 || (parents[node] === parent && units[node] === unit)) return slot;
      slot = (slot + 1) & mask;
    }
  }

  function grow(): void {
    mask = 2 * mask + 1;
    table = new Int32Array(mask + 1);
    const wider = new Int32Array(2 * parents.length);
    wider.set(parents);
    parents = wider;
    const widerUnits = new Int32Array(2 * units.length);
    widerUnits.set(units);
    units = widerUnits;
    for (let node = 1; node < size; node++) table[slotOf(parents[node], units[node])] = node;
  }

  return {
    size: () => size,
    child(parent, unit) {
      const node = table[slotOf(parent, unit)];
      return node === 0 ? -1 : node;
    },
    addChild(parent, unit) {
      const slot = slotOf(parent, unit);
      if (table[slot] !== 0) return table[slot];
      const node = size++;
      table[slot] = node;
      parents[node] = parent;
      units[node] = unit;
      if (size === parents.length) grow();
      return node;
    },
    path(node) {
      const path: number[] = [];
      for (let at = node; at > 0; at = parents[at]) path.push(units[at]);
      return path.reverse();
    },
  };
}
