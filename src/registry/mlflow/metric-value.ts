import { z } from 'zod';

/**
 * A number as MLflow takes it. JSON has neither NaN nor infinities, and MLflow's parser loses the rest of a batch at a
 * bare NaN: they go as text.
 */
export function metricToWire(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** A number as MLflow gives it: it keeps infinities as the largest doubles. */
export const metricFromWire = z
  .union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])])
  .default(0)
  .transform((value) => {
    const number = Number(value);
    return Math.abs(number) === Number.MAX_VALUE ? Math.sign(number) * Infinity : number;
  });
