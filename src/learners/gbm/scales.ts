/** How derivatives become whole numbers for one tree. */
export interface Scales {
  /** Quantised gradient = gradient × this. */
  readonly gradient: number;
  readonly hessian: number;
  /** In a wide histogram entry the count of rows begins at this bit. */
  readonly countShift: number;
}

/**
 * Scales under which no sum over `nRows` rows can overflow its histogram entry. Narrow entries hold a gradient sum of
 * 32 bits and a hessian sum of 32 bits: 11 to 15 bits a row for 2^20 to 2^16 rows. Wide ones leave up to 30 bits a
 * row, sums stay below 2^53 so that doubles hold them exactly, and scales are powers of two, so that whole weights
 * stay exact.
 *
 * @param largest largest |gradient| and hessian of a row
 */
export function scalesFor(
  nRows: number,
  isWide: boolean,
  largest: { readonly gradient: number; readonly hessian: number },
): Scales {
  const { gradient, hessian } = largest;
  if (!isWide) {
    return {
      gradient: Math.min(32767, Math.floor((2 ** 31 - 1) / nRows)) / (gradient || 1),
      hessian: Math.min(65535, Math.floor((2 ** 32 - 1) / nRows)) / (hessian || 1),
      countShift: 0,
    };
  }
  const rowBits = Math.ceil(Math.log2(nRows + 1));
  const hessianBits = Math.min(52, 62 - rowBits);
  return {
    gradient: powerOfTwo(Math.min(30, 52 - rowBits), gradient),
    hessian: powerOfTwo(Math.min(30, hessianBits - rowBits), hessian),
    countShift: hessianBits + 1,
  };
}

/** The largest power of two that brings `largest` to at most 2^bits; within what a double's own range allows. */
function powerOfTwo(bits: number, largest: number): number {
  const exponent = bits - (largest > 0 ? Math.ceil(Math.log2(largest)) : 0);
  return 2 ** Math.min(Math.max(exponent, -900), 900);
}
