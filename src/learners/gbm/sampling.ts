import { sampleIndices, type Rng } from '../../core/rng.js';

/** Rows of one iteration. */
export interface RowSample {
  /** `[nSample]` ascending. */
  readonly rows: Uint32Array;
  /** `[nRows - nSample]` the others, ascending. */
  readonly rest: Uint32Array;
}

/** `nSample` rows without replacement, and the others, in one pass (Knuth, TAOCP 2, algorithm S). */
export function drawRows(nRows: number, nSample: number, rng: Rng): RowSample {
  const rows = new Uint32Array(nSample);
  const rest = new Uint32Array(nRows - nSample);
  const draws = new Float64Array(1024);
  let taken = 0;
  for (let begin = 0; begin < nRows; begin += draws.length) {
    rng.uniforms(draws);
    const end = Math.min(begin + draws.length, nRows);
    for (let row = begin; row < end; row++) {
      // What lies behind the end of either array is dropped.
      rows[taken] = row;
      rest[row - taken] = row;
      taken += Number((nRows - row) * draws[row - begin] < nSample - taken);
    }
  }
  return { rows, rest };
}

function partOf(nRows: number, rows: Uint32Array): RowSample {
  const rest = new Uint32Array(nRows - rows.length);
  let taken = 0;
  let next = 0;
  for (let row = 0; row < nRows && next < rest.length; row++) {
    rest[next] = row;
    const isDrawn = Number(taken < rows.length && rows[taken] === row);
    taken += isDrawn;
    next += 1 - isDrawn;
  }
  return { rows, rest };
}

/**
 * Gradient-based one-side sampling (Ke et al. 2017, algorithm 2): the rows whose |gradient × hessian|, summed over the
 * margins, is largest, and of the others a draw whose derivatives are multiplied by (1 - top) / other, in place.
 *
 * @param gradient `[nMargins][nRows]`
 */
export function drawSteepest(
  gradient: readonly Float32Array[],
  hessian: readonly Float32Array[],
  topRate: number,
  otherRate: number,
  rng: Rng,
): RowSample {
  const nRows = gradient[0].length;
  const slope = new Float32Array(nRows);
  gradient.forEach((g, k) => {
    const h = hessian[k];
    for (let i = 0; i < nRows; i++) slope[i] += Math.abs(g[i] * h[i]);
  });
  const nTop = Math.max(1, Math.round(topRate * nRows));
  const limit = slope.slice().sort()[nRows - nTop];
  // Of the rows at the limit the first ones are taken.
  let atLimit = nTop - slope.reduce((count, x) => count + Number(x > limit), 0);
  const isTop = new Uint8Array(nRows);
  for (let i = 0; i < nRows; i++) {
    if (slope[i] > limit) isTop[i] = 1;
    else if (slope[i] === limit && atLimit > 0) {
      isTop[i] = 1;
      atLimit--;
    }
  }
  const others = Uint32Array.from(isTop.keys()).filter((i) => isTop[i] === 0);
  const nOther = Math.min(others.length, Math.max(1, Math.round(otherRate * nRows)));
  const drawn = sampleIndices(others.length, nOther, rng).map((k) => others[k]);
  const factor = (1 - topRate) / otherRate;
  gradient.forEach((g, k) => {
    for (const row of drawn) {
      g[row] *= factor;
      hessian[k][row] *= factor;
    }
  });
  for (const row of drawn) isTop[row] = 1;
  return partOf(
    nRows,
    Uint32Array.from(isTop.keys()).filter((i) => isTop[i] === 1),
  );
}
