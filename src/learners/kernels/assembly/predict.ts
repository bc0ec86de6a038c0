// Leaf numbers and sums of small trees over binned rows. All splits of a tree are evaluated for 128 rows at a time,
// children before parents: a comparison of bytes and one or two more steps a split, no branch that depends on the rows.
//
// Leaves are numbered from left to right, so that the larger of two numbers is always the one further right:
// where(x > t, right, left) = max(left, right & (x > t)).

/** A step of a tree, 8 bytes: kind u8, bin i8, leaf u8, -, column u32 (byte offset in the table of columns). */
const twoLeaves: u32 = 0;
const leafAndNode: u32 = 1;
const nodeAndLeaf: u32 = 2;

/**
 * Leaf number of every row.
 * @param steps 8 bytes each, in post-order: the top of the stack is the subtree finished last
 * @param columns u32 pointers to i8 bins, biased by 128 so that a signed comparison orders them
 * @param stack room for 128 bytes per step
 * @param out u8[nRows], nRows a multiple of 128
 */
export function leafNumbers(
  steps: usize,
  nSteps: i32,
  columns: usize,
  nRows: i32,
  stack: usize,
  out: usize,
): void {
  const end = steps + (<usize>nSteps << 3);
  for (let row: usize = 0; row < <usize>nRows; row += 128) {
    let a = i8x16.splat(0);
    let b = a;
    let c = a;
    let d = a;
    let e = a;
    let f = a;
    let g = a;
    let h = a;
    let top = stack;
    for (let step = steps; step < end; step += 8) {
      const kind = <u32>load<u8>(step);
      const bins = <usize>load<u32>(columns + load<u32>(step, 4)) + row;
      const bin = v128.load8_splat(step, 1);
      if (kind == twoLeaves) {
        v128.store(top, a);
        v128.store(top, b, 16);
        v128.store(top, c, 32);
        v128.store(top, d, 48);
        v128.store(top, e, 64);
        v128.store(top, f, 80);
        v128.store(top, g, 96);
        v128.store(top, h, 112);
        top += 128;
        // The right leaf is the next number, and true is -1.
        const leaf = v128.load8_splat(step, 2);
        a = i8x16.sub(leaf, i8x16.gt_s(v128.load(bins), bin));
        b = i8x16.sub(leaf, i8x16.gt_s(v128.load(bins, 16), bin));
        c = i8x16.sub(leaf, i8x16.gt_s(v128.load(bins, 32), bin));
        d = i8x16.sub(leaf, i8x16.gt_s(v128.load(bins, 48), bin));
        e = i8x16.sub(leaf, i8x16.gt_s(v128.load(bins, 64), bin));
        f = i8x16.sub(leaf, i8x16.gt_s(v128.load(bins, 80), bin));
        g = i8x16.sub(leaf, i8x16.gt_s(v128.load(bins, 96), bin));
        h = i8x16.sub(leaf, i8x16.gt_s(v128.load(bins, 112), bin));
      } else if (kind == leafAndNode) {
        const leaf = v128.load8_splat(step, 2);
        a = i8x16.max_u(leaf, v128.and(a, i8x16.gt_s(v128.load(bins), bin)));
        b = i8x16.max_u(leaf, v128.and(b, i8x16.gt_s(v128.load(bins, 16), bin)));
        c = i8x16.max_u(leaf, v128.and(c, i8x16.gt_s(v128.load(bins, 32), bin)));
        d = i8x16.max_u(leaf, v128.and(d, i8x16.gt_s(v128.load(bins, 48), bin)));
        e = i8x16.max_u(leaf, v128.and(e, i8x16.gt_s(v128.load(bins, 64), bin)));
        f = i8x16.max_u(leaf, v128.and(f, i8x16.gt_s(v128.load(bins, 80), bin)));
        g = i8x16.max_u(leaf, v128.and(g, i8x16.gt_s(v128.load(bins, 96), bin)));
        h = i8x16.max_u(leaf, v128.and(h, i8x16.gt_s(v128.load(bins, 112), bin)));
      } else if (kind == nodeAndLeaf) {
        const leaf = v128.load8_splat(step, 2);
        a = i8x16.max_u(a, v128.and(leaf, i8x16.gt_s(v128.load(bins), bin)));
        b = i8x16.max_u(b, v128.and(leaf, i8x16.gt_s(v128.load(bins, 16), bin)));
        c = i8x16.max_u(c, v128.and(leaf, i8x16.gt_s(v128.load(bins, 32), bin)));
        d = i8x16.max_u(d, v128.and(leaf, i8x16.gt_s(v128.load(bins, 48), bin)));
        e = i8x16.max_u(e, v128.and(leaf, i8x16.gt_s(v128.load(bins, 64), bin)));
        f = i8x16.max_u(f, v128.and(leaf, i8x16.gt_s(v128.load(bins, 80), bin)));
        g = i8x16.max_u(g, v128.and(leaf, i8x16.gt_s(v128.load(bins, 96), bin)));
        h = i8x16.max_u(h, v128.and(leaf, i8x16.gt_s(v128.load(bins, 112), bin)));
      } else {
        top -= 128;
        a = i8x16.max_u(v128.load(top), v128.and(a, i8x16.gt_s(v128.load(bins), bin)));
        b = i8x16.max_u(v128.load(top, 16), v128.and(b, i8x16.gt_s(v128.load(bins, 16), bin)));
        c = i8x16.max_u(v128.load(top, 32), v128.and(c, i8x16.gt_s(v128.load(bins, 32), bin)));
        d = i8x16.max_u(v128.load(top, 48), v128.and(d, i8x16.gt_s(v128.load(bins, 48), bin)));
        e = i8x16.max_u(v128.load(top, 64), v128.and(e, i8x16.gt_s(v128.load(bins, 64), bin)));
        f = i8x16.max_u(v128.load(top, 80), v128.and(f, i8x16.gt_s(v128.load(bins, 80), bin)));
        g = i8x16.max_u(v128.load(top, 96), v128.and(g, i8x16.gt_s(v128.load(bins, 96), bin)));
        h = i8x16.max_u(v128.load(top, 112), v128.and(h, i8x16.gt_s(v128.load(bins, 112), bin)));
      }
    }
    v128.store(out + row, a);
    v128.store(out + row, b, 16);
    v128.store(out + row, c, 32);
    v128.store(out + row, d, 48);
    v128.store(out + row, e, 64);
    v128.store(out + row, f, 80);
    v128.store(out + row, g, 96);
    v128.store(out + row, h, 112);
  }
}

