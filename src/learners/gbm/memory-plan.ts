import { DataError } from '../../core/errors.js';
import {
  blockWidth,
  controlEnd,
  resultBytes,
  scanNodeBytes,
  tileRows,
  walkNodeBytes,
} from '../kernels/control.js';

/** What decides how much memory a fit takes. */
export interface FitShape {
  readonly nRows: number;
  readonly nFeatures: number;
  readonly nMargins: number;
  readonly threads: number;
  /**
   * Histogram entries of 16 bytes instead of 8, and derivatives kept as float32 before they are quantised. Narrow fits
   * are those of log loss with unit weights, whose derivatives are packed at once.
   */
  readonly isWide: boolean;
  readonly hasWeights: boolean;
  /** Trees see only some of the rows. */
  readonly isSampled: boolean;
  readonly isSymmetric: boolean;
  /** Columns a tree sees. */
  readonly nSlots: number;
  /** Leaves that may be open for splits at the same time. */
  readonly mostOpen: number;
  readonly mostNodes: number;
  /** Rows that bounds are found on. */
  readonly sampleSize: number;
}

/** Byte addresses of everything a fit keeps in the memory of the kernels. */
export interface MemoryPlan extends FitShape {
  readonly columnStride: number;
  readonly entryBytes: number;
  readonly histogramBytes: number;
  readonly threadBytes: number;
  readonly columns: number;
  readonly rowMajor: number;
  readonly index: number;
  readonly scratch: number;
  readonly packed: number;
  readonly target: number;
  readonly weight: number;
  readonly margin: number;
  readonly gradient: number;
  readonly hessian: number;
  readonly slotFeatures: number;
  readonly valueBins: number;
  readonly signs: number;
  readonly isCategory: number;
  readonly bounds: number;
  readonly boundCounts: number;
  readonly base: number;
  readonly leftCounts: number;
  readonly leftOffsets: number;
  readonly chunkMaxima: number;
  readonly results: number;
  readonly allowed: readonly [number, number];
  readonly draws: readonly [number, number];
  readonly begun: number;
  readonly threadMemory: number;
  readonly threadHistograms: number;
  readonly leaves: number;
  readonly leafChunks: number;
  readonly walkNodes: number;
  readonly levelRecords: number;
  readonly levelGains: number;
  /** Columns whose values lie in memory at the same time while bins are made. */
  readonly nStaged: number;
  readonly staged: number;
  readonly stagedAddresses: number;
  readonly sampleRows: number;
  readonly sortMemory: number;
  readonly sortBytes: number;
  readonly histograms: number;
  readonly nHistograms: number;
  readonly totalBytes: number;
}

/** A wasm memory ends here. */
const mostBytes = 2 ** 32 - 65536;
/** Rows of a chunk of a leaf. */
export const leafChunkRows = 8192;

/**
 * Where everything lies. Values that are being binned, and what they are sorted in, borrow the memory of the
 * histograms and of the row-major bins, which come later.
 * @throws {DataError} when the fit does not fit into the 4 GiB of a wasm memory
 */
export function planMemory(shape: FitShape): MemoryPlan {
  const { nRows, nFeatures, nMargins, threads, nSlots, sampleSize } = shape;
  const columnStride = 64 * Math.ceil(nRows / 64);
  const entryBytes = shape.isWide ? 16 : 8;
  const histogramBytes = nSlots * 256 * entryBytes;
  const threadBytes = 64 * Math.ceil((tileRows * (blockWidth + 16 + 4)) / 64) + 64;
  const chunks = Math.ceil(nRows / tileRows);
  const sortBytes = 8 * sampleSize + 8192 + 64;
  let end = controlEnd;

  function take(bytes: number): number {
    const at = 64 * Math.ceil(end / 64);
    end = at + bytes;
    return at;
  }

  // Vectors of four rows may reach behind the last row.
  const perRow = (bytes: number): number => take(bytes * (nRows + 16));
  const rest = nSlots % blockWidth;
  const rowBytes = blockWidth * Math.floor(nSlots / blockWidth) + 16 * Math.ceil(rest / 16);

  const plan = {
    ...shape,
    columnStride,
    entryBytes,
    histogramBytes,
    threadBytes,
    slotFeatures: take(2 * nFeatures),
    valueBins: take(2 * nFeatures),
    signs: take(nFeatures),
    isCategory: take(nFeatures),
    bounds: take(1024 * nFeatures),
    boundCounts: take(4 * nFeatures),
    base: take(8 * nMargins),
    leftCounts: take(4 * chunks),
    leftOffsets: take(4 * (chunks + 1)),
    chunkMaxima: take(8 * chunks * nMargins),
    results: take(2 * nSlots * resultBytes),
    allowed: [take(nSlots), take(nSlots)] as const,
    draws: [take(4 * nSlots), take(4 * nSlots)] as const,
    begun: take(4 * threads),
    threadMemory: take(threadBytes * threads),
    threadHistograms: threads > 1 ? take(histogramBytes * threads) : 0,
    leaves: take(4 * shape.mostNodes),
    leafChunks: take(12 * (shape.mostNodes + Math.ceil(nRows / leafChunkRows))),
    walkNodes: shape.isSampled ? take(walkNodeBytes * shape.mostNodes) : 0,
    levelRecords: shape.isSymmetric ? take(scanNodeBytes * shape.mostOpen) : 0,
    levelGains: shape.isSymmetric ? take(2048 * nSlots) : 0,
    columns: take(columnStride * nFeatures),
    target: perRow(4),
    weight: shape.hasWeights ? perRow(4) : 0,
    margin: perRow(4 * nMargins),
    gradient: shape.isWide ? perRow(4 * nMargins) : 0,
    hessian: shape.isWide ? perRow(4 * nMargins) : 0,
  };
  const borrowed = end;
  const later = {
    packed: perRow(shape.isWide ? 8 : 4),
    index: perRow(4),
    scratch: perRow(4),
    rowMajor: perRow(rowBytes),
    histograms: take(histogramBytes * (shape.mostOpen + 1)),
  };
  const endLater = end;
  end = borrowed;
  const sampleRows = sampleSize < nRows ? take(4 * sampleSize) : 0;
  const stagedAddresses = take(4 * nFeatures);
  const perColumn = 4 * nRows + sortBytes + 128;
  const room = Math.floor((endLater - end - 256) / perColumn);
  const nStaged = Math.min(nFeatures, Math.max(threads, 1, Math.min(room, 2 * threads)));
  const staged = take(4 * nRows * nStaged);
  const sortMemory = take(sortBytes * nStaged);
  const totalBytes = Math.max(end, endLater) + 64;
  if (totalBytes > mostBytes) {
    throw new DataError(
      `fit: ${nRows} rows of ${nFeatures} features need ${(totalBytes / 2 ** 30).toFixed(1)} GiB, a fit has 4 GiB ` +
        'at most; give it fewer rows or columns, a smaller colsampleByTree, or fewer maxLeafNodes',
    );
  }
  return {
    ...plan,
    ...later,
    sampleRows,
    stagedAddresses,
    nStaged,
    staged,
    sortMemory,
    sortBytes,
    nHistograms: shape.mostOpen + 1,
    totalBytes,
  };
}
