// Rows on their way into the memory of a fit: values to bins, columns to row-major blocks.
import {
  blockWidth,
  boundCountsAt,
  boundsAt,
  columnStrideAt,
  columnsAt,
  rowMajorAt,
  rowsAt,
  slotFeaturesAt,
  slotsAt,
  stagedAt,
  stagedFirstAt,
  tileRows,
} from '../control';
import { mapToBins } from './bin-values';
import { strideOf } from './histogram';

/** Rows mapped in one go. */
export const mapRows: i32 = 16384;

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

function transposeColumns(first: i32, width: i32, begin: i32, count: i32, to: usize, stride: usize): void {
  for (let j = 0; j < width; j++) {
    let from = columnOf(first + j) + <usize>begin;
    const end = from + <usize>count;
    let out = to + <usize>j;
    for (; from < end; from++, out += stride) store<u8>(out, load<u8>(from));
  }
}

function columnOf(slot: i32): usize {
  const feature = <usize>load<u16>(load<usize>(slotFeaturesAt) + ((<usize>slot) << 1));
  return load<usize>(columnsAt) + feature * <usize>load<i32>(columnStrideAt);
}