/**
 * Column for the splits that send missing values left: bin 127 (missing, biased) becomes -128.
 * @param n a multiple of 16
 */
export function missingToLowest(bins: usize, n: i32, out: usize): void {
  const missing = i8x16.splat(127);
  const lowest = i8x16.splat(-128);
  for (let i: usize = 0; i < <usize>n; i += 16) {
    const x = v128.load(bins + i);
    v128.store(out + i, v128.bitselect(lowest, x, i8x16.eq(x, missing)));
  }
}

/** sums[i] += values[leaf[i]], one tree. */
export function addLeaves(leaves: usize, values: usize, nRows: i32, sums: usize): void {
  for (let i: usize = 0; i < <usize>nRows; i++) {
    const sum = sums + (i << 3);
    store<f64>(sum, load<f64>(sum) + load<f64>(values + (<usize>load<u8>(leaves + i) << 3)));
  }
}

/** The same for four trees in their order, whose leaf numbers lie `spacing` bytes apart. */
export function addLeavesOf4(
  leaves: usize,
  spacing: usize,
  values0: usize,
  values1: usize,
  values2: usize,
  values3: usize,
  nRows: i32,
  sums: usize,
): void {
  const leaves1 = leaves + spacing;
  const leaves2 = leaves1 + spacing;
  const leaves3 = leaves2 + spacing;
  for (let i: usize = 0; i < <usize>nRows; i++) {
    const sum = sums + (i << 3);
    let s = load<f64>(sum) + load<f64>(values0 + (<usize>load<u8>(leaves + i) << 3));
    s += load<f64>(values1 + (<usize>load<u8>(leaves1 + i) << 3));
    s += load<f64>(values2 + (<usize>load<u8>(leaves2 + i) << 3));
    s += load<f64>(values3 + (<usize>load<u8>(leaves3 + i) << 3));
    store<f64>(sum, s);
  }
}

/** sums[i] = float32(sums[i] + values[leaf[i]]), one tree. */
export function addLeavesInFloat32(leaves: usize, values: usize, nRows: i32, sums: usize): void {
  for (let i: usize = 0; i < <usize>nRows; i++) {
    const sum = sums + (i << 3);
    const added = load<f64>(sum) + load<f64>(values + (<usize>load<u8>(leaves + i) << 3));
    store<f64>(sum, <f64>(<f32>added));
  }
}

/**
 * Column of a split by category: -128 where the code is in the set, 127 where it is not.
 * @param codes u8[n], n a multiple of 16
 * @param set 256 bits
 */
export function setToBins(codes: usize, n: i32, set: usize, out: usize): void {
  const low = v128.load(set);
  const high = v128.load(set, 16);
  const powers = i8x16(1, 2, 4, 8, 16, 32, 64, -128, 1, 2, 4, 8, 16, 32, 64, -128);
  for (let i: usize = 0; i < <usize>n; i += 16) {
    const code = v128.load(codes + i);
    const byte = i8x16.shr_u(code, 3);
    // Bytes beyond the 16 of a half read as 0.
    const bits = v128.or(i8x16.swizzle(low, byte), i8x16.swizzle(high, i8x16.sub(byte, i8x16.splat(16))));
    const bit = i8x16.swizzle(powers, v128.and(code, i8x16.splat(7)));
    const isIn = i8x16.eq(v128.and(bits, bit), bit);
    v128.store(out + i, v128.xor(isIn, i8x16.splat(127)));
  }
}
