// Histograms: per slot 256 entries, one for each bin. A narrow entry is an i64, gradient sum << 32 + hessian sum; a
// wide one is two i64: gradient sum, and rows << countShift + hessian sum. All are sums of whole numbers, so that no
// order of adding can be seen in them.
import {
  begunAt,
  blockWidth,
  countShiftAt,
  histogramBytesAt,
  indexAt,
  isSummedApartAt,
  isWideAt,
  packedAt,
  rowMajorAt,
  rowsAt,
  slotsAt,
  summationAt,
  summedAt,
  threadBytesAt,
  threadHistogramsAt,
  threadMemoryAt,
  tileRows,
} from '../control';
import { mostNarrowColumns, mostWideColumns, sumNarrow, sumWide } from './histogram-kernels';

/** A thread's own memory: a tile of rows, their addends, the rows that went right. */
// @ts-ignore: decorator
@inline
export function tileOf(thread: i32): usize {
  return load<usize>(threadMemoryAt) + <usize>thread * load<usize>(threadBytesAt);
}

// @ts-ignore: decorator
@inline
export function addendsOf(thread: i32): usize {
  return tileOf(thread) + <usize>tileRows * <usize>blockWidth;
}

// @ts-ignore: decorator
@inline
export function rightRowsOf(thread: i32): usize {
  return addendsOf(thread) + <usize>tileRows * 16;
}

/** Bytes between the rows of a block of `width` columns. */
// @ts-ignore: decorator
@inline
export function strideOf(width: i32): usize {
  return (<usize>width + 15) & ~(<usize>15);
}

/** Where `thread` sums, begun anew in every summation. */
export function targetOf(thread: i32): usize {
  if (load<i32>(isSummedApartAt) == 0) return load<usize>(summedAt);
  const bytes = load<usize>(histogramBytesAt);
  const target = load<usize>(threadHistogramsAt) + <usize>thread * bytes;
  const begun = load<usize>(begunAt) + ((<usize>thread) << 2);
  const summation = load<i32>(summationAt);
  if (load<i32>(begun) != summation) {
    memory.fill(target, 0, bytes);
    store<i32>(begun, summation);
  }
  return target;
}

/** Adds rows `list[0 .. count)` to the histogram of `thread`; at most a tile. */
export function sumRows(list: usize, count: i32, thread: i32): void {
  if (count == 0) return;
  const target = targetOf(thread);
  const addends = addendsOf(thread);
  gatherAddends(list, count, addends);
  const tile = tileOf(thread);
  const rows = <usize>load<i32>(rowsAt);
  const slots = load<i32>(slotsAt);
  let block = load<usize>(rowMajorAt);
  for (let first = 0; first < slots; first += blockWidth) {
    const width = min(blockWidth, slots - first);
    gatherTile(list, count, block, width, tile);
    sumBlock(tile, width, first, count, addends, target);
    block += rows * blockWidth;
  }
}

/** Adds the rows `begin .. begin + count` themselves, whose addends are there already. */
export function sumNeighbours(begin: i32, count: i32, thread: i32): void {
  const target = targetOf(thread);
  const addends = addendsOf(thread);
  const rows = <usize>load<i32>(rowsAt);
  const slots = load<i32>(slotsAt);
  let block = load<usize>(rowMajorAt);
  for (let first = 0; first < slots; first += blockWidth) {
    const width = min(blockWidth, slots - first);
    sumBlock(block + <usize>begin * strideOf(width), width, first, count, addends, target);
    block += rows * blockWidth;
  }
}

function sumBlock(rows: usize, width: i32, first: i32, count: i32, addends: usize, target: usize): void {
  const stride = strideOf(width);
  const isWide = load<i32>(isWideAt) != 0;
  const most = isWide ? mostWideColumns : mostNarrowColumns;
  // Passes of even width: their live histograms must fit the nearest cache.
  const passes = (width + most - 1) / most;
  const entry: usize = isWide ? 16 : 8;
  let column = 0;
  for (let pass = 0; pass < passes; pass++) {
    const next = ((pass + 1) * width) / passes;
    const histogram = target + ((<usize>(first + column)) << 8) * entry;
    const end = addends + <usize>count * entry;
    if (isWide) sumWide(next - column, rows + column, stride, addends, end, histogram);
    else sumNarrow(next - column, rows + column, stride, addends, end, histogram);
    column = next;
  }
}

