// A chunk of the derivatives of all margins.
import {
  baseAt,
  gradientAt,
  hessianAt,
  marginAt,
  marginsAt,
  objectiveAt,
  objectiveParameterAt,
  rowsAt,
  targetAt,
  tileRows,
  weightAt,
} from '../control';
import { derivatives, softmaxDerivatives } from './derivatives';

export function deriveChunk(chunk: i32): void {
  const rows = load<i32>(rowsAt);
  const begin = chunk * tileRows;
  const end = min(begin + tileRows, rows);
  const target = load<usize>(targetAt);
  const weight = load<usize>(weightAt);
  const margin = load<usize>(marginAt);
  const base = load<usize>(baseAt);
  const gradient = load<usize>(gradientAt);
  const hessian = load<usize>(hessianAt);
  const margins = load<i32>(marginsAt);
  if (margins > 1) {
    softmaxDerivatives(margins, begin, end, rows, target, weight, margin, base, gradient, hessian);
  } else {
    const parameter = load<f64>(objectiveParameterAt);
    derivatives(
      load<i32>(objectiveAt),
      begin,
      end,
      target,
      weight,
      margin,
      load<f64>(base),
      gradient,
      hessian,
      parameter,
    );
  }
}
