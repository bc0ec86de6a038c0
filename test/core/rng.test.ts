import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/core/errors.js';
import { murmur3 } from '../../src/core/murmur3.js';
import { createRng, sampleIndices, shuffle, type Rng } from '../../src/core/rng.js';

/** xoshiro128** as its authors print it, in BigInt arithmetic modulo 2^32: nothing shared with the code under test. */
function* xoshiro(state: bigint[]): Generator<bigint, never> {
  const mask = 0xffffffffn;
  const s = [...state];
  const rotl = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & mask;
  for (;;) {
    yield (rotl((s[1] * 5n) & mask, 7n) * 9n) & mask;
    const t = (s[1] << 9n) & mask;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 11n);
  }
}

function stateOf(path: string): bigint[] {
  return [1, 2, 3, 4].map((seed) =>
    BigInt(seed === 4 ? (murmur3(path, seed) | 1) >>> 0 : murmur3(path, seed)),
  );
}

const draws = (rng: Rng, count: number): number[] => Array.from({ length: count }, () => rng.uniform());

/** Pearson's statistic of observed counts against equal expected ones. */
function chiSquare(counts: readonly number[]): number {
  const expected = counts.reduce((a, b) => a + b) / counts.length;
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
}

describe('createRng', () => {
  it('reproduces the published first outputs of xoshiro128** from the state 1, 2, 3, 4', () => {
    // As in the test vectors of the rand_xoshiro crate, made with the reference implementation.
    const oracle = xoshiro([1n, 2n, 3n, 4n]);
    const first = Array.from({ length: 10 }, () => Number(oracle.next().value));
    expect(first).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
    ]);
  });

  it('draws many uniforms at once as it draws them one by one', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 50 }), (seed, count) => {
        const [one, many] = [createRng(seed), createRng(seed)];
        one.uniform();
        many.uniform();
        const out = new Float64Array(count);
        many.uniforms(out);
        expect([...out]).toEqual(draws(one, count));
        // Both go on from the same state.
        expect(draws(many, 5)).toEqual(draws(one, 5));
      }),
    );
  });

  it('follows xoshiro128** from the state that its path hashes to', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (seed) => {
        const rng = createRng(seed);
        const oracle = xoshiro(stateOf(`${seed}`));
        for (let i = 0; i < 20; i++) {
          const high = oracle.next().value >> 5n;
          const low = oracle.next().value >> 6n;
          expect(rng.uniform()).toBe(Number((high << 26n) | low) / 2 ** 53);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('gives the same stream for the same seed, another for another', () => {
    expect(draws(createRng(7), 5)).toEqual(draws(createRng(7), 5));
    expect(draws(createRng(7), 5)).not.toEqual(draws(createRng(8), 5));
    expect(createRng(-0).uniform()).toBe(createRng(0).uniform());
  });

  it('refuses a seed that is not an integer', () => {
    for (const seed of [NaN, Infinity, 0.5, 2 ** 53]) expect(() => createRng(seed)).toThrow(ConfigError);
  });

  it('draws uniformly: mean, variance, extremes, and 64 equal cells', () => {
    const n = 200_000;
    const values = draws(createRng(11), n);
    const mean = values.reduce((a, b) => a + b) / n;
    const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / n;
    expect(Math.abs(mean - 0.5)).toBeLessThan(5 / Math.sqrt(12 * n));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 / Math.sqrt(180 * n));
    expect(values.every((v) => v >= 0 && v < 1)).toBe(true);
    const cells = new Array<number>(64).fill(0);
    for (const v of values) cells[Math.floor(v * 64)]++;
    // 99.99 % quantile of chi-square with 63 degrees of freedom: 113.5.
    expect(chiSquare(cells)).toBeLessThan(113.5);
  });

  it('draws integers uniformly, for bounds that do not divide 2^32 too', () => {
    for (const bound of [1, 2, 7, 10, 49]) {
      const rng = createRng(bound);
      const counts = new Array<number>(bound).fill(0);
      for (let i = 0; i < 2_000 * bound; i++) counts[rng.integer(bound)]++;
      // Mean bound - 1, variance 2 (bound - 1): five standard deviations.
      if (bound > 1) expect(chiSquare(counts)).toBeLessThan(bound - 1 + 5 * Math.sqrt(2 * (bound - 1)));
    }
    // Without rejection, the lower third of a bound of 3 * 2^30 would come twice as often.
    const rng = createRng(1);
    let low = 0;
    for (let i = 0; i < 30_000; i++) if (rng.integer(3 * 2 ** 30) < 2 ** 30) low++;
    expect(Math.abs(low - 10_000)).toBeLessThan(5 * Math.sqrt(30_000 * (2 / 9)));
    expect(createRng(3).integer(2 ** 32)).toBeLessThan(2 ** 32);
  });

  it('draws standard normals: four moments and the tails', () => {
    const n = 200_000;
    const rng = createRng(5);
    const values = Array.from({ length: n }, () => rng.normal());
    const moment = (k: number): number => values.reduce((sum, v) => sum + v ** k, 0) / n;
    // Standard errors of the raw moments of N(0, 1): 1, 2, 15, 96 over n.
    expect(Math.abs(moment(1))).toBeLessThan(5 * Math.sqrt(1 / n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moment(3))).toBeLessThan(5 * Math.sqrt(15 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
    const beyond = values.filter((v) => Math.abs(v) > 1.959963984540054).length;
    expect(Math.abs(beyond - 0.05 * n)).toBeLessThan(5 * Math.sqrt(0.05 * 0.95 * n));
    // Consecutive values come in pairs from one draw; they must not be related.
    const product = values.slice(1).reduce((sum, v, i) => sum + v * values[i], 0) / n;
    expect(Math.abs(product)).toBeLessThan(5 / Math.sqrt(n));
  });
});

describe('split', () => {
  it('does not advance its parent and depends on nothing but the path', () => {
    const parent = createRng(3);
    const undisturbed = draws(createRng(3), 4);
    const before = parent.split('a').uniform();
    expect(draws(parent, 4)).toEqual(undisturbed);
    expect(parent.split('a').uniform()).toBe(before);
  });

  it('keeps a slash in a label apart from a split of a split', () => {
    const rng = createRng(1);
    const paths = [
      rng.split('a').split('b'),
      rng.split('a/b'),
      rng.split('a~1b'),
      rng.split('a~b'),
      rng.split('a~0b'),
      rng.split('a').split('/b'),
      rng.split('a/').split('b'),
      rng.split('').split('a').split('b'),
    ];
    expect(new Set(paths.map((path) => path.uniform())).size).toBe(paths.length);
  });

  it('gives streams that are neither equal nor correlated', () => {
    const parent = createRng(42);
    const n = 5_000;
    const firsts = new Set(Array.from({ length: 20_000 }, (_, i) => parent.split(`tree-${i}`).uniform()));
    expect(firsts.size).toBe(20_000);
    const streams = [parent, ...[0, 1, 2, 3].map((i) => parent.split(`${i}`))].map((rng) => draws(rng, n));
    for (let a = 0; a < streams.length; a++) {
      for (let b = 0; b < a; b++) {
        const covariance = streams[a].reduce((sum, v, i) => sum + (v - 0.5) * (streams[b][i] - 0.5), 0) / n;
        // Standard error of the covariance of independent uniforms: 1 / (12 sqrt(n)).
        expect(Math.abs(covariance)).toBeLessThan(5 / (12 * Math.sqrt(n)));
      }
    }
  });
});

describe('shuffle', () => {
  it('gives every order of four equally often', () => {
    const rng = createRng(9);
    const counts = new Map<string, number>();
    for (let i = 0; i < 24_000; i++) {
      const values = [0, 1, 2, 3];
      shuffle(values, rng);
      counts.set(values.join(''), (counts.get(values.join('')) ?? 0) + 1);
    }
    expect(counts.size).toBe(24);
    // 99.99 % quantile of chi-square with 23 degrees of freedom: 55.3.
    expect(chiSquare([...counts.values()])).toBeLessThan(55.3);
  });
});

describe('sampleIndices', () => {
  it('gives distinct, ascending rows', () => {
    fc.assert(
      fc.property(
        fc.nat(200),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.nat(),
        (population, share, seed) => {
          const count = Math.floor(share * population);
          const rows = [...sampleIndices(population, count, createRng(seed))];
          expect(rows).toHaveLength(count);
          rows.forEach((row, i) => {
            expect(row).toBeLessThan(population);
            if (i > 0) expect(row).toBeGreaterThan(rows[i - 1]);
          });
        },
      ),
    );
  });

  it('gives every subset equally often', () => {
    const rng = createRng(13);
    const counts = new Map<string, number>();
    for (let i = 0; i < 20_000; i++) {
      const key = sampleIndices(6, 3, rng).join('');
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    expect(counts.size).toBe(20);
    // 99.99 % quantile of chi-square with 19 degrees of freedom: 49.2.
    expect(chiSquare([...counts.values()])).toBeLessThan(49.2);
  });

  it('takes all rows when asked for all, and refuses more', () => {
    expect([...sampleIndices(5, 5, createRng(1))]).toEqual([0, 1, 2, 3, 4]);
    for (const count of [6, -1, 1.5, NaN]) {
      expect(() => sampleIndices(5, count, createRng(1))).toThrow(
        `count=${count} must be an integer from 0 to 5`,
      );
    }
  });
});
