import { ConfigError } from './errors.js';
import { murmur3 } from './murmur3.js';

/** A seeded source of randomness. Equal seeds give equal streams on every machine. */
export interface Rng {
  /** Uniform on [0, 1), 53 bits. */
  uniform(): number;
  /** Fills `out` with what as many calls of `uniform` would return, sooner. */
  uniforms(out: Float64Array): void;
  /** Uniform integer on [0, bound), bound in [1, 2^32]. */
  integer(bound: number): number;
  /** Standard normal (Marsaglia polar method). */
  normal(): number;
  /** An independent stream named by `label`; does not advance this one. */
  split(label: string): Rng;
}

/**
 * xoshiro128** (Blackman & Vigna 2021, "Scrambled linear pseudorandom number generators", fig. 1),
 * its state filled from the seed and the path of split labels by MurmurHash3.
 *
 * @param seed any safe integer
 * @throws {ConfigError} for a seed that is not an integer
 * @example
 * createRng(7).split('bagging').integer(10) === createRng(7).split('bagging').integer(10) // true
 */
export function createRng(seed: number): Rng {
  if (!Number.isSafeInteger(seed)) throw new ConfigError(`seed=${seed} must be an integer`);
  return fromPath(`${seed}`);
}

function fromPath(path: string): Rng {
  let a = murmur3(path, 1);
  let b = murmur3(path, 2);
  let c = murmur3(path, 3);
  let d = murmur3(path, 4) | 1;
  let spare = NaN;

  function next(): number {
    const product = Math.imul(b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  }

  function uniform(): number {
    const high = next() >>> 5;
    const low = next() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  function uniforms(out: Float64Array): void {
    // The state in local variables, so that it stays in registers.
    let [p, q, r, s] = [a | 0, b | 0, c | 0, d | 0];
    for (let i = 0; i < out.length; i++) {
      let draw = 0;
      for (let half = 0; half < 2; half++) {
        const product = Math.imul(q, 5);
        const result = Math.imul((product << 7) | (product >>> 25), 9);
        const t = q << 9;
        r ^= p;
        s ^= q;
        q ^= r;
        p ^= s;
        r ^= t;
        s = (s << 11) | (s >>> 21);
        draw = half === 0 ? (result >>> 5) * 67108864 : draw + (result >>> 6);
      }
      out[i] = draw / 9007199254740992;
    }
    [a, b, c, d] = [p, q, r, s];
  }

  function integer(bound: number): number {
    // Rejection keeps the draw exactly uniform.
    const limit = 4294967296 - (4294967296 % bound);
    let draw = next();
    while (draw >= limit) draw = next();
    return draw % bound;
  }

  function normal(): number {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = NaN;
      return value;
    }
    let u: number, v: number, square: number;
    do {
      u = 2 * uniform() - 1;
      v = 2 * uniform() - 1;
      square = u * u + v * v;
    } while (square >= 1 || square === 0);
    const scale = Math.sqrt((-2 * Math.log(square)) / square);
    spare = v * scale;
    return u * scale;
  }

  return { uniform, uniforms, integer, normal, split: (label) => fromPath(`${path}/${escape(label)}`) };
}

/** Keeps `split('a/b')` and `split('a').split('b')` apart. */
function escape(label: string): string {
  return label.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Fisher–Yates: `values` in place, uniformly over all orders. */
export function shuffle(values: Uint32Array | number[], rng: Rng): void {
  for (let i = values.length - 1; i > 0; i--) {
    const j = rng.integer(i + 1);
    const held = values[i];
    values[i] = values[j]!;
    values[j] = held;
  }
}

/**
 * `count` distinct row indices out of `[0, population)`, ascending.
 * @throws {ConfigError} when `count` is not an integer from 0 to `population`
 */
export function sampleIndices(population: number, count: number, rng: Rng): Uint32Array {
  if (!(Number.isInteger(count) && count >= 0 && count <= population)) {
    throw new ConfigError(`count=${count} must be an integer from 0 to ${population}`);
  }
  // Selection sampling (Knuth, TAOCP 2, algorithm S): ordered, one pass, no extra memory.
  const chosen = new Uint32Array(count);
  const draws = new Float64Array(Math.min(count, 1024));
  let taken = 0;
  for (let i = 0; taken < count;) {
    // As many rows as are missing must be looked at in any case, so no draw is made for nothing.
    const certain = draws.subarray(0, count - taken);
    rng.uniforms(certain);
    for (let k = 0; k < certain.length; k++, i++) {
      chosen[taken] = i;
      // No branch: the next row need not wait for a guess at this one.
      taken += Number((population - i) * certain[k] < count - taken);
    }
  }
  return chosen;
}
