// Rows on their way into the memory of a fit: values to bins, columns to row-major blocks.
import {
  blockWidth,
  boundCountsAt,
  boundsAt,
  columnStrideAt,
  columnsAt,
  indexAt,
  mapRows,
  movedArrayAt,
  movedBytesAt,
  rowMajorAt,
  rowsAt,
  scratchAt,
  slotFeaturesAt,
  slotsAt,
  stagedAt,
  stagedFirstAt,
  tileRows,
} from '../control';
import { mapToBins } from './bin-values';
import { strideOf } from './histogram';

/** @param task column by column, `ceil(rows / mapRows)` chunks each */
export function mapTask(task: i32): void {
  const rows = load<i32>(rowsAt);
  const chunks = (rows + mapRows - 1) / mapRows;
  const staged = task / chunks;
  const begin = (task % chunks) * mapRows;
  const count = min(mapRows, rows - begin);
  const feature = <usize>(load<i32>(stagedFirstAt) + staged);
  const nBounds = load<i32>(load<usize>(boundCountsAt) + (feature << 2));
  mapToBins(
    load<usize>(load<usize>(stagedAt) + ((<usize>staged) << 2)) + ((<usize>begin) << 2),
    count,
    load<usize>(boundsAt) + (feature << 10),
    nBounds,
    <u8>(nBounds + 1),
    load<usize>(columnsAt) + feature * <usize>load<i32>(columnStrideAt) + <usize>begin,
  );
}

/** Lays the slots' columns out row by row, 16 columns of 16 rows at a time. */
export function transposeChunk(chunk: i32): void {
  const rows = load<i32>(rowsAt);
  const begin = chunk * tileRows;
  const count = min(tileRows, rows - begin);
  const slots = load<i32>(slotsAt);
  let block = load<usize>(rowMajorAt);
  for (let first = 0; first < slots; first += blockWidth) {
    const width = min(blockWidth, slots - first);
    const stride = strideOf(width);
    for (let column = 0; column < width; column += 16) {
      transposeColumns(first + column, min(16, width - column), begin, count, block + <usize>begin * stride + column, stride);
    }
    block += <usize>rows * blockWidth;
  }
}