/** Copies the bins of listed rows together: the sums then read them in order, and misses overlap. */
function gatherTile(list: usize, count: i32, block: usize, width: i32, tile: usize): void {
  const stride = strideOf(width);
  const end = list + ((<usize>count) << 2);
  if (stride == 32) {
    for (; list < end; list += 4) {
      const row = block + ((<usize>load<u32>(list)) << 5);
      v128.store(tile, v128.load(row));
      v128.store(tile, v128.load(row, 16), 16);
      tile += 32;
    }
  } else if (stride == 16) {
    for (; list < end; list += 4) {
      v128.store(tile, v128.load(block + ((<usize>load<u32>(list)) << 4)));
      tile += 16;
    }
  } else if (stride == 64) {
    for (; list < end; list += 4) {
      const row = block + ((<usize>load<u32>(list)) << 6);
      v128.store(tile, v128.load(row));
      v128.store(tile, v128.load(row, 16), 16);
      v128.store(tile, v128.load(row, 32), 32);
      v128.store(tile, v128.load(row, 48), 48);
      tile += 64;
    }
  } else {
    for (; list < end; list += 4) {
      const row = block + <usize>load<u32>(list) * 48;
      v128.store(tile, v128.load(row));
      v128.store(tile, v128.load(row, 16), 16);
      v128.store(tile, v128.load(row, 32), 32);
      tile += 48;
    }
  }
}

/** A loop of its own: side by side with the copying of rows it would be slower. */
function gatherAddends(list: usize, count: i32, addends: usize): void {
  const packed = load<usize>(packedAt);
  const end = list + ((<usize>count) << 2);
  if (load<i32>(isWideAt) != 0) {
    const one = (<i64>1) << (<i64>load<i32>(countShiftAt));
    for (; list < end; list += 4) {
      storeWide(addends, packed + ((<usize>load<u32>(list)) << 3), one);
      addends += 16;
    }
  } else {
    for (; list < end; list += 4) {
      storeNarrow(addends, packed + ((<usize>load<u32>(list)) << 2));
      addends += 8;
    }
  }
}

/** The addends of the rows `begin .. begin + count`. */
export function expandAddends(begin: i32, count: i32, addends: usize): void {
  let from = load<usize>(packedAt);
  if (load<i32>(isWideAt) != 0) {
    const one = (<i64>1) << (<i64>load<i32>(countShiftAt));
    from += (<usize>begin) << 3;
    const end = from + ((<usize>count) << 3);
    for (; from < end; from += 8) {
      storeWide(addends, from, one);
      addends += 16;
    }
  } else {
    from += (<usize>begin) << 2;
    const end = from + ((<usize>count) << 2);
    for (; from < end; from += 4) {
      storeNarrow(addends, from);
      addends += 8;
    }
  }
}

// @ts-ignore: decorator
@inline
function storeNarrow(addend: usize, packed: usize): void {
  const both = load<i32>(packed);
  store<i64>(addend, ((<i64>(both >> 16)) << 32) + <i64>(both & 0xffff));
}

// @ts-ignore: decorator
@inline
function storeWide(addend: usize, pair: usize, one: i64): void {
  store<i64>(addend, <i64>load<i32>(pair));
  store<i64>(addend, <i64>load<u32>(pair, 4) + one, 8);
}

/** A chunk of the root: rows of the sample, or all of them in their order. */
export function sumRootChunk(begin: i32, count: i32, thread: i32, isSampled: bool): void {
  const list = load<usize>(indexAt) + ((<usize>begin) << 2);
  if (isSampled) {
    sumRows(list, count, thread);
    return;
  }
  writeOrder(list, begin, count);
  expandAddends(begin, count, addendsOf(thread));
  sumNeighbours(begin, count, thread);
}

/** list[i] = begin + i */
export function writeOrder(list: usize, begin: i32, count: i32): void {
  for (let i = 0; i < count; i++) store<i32>(list + ((<usize>i) << 2), begin + i);
}

/** Empties a histogram that is summed into directly. */
export function clearHistogram(histogram: usize): void {
  memory.fill(histogram, 0, load<usize>(histogramBytesAt));
}
