import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextFloat32, previousFloat32 } from '../../../src/core/float32.js';
import { createRng } from '../../../src/core/rng.js';
import { threadKernels } from '../../../src/learners/kernels/thread-kernels.js';

const boundsBytes = 4 * 256;

/** Bins by both kernels: by comparing, and by the table of the bounds; the table's kind beside. */
function binsOf(bounds: Float32Array, values: Float32Array, missingBin: number, bias: number) {
  const n = values.length;
  const { kernels, bytes, uint32, float32, start } = threadKernels(4 * boundsBytes + 8 * n + 4096);
  const table = start + boundsBytes;
  const valuesAt = start + 4 * boundsBytes;
  const out = valuesAt + 4 * n;
  // What lies behind the bounds must not be read: here, bounds below every value.
  float32.fill(-Infinity, start >> 2, valuesAt >> 2);
  float32.fill(Infinity, start >> 2, (start + boundsBytes) >> 2).set(bounds, start >> 2);
  float32.set(values, valuesAt >> 2);
  kernels.mapToBins(valuesAt, n, start, bounds.length, missingBin, out);
  const compared = bytes.slice(out, out + n);
  kernels.buildBinTable(start, bounds.length, table);
  // What lies behind the last value must stay as it is.
  bytes.fill(99, out, out + n + 1);
  const anyMissing = kernels.mapToBinsByTable(valuesAt, n, start, table, missingBin, bias, out);
  expect(bytes[out + n]).toBe(99);
  return { compared, looked: bytes.slice(out, out + n), anyMissing, kind: uint32[table >> 2] };
}

function check(bounds: Float32Array, values: Float32Array): number {
  const bins = Array.from(values, (x) => bounds.filter((bound) => bound < x).length);
  const { compared, looked, anyMissing, kind } = binsOf(bounds, values, 255, 0);
  const expected = bins.map((bin, i) => (Number.isNaN(values[i]) ? 255 : bin));
  expect([...compared]).toEqual(expected);
  expect([...looked]).toEqual(expected);
  expect(anyMissing).toBe(Number(values.some(Number.isNaN)));
  const biased = binsOf(bounds, values, 127, -128).looked;
  expect([...biased]).toEqual(bins.map((bin, i) => (Number.isNaN(values[i]) ? 127 : (bin + 128) % 256)));
  return kind;
}

const ascending = (values: Iterable<number>): Float32Array =>
  Float32Array.from(new Set(Float32Array.from(values, (x) => x + 0))).sort();

/** Bounds, their neighbours, and the ends of the order. */
const edgesOf = (bounds: Float32Array): number[] =>
  [...bounds].flatMap((x) => [x, ...(Number.isFinite(x) ? [previousFloat32(x), nextFloat32(x)] : [])]);
const special = [NaN, Infinity, -Infinity, 0, -0, 2 ** -149, -(2 ** -149), 3.4028234663852886e38];

describe('mapToBins and mapToBinsByTable', () => {
  it('count the bounds below a value', () => {
    const anyFloat = fc.float({ noNaN: true });
    const number = fc.oneof(anyFloat, fc.integer({ min: -9, max: 9 }), fc.constantFrom(...special.slice(1)));
    fc.assert(
      fc.property(fc.array(number, { maxLength: 254 }), fc.array(number, { maxLength: 40 }), (raw, more) => {
        const bounds = ascending(raw);
        check(bounds, Float32Array.from([...edgesOf(bounds), ...more, ...special]));
      }),
      { numRuns: 150 },
    );
  });

  it('read every kind of table right', () => {
    const rng = createRng(1);
    const draw = (of: () => number): Float32Array => ascending(Array.from({ length: 254 }, of));
    const kinds = {
      'evenly spaced': [draw(() => rng.integer(1000)), 1],
      normal: [draw(() => rng.normal()), 2],
      'evenly spaced powers': [ascending(Array.from({ length: 254 }, (_, i) => 2 ** ((i - 127) / 2))), 3],
      'log-normal': [draw(() => Math.exp(9 * rng.normal())), 4],
      crowded: [ascending([-1e38, 1e38, ...Array.from({ length: 252 }, (_, i) => 1 + i * 2 ** -23)]), 0],
      none: [Float32Array.of(), 0],
      'infinities only': [Float32Array.of(-Infinity, Infinity), 0],
    } as const;
    const seen = Object.entries(kinds).map(([name, [bounds, kind]]) => {
      const values = Float32Array.from([...edgesOf(bounds), ...special]);
      return [name, check(bounds, values), kind];
    });
    expect(seen.map(([name, kind]) => [name, kind])).toEqual(seen.map(([name, , kind]) => [name, kind]));
  });
});