/** 16 columns of 16 rows at a time change places by interleaving: bytes, then pairs, quads and halves of vectors. */
function transposeColumns(first: i32, width: i32, begin: i32, count: i32, to: usize, stride: usize): void {
  // Columns that are not there repeat the last one; nobody reads what they become.
  const c0 = columnOf(first + min(0, width - 1)) + <usize>begin;
  const c1 = columnOf(first + min(1, width - 1)) + <usize>begin;
  const c2 = columnOf(first + min(2, width - 1)) + <usize>begin;
  const c3 = columnOf(first + min(3, width - 1)) + <usize>begin;
  const c4 = columnOf(first + min(4, width - 1)) + <usize>begin;
  const c5 = columnOf(first + min(5, width - 1)) + <usize>begin;
  const c6 = columnOf(first + min(6, width - 1)) + <usize>begin;
  const c7 = columnOf(first + min(7, width - 1)) + <usize>begin;
  const c8 = columnOf(first + min(8, width - 1)) + <usize>begin;
  const c9 = columnOf(first + min(9, width - 1)) + <usize>begin;
  const c10 = columnOf(first + min(10, width - 1)) + <usize>begin;
  const c11 = columnOf(first + min(11, width - 1)) + <usize>begin;
  const c12 = columnOf(first + min(12, width - 1)) + <usize>begin;
  const c13 = columnOf(first + min(13, width - 1)) + <usize>begin;
  const c14 = columnOf(first + min(14, width - 1)) + <usize>begin;
  const c15 = columnOf(first + min(15, width - 1)) + <usize>begin;
  const whole = <usize>count & ~(<usize>15);
  for (let i: usize = 0; i < whole; i += 16) {
    const v0 = v128.load(c0 + i);
    const v1 = v128.load(c1 + i);
    const v2 = v128.load(c2 + i);
    const v3 = v128.load(c3 + i);
    const v4 = v128.load(c4 + i);
    const v5 = v128.load(c5 + i);
    const v6 = v128.load(c6 + i);
    const v7 = v128.load(c7 + i);
    const v8 = v128.load(c8 + i);
    const v9 = v128.load(c9 + i);
    const v10 = v128.load(c10 + i);
    const v11 = v128.load(c11 + i);
    const v12 = v128.load(c12 + i);
    const v13 = v128.load(c13 + i);
    const v14 = v128.load(c14 + i);
    const v15 = v128.load(c15 + i);
    const s0_0 = v128.shuffle<i8>(v0, v8, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s0_1 = v128.shuffle<i8>(v0, v8, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s0_2 = v128.shuffle<i8>(v1, v9, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s0_3 = v128.shuffle<i8>(v1, v9, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s0_4 = v128.shuffle<i8>(v2, v10, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s0_5 = v128.shuffle<i8>(v2, v10, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s0_6 = v128.shuffle<i8>(v3, v11, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s0_7 = v128.shuffle<i8>(v3, v11, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s0_8 = v128.shuffle<i8>(v4, v12, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s0_9 = v128.shuffle<i8>(v4, v12, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s0_10 = v128.shuffle<i8>(v5, v13, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s0_11 = v128.shuffle<i8>(v5, v13, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s0_12 = v128.shuffle<i8>(v6, v14, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s0_13 = v128.shuffle<i8>(v6, v14, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s0_14 = v128.shuffle<i8>(v7, v15, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s0_15 = v128.shuffle<i8>(v7, v15, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s1_0 = v128.shuffle<i8>(s0_0, s0_8, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s1_1 = v128.shuffle<i8>(s0_0, s0_8, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s1_2 = v128.shuffle<i8>(s0_1, s0_9, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s1_3 = v128.shuffle<i8>(s0_1, s0_9, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s1_4 = v128.shuffle<i8>(s0_2, s0_10, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s1_5 = v128.shuffle<i8>(s0_2, s0_10, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s1_6 = v128.shuffle<i8>(s0_3, s0_11, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s1_7 = v128.shuffle<i8>(s0_3, s0_11, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s1_8 = v128.shuffle<i8>(s0_4, s0_12, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s1_9 = v128.shuffle<i8>(s0_4, s0_12, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s1_10 = v128.shuffle<i8>(s0_5, s0_13, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s1_11 = v128.shuffle<i8>(s0_5, s0_13, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s1_12 = v128.shuffle<i8>(s0_6, s0_14, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s1_13 = v128.shuffle<i8>(s0_6, s0_14, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s1_14 = v128.shuffle<i8>(s0_7, s0_15, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s1_15 = v128.shuffle<i8>(s0_7, s0_15, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s2_0 = v128.shuffle<i8>(s1_0, s1_8, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s2_1 = v128.shuffle<i8>(s1_0, s1_8, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s2_2 = v128.shuffle<i8>(s1_1, s1_9, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s2_3 = v128.shuffle<i8>(s1_1, s1_9, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s2_4 = v128.shuffle<i8>(s1_2, s1_10, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s2_5 = v128.shuffle<i8>(s1_2, s1_10, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s2_6 = v128.shuffle<i8>(s1_3, s1_11, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s2_7 = v128.shuffle<i8>(s1_3, s1_11, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s2_8 = v128.shuffle<i8>(s1_4, s1_12, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s2_9 = v128.shuffle<i8>(s1_4, s1_12, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s2_10 = v128.shuffle<i8>(s1_5, s1_13, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s2_11 = v128.shuffle<i8>(s1_5, s1_13, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s2_12 = v128.shuffle<i8>(s1_6, s1_14, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s2_13 = v128.shuffle<i8>(s1_6, s1_14, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s2_14 = v128.shuffle<i8>(s1_7, s1_15, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s2_15 = v128.shuffle<i8>(s1_7, s1_15, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s3_0 = v128.shuffle<i8>(s2_0, s2_8, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s3_1 = v128.shuffle<i8>(s2_0, s2_8, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s3_2 = v128.shuffle<i8>(s2_1, s2_9, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s3_3 = v128.shuffle<i8>(s2_1, s2_9, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s3_4 = v128.shuffle<i8>(s2_2, s2_10, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s3_5 = v128.shuffle<i8>(s2_2, s2_10, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s3_6 = v128.shuffle<i8>(s2_3, s2_11, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s3_7 = v128.shuffle<i8>(s2_3, s2_11, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s3_8 = v128.shuffle<i8>(s2_4, s2_12, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s3_9 = v128.shuffle<i8>(s2_4, s2_12, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s3_10 = v128.shuffle<i8>(s2_5, s2_13, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s3_11 = v128.shuffle<i8>(s2_5, s2_13, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s3_12 = v128.shuffle<i8>(s2_6, s2_14, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s3_13 = v128.shuffle<i8>(s2_6, s2_14, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    const s3_14 = v128.shuffle<i8>(s2_7, s2_15, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const s3_15 = v128.shuffle<i8>(s2_7, s2_15, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    let row = to + i * stride;
    v128.store(row, s3_0);
    row += stride;
    v128.store(row, s3_1);
    row += stride;
    v128.store(row, s3_2);
    row += stride;
    v128.store(row, s3_3);
    row += stride;
    v128.store(row, s3_4);
    row += stride;
    v128.store(row, s3_5);
    row += stride;
    v128.store(row, s3_6);
    row += stride;
    v128.store(row, s3_7);
    row += stride;
    v128.store(row, s3_8);
    row += stride;
    v128.store(row, s3_9);
    row += stride;
    v128.store(row, s3_10);
    row += stride;
    v128.store(row, s3_11);
    row += stride;
    v128.store(row, s3_12);
    row += stride;
    v128.store(row, s3_13);
    row += stride;
    v128.store(row, s3_14);
    row += stride;
    v128.store(row, s3_15);
  }
  for (let j = 0; j < width; j++) {
    const column = columnOf(first + j) + <usize>begin;
    for (let i = whole; i < <usize>count; i++) store<u8>(to + i * stride + <usize>j, load<u8>(column + i));
  }
}

function columnOf(slot: i32): usize {
  const feature = <usize>load<u16>(load<usize>(slotFeaturesAt) + ((<usize>slot) << 1));
  return load<usize>(columnsAt) + feature * <usize>load<i32>(columnStrideAt);
}

/** Elements of an array in the order of the index, into the scratch memory. */
export function gatherChunk(chunk: i32): void {
  const begin = <usize>(chunk * tileRows);
  const end = min<usize>(begin + tileRows, load<i32>(rowsAt));
  const index = load<usize>(indexAt);
  const from = load<usize>(movedArrayAt);
  const to = load<usize>(scratchAt);
  if (load<i32>(movedBytesAt) == 1) {
    for (let i = begin; i < end; i++) store<u8>(to + i, load<u8>(from + <usize>load<u32>(index + (i << 2))));
  } else {
    for (let i = begin; i < end; i++) {
      store<u32>(to + (i << 2), load<u32>(from + ((<usize>load<u32>(index + (i << 2))) << 2)));
    }
  }
}

export function returnChunk(chunk: i32): void {
  const bytes = <usize>load<i32>(movedBytesAt);
  const begin = <usize>(chunk * tileRows);
  const end = min<usize>(begin + tileRows, load<i32>(rowsAt));
  memory.copy(load<usize>(movedArrayAt) + begin * bytes, load<usize>(scratchAt) + begin * bytes, (end - begin) * bytes);
}
