import { take } from '../../core/matrix.js';
import type { HeldOutRows } from './subject.js';

/** The rows that neither model was trained on, ascending. */
export function commonRows({ y, champion }: HeldOutRows): Uint32Array {
  if (champion === undefined) return new Uint32Array();
  const rows = Uint32Array.from(y.keys());
  return rows.filter((row) => !Number.isNaN(champion[0][row]));
}

/** Labels and answers of some rows. */
export function takeRows(
  { y, challenger, champion }: HeldOutRows,
  rows: Uint32Array,
): {
  readonly y: Float64Array;
  readonly challenger: readonly Float64Array[];
  readonly champion: readonly Float64Array[] | undefined;
} {
  return {
    y: take(y, rows),
    challenger: challenger.map((output) => take(output, rows)),
    champion: champion?.map((output) => take(output, rows)),
  };
}
