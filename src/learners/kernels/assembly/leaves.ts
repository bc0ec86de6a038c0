// What a finished tree adds to the margins: rows of the sample lie leaf by leaf, the others walk down by their bins.
import {
  columnStrideAt,
  columnsAt,
  currentMarginAt,
  indexAt,
  leafChunksAt,
  leavesAt,
  marginAt,
  rowsAt,
  sampleEndAt,
  tileRows,
  walkNodeBytes,
  walkNodesAt,
} from '../control';

// @ts-ignore: decorator
@inline
function currentMargins(): usize {
  return load<usize>(marginAt) + ((<usize>load<i32>(currentMarginAt) * <usize>load<i32>(rowsAt)) << 2);
}

export function addLeafChunk(chunk: i32): void {
  const listed = load<usize>(leafChunksAt) + <usize>chunk * 12;
  const value = load<f32>(load<usize>(leavesAt) + ((<usize>load<i32>(listed)) << 2));
  const margins = currentMargins();
  let row = load<usize>(indexAt) + ((<usize>load<i32>(listed, 4)) << 2);
  const end = load<usize>(indexAt) + ((<usize>load<i32>(listed, 8)) << 2);
  for (; row < end; row += 4) {
    const margin = margins + ((<usize>load<u32>(row)) << 2);
    store<f32>(margin, load<f32>(margin) + value);
  }
}

export function walkChunk(chunk: i32): void {
  const begin = load<i32>(sampleEndAt) + chunk * tileRows;
  const end = min(begin + tileRows, load<i32>(rowsAt));
  const index = load<usize>(indexAt);
  const nodes = load<usize>(walkNodesAt);
  const columns = load<usize>(columnsAt);
  const stride = <usize>load<i32>(columnStrideAt);
  const margins = currentMargins();
  for (let i = begin; i < end; i++) {
    const row = <usize>load<u32>(index + ((<usize>i) << 2));
    let node = nodes;
    let feature = load<i32>(node);
    while (feature >= 0) {
      const right = load<u8>(node + <usize>load<u8>(columns + <usize>feature * stride + row), 16);
      node = nodes + <usize>load<i32>(node + ((<usize>right) << 2), 4) * <usize>walkNodeBytes;
      feature = load<i32>(node);
    }
    const margin = margins + (row << 2);
    store<f32>(margin, load<f32>(margin) + load<f32>(node, 12));
  }
}
