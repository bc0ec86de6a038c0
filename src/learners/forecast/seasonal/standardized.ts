import { linked, type Link } from './link.js';

/** A series on the scale of its link, moved and stretched to mean 0 and mean size 1. */
export interface StandardizedSeries {
  readonly link: Link;
  readonly centre: number;
  /** Above 0. */
  readonly scale: number;
  /** `[n]`, NaN where missing: `(linked - centre) / scale`. */
  readonly z: Float64Array;
}

/** @param y `[n]`, NaN where missing, at least one value there */
export function standardizedSeries(link: Link, y: Float64Array): StandardizedSeries {
  const values = linked(link, y);
  const centre = presentMean(values);
  const distance = presentMean(values.map((value) => Math.abs(value - centre)));
  const scale = distance > 0 ? distance : 1;
  return { link, centre, scale, z: values.map((value) => (value - centre) / scale) };
}

/** The mean of what is not missing. */
export function presentMean(values: Float64Array): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) count++;
  let mean = 0;
  // Divided first, so that no sum overflows.
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) mean += values[i] / count;
  return mean;
}
