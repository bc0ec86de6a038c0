/** Bins of values: how many bounds lie below each; NaN gets `missingBin`. Bounds are padded to 256 with Infinity. */
export function mapToBins(values: usize, count: i32, bounds: usize, nBounds: i32, missingBin: u8, out: usize): void {
  for (let i = 0; i < count; i++) {
    const x = load<f32>(values + ((<usize>i) << 2));
    let at: usize = 0;
    for (let step: usize = 128; step > 0; step >>>= 1) {
      at += (<usize>(load<f32>(bounds + ((at + step - 1) << 2)) < x)) * step;
    }
    store<u8>(out + <usize>i, x == x ? <u8>min(<i32>at, nBounds) : missingBin);
  }
}
