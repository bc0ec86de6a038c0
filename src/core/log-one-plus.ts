/**
 * log(1 + y) the way an ONNX graph computes it, which has no `log1p`: what vanishes beside 1 counts as 0 for both, and
 * close to 0 both lose the same digits.
 */
export function logOnePlus(y: number): number {
  return Math.log(1 + y);
}
