/** What the kernels offer to those who read trees; see assembly/. Addresses are bytes in the kernels' memory. */
export interface ReadingKernels {
  binTableBytes(): number;
  mapToBins(
    values: number,
    n: number,
    bounds: number,
    nBounds: number,
    missingBin: number,
    out: number,
  ): void;
  buildBinTable(bounds: number, nBounds: number, table: number): void;
  /** @returns 1 where a value is missing */
  mapToBinsByTable(
    values: number,
    n: number,
    bounds: number,
    table: number,
    missingBin: number,
    bias: number,
    out: number,
  ): number;
  mapToCodes(values: number, n: number, lookup: number, length: number, out: number): void;
  setToBins(codes: number, n: number, set: number, out: number): void;
  leafNumbers(
    steps: number,
    nSteps: number,
    columns: number,
    nRows: number,
    stack: number,
    out: number,
  ): void;
  missingToLowest(bins: number, n: number, out: number): void;
  addLeaves(leaves: number, values: number, nRows: number, sums: number): void;
  addLeavesOf4(
    leaves: number,
    spacing: number,
    values0: number,
    values1: number,
    values2: number,
    values3: number,
    nRows: number,
    sums: number,
  ): void;
  addLeavesInFloat32(leaves: number, values: number, nRows: number, sums: number): void;
  goesLeft(values: number, n: number, threshold: number, missingLeft: number, out: number): void;
  goesLeftBySet(
    values: number,
    n: number,
    words: number,
    nWords: number,
    missingLeft: number,
    out: number,
  ): void;
  addLeafShap(
    path: number,
    numbers: number,
    goingLeft: number,
    stride: number,
    n: number,
    quadrature: number,
    scratch: number,
    phi: number,
  ): void;
  /** @returns bytes of scratch that a leaf reached through `d` features needs */
  leafShapBytes(d: number, stride: number): number;
}
