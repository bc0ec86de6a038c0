// Parting the rows of a node, chunk by chunk: a chunk first sorts its own rows into left and right ones, and sums
// those of the side that is summed while their numbers are in the nearest cache; later, when the counts of all chunks
// are known, its two runs move to their places. Both sides keep their order.
import {
  allLeftAt,
  indexAt,
  leftCountsAt,
  leftOffsetsAt,
  nodeChunkRowsAt,
  nodeEndAt,
  nodeStartAt,
  scratchAt,
  sidesAt,
  splitColumnAt,
  summedSideAt,
} from '../control';
import { rightRowsOf, sumRows } from './histogram';

export function divideChunk(chunk: i32, thread: i32): void {
  const chunkRows = load<i32>(nodeChunkRowsAt);
  const begin = load<i32>(nodeStartAt) + chunk * chunkRows;
  const count = min(chunkRows, load<i32>(nodeEndAt) - begin);
  const from = load<usize>(indexAt) + ((<usize>begin) << 2);
  const to = load<usize>(scratchAt) + ((<usize>begin) << 2);
  const right = rightRowsOf(thread);
  const nLeft = part(from, count, load<usize>(splitColumnAt), to, right);
  const nRight = count - nLeft;
  memory.copy(to + ((<usize>nLeft) << 2), right, (<usize>nRight) << 2);
  store<i32>(load<usize>(leftCountsAt) + ((<usize>chunk) << 2), nLeft);
  const side = load<i32>(summedSideAt);
  if (side == 0) sumRows(to, nLeft, thread);
  else if (side == 1) sumRows(to + ((<usize>nLeft) << 2), nRight, thread);
}

/** Both writes are made and one pointer moves: which way a row goes is a coin toss that no branch foretells. */
function part(from: usize, count: i32, column: usize, left: usize, right: usize): i32 {
  const begin = left;
  const end = from + ((<usize>count) << 2);
  for (; from < end; from += 4) {
    const row = load<u32>(from);
    const goesRight = <usize>load<u8>(<usize>sidesAt + <usize>load<u8>(column + <usize>row));
    store<u32>(left, row);
    store<u32>(right, row);
    right += goesRight << 2;
    left += 4 - (goesRight << 2);
  }
  return <i32>((left - begin) >>> 2);
}

/** Where every chunk's left rows belong. @returns rows that went left */
export function countLeft(chunks: i32): i32 {
  const counts = load<usize>(leftCountsAt);
  const offsets = load<usize>(leftOffsetsAt);
  let total = 0;
  for (let chunk = 0; chunk < chunks; chunk++) {
    store<i32>(offsets + ((<usize>chunk) << 2), total);
    total += load<i32>(counts + ((<usize>chunk) << 2));
  }
  store<i32>(allLeftAt, total);
  return total;
}

export function moveChunk(chunk: i32): void {
  const start = load<i32>(nodeStartAt);
  const chunkRows = load<i32>(nodeChunkRowsAt);
  const begin = chunk * chunkRows;
  const count = min(chunkRows, load<i32>(nodeEndAt) - start - begin);
  const nLeft = load<i32>(load<usize>(leftCountsAt) + ((<usize>chunk) << 2));
  const offsets = load<usize>(leftOffsetsAt);
  const leftBefore = load<i32>(offsets + ((<usize>chunk) << 2));
  const allLeft = load<i32>(allLeftAt);
  const index = load<usize>(indexAt) + ((<usize>start) << 2);
  const from = load<usize>(scratchAt) + ((<usize>(start + begin)) << 2);
  memory.copy(index + ((<usize>leftBefore) << 2), from, (<usize>nLeft) << 2);
  memory.copy(
    index + ((<usize>(allLeft + begin - leftBefore)) << 2),
    from + ((<usize>nLeft) << 2),
    (<usize>(count - nLeft)) << 2,
  );
}
