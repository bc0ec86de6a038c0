const asFloat = new Float32Array(1);
const asBits = new Int32Array(asFloat.buffer);

/**
 * The largest float32 not above `x`. For every float32 value v, `v <= x` and `v <= floorToFloat32(x)` agree:
 * the rule that makes a double split exact in a float32 graph.
 */
export function floorToFloat32(x: number): number {
  const nearest = Math.fround(x);
  return nearest > x ? previousFloat32(nearest) : nearest;
}

/** The float32 just below `x`, itself a float32 (so `x` must not be NaN or -Infinity). */
export function previousFloat32(x: number): number {
  if (x === 0) return -1.401298464324817e-45;
  asFloat[0] = x;
  asBits[0] = asBits[0] + (x > 0 ? -1 : 1);
  return asFloat[0];
}

/** The float32 just above `x`, itself a float32 (so `x` must not be NaN or +Infinity). */
export function nextFloat32(x: number): number {
  return -previousFloat32(-x);
}
