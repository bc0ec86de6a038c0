import { doubled } from './growing-list.js';

/** Distinct tokens, numbered as they come. */
export interface TokenTable {
  readonly size: number;
  /** The number of the token `text[start, end)`, a new one where it is new. */
  add(text: string, start: number, end: number): number;
  /** The number of the token, -1 for a new one. */
  find(text: string, start: number, end: number): number;
  spell(token: number): string;
  codeAt(token: number, index: number): number;
  lengthOf(token: number): number;
}

/** An empty table: code units in one pool, found by open addressing, so that no string is made per occurrence. */
export function createTokenTable(): TokenTable {
  let pool = new Uint16Array(1 << 12);
  let starts = new Int32Array(1 << 10);
  let hashes = new Int32Array(1 << 10);
  let slots = new Int32Array(1 << 12).fill(-1);
  let size = 0;

  function hashOf(text: string, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
    return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  }

  function isSame(token: number, text: string, start: number, end: number): boolean {
    const first = starts[token];
    if (starts[token + 1] - first !== end - start) return false;
    for (let i = 0; i < end - start; i++) if (pool[first + i] !== text.charCodeAt(start + i)) return false;
    return true;
  }

  /** The slot of a token, or the free one where it belongs. */
  function slotOf(hash: number, text: string, start: number, end: number): number {
    const mask = slots.length - 1;
    let slot = (hash ^ (hash >>> 13)) & mask;
    for (let token = slots[slot]; token >= 0; token = slots[slot]) {
      if (hashes[token] === hash && isSame(token, text, start, end)) break;
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  function enlarge(): void {
    starts = doubled(starts);
    hashes = doubled(hashes);
    slots = new Int32Array(2 * slots.length).fill(-1);
    const mask = slots.length - 1;
    for (let token = 0; token < size; token++) {
      let slot = (hashes[token] ^ (hashes[token] >>> 13)) & mask;
      while (slots[slot] >= 0) slot = (slot + 1) & mask;
      slots[slot] = token;
    }
  }

  return {
    get size() {
      return size;
    },
    find(text, start, end) {
      return slots[slotOf(hashOf(text, start, end), text, start, end)];
    },
    add(text, start, end) {
      const hash = hashOf(text, start, end);
      const slot = slotOf(hash, text, start, end);
      if (slots[slot] >= 0) return slots[slot];
      const token = size++;
      const first = starts[token];
      while (first + end - start > pool.length) {
        const copy = new Uint16Array(2 * pool.length);
        copy.set(pool);
        pool = copy;
      }
      for (let i = 0; i < end - start; i++) pool[first + i] = text.charCodeAt(start + i);
      starts[token + 1] = first + end - start;
      hashes[token] = hash;
      slots[slot] = token;
      if (size + 1 === starts.length) enlarge();
      return token;
    },
    spell(token) {
      let text = '';
      // An engine takes only so many arguments.
      for (let at = starts[token]; at < starts[token + 1]; at += 4096)
        text += String.fromCharCode(...pool.subarray(at, Math.min(at + 4096, starts[token + 1])));
      return text;
    },
    codeAt(token, index) {
      return pool[starts[token] + index];
    },
    lengthOf(token) {
      return starts[token + 1] - starts[token];
    },
  };
}
