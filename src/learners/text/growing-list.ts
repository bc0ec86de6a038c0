/** Integers that are added one by one, in one typed array. */
export interface GrowingList {
  readonly length: number;
  push(value: number): void;
  /** The values so far; not to be used after further additions. */
  values(): Int32Array;
}

/** An empty list. */
export function growingList(): GrowingList {
  let array = new Int32Array(1 << 12);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(value) {
      if (length === array.length) array = doubled(array);
      array[length++] = value;
    },
    values: () => array.subarray(0, length),
  };
}

/** A copy of twice the length. */
export function doubled(array: Int32Array): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(2 * array.length);
  copy.set(array);
  return copy;
}

/** A copy that has `index`, the new places filled with `filler`. */
function enlarged(array: Int32Array, index: number, filler: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(2 * Math.max(index, array.length));
  copy.set(array);
  if (filler !== 0) copy.fill(filler, array.length);
  return copy;
}

/** How many texts hold each number. */
export interface DocumentCounter {
  /** Counts `id` once for text `document`; documents come in rising order. */
  count(id: number, document: number): void;
  of(id: number): number;
}

/** A counter of nothing yet. */
export function documentCounter(): DocumentCounter {
  let documents = new Int32Array(1 << 12);
  let last = new Int32Array(1 << 12).fill(-1);
  return {
    count(id, document) {
      if (id >= documents.length) {
        documents = enlarged(documents, id, 0);
        last = enlarged(last, id, -1);
      }
      if (last[id] === document) return;
      last[id] = document;
      documents[id]++;
    },
    of: (id) => (id < documents.length ? documents[id] : 0),
  };
}
