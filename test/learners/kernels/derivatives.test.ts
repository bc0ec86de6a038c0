import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/core/rng.js';
import { objectiveOf, type ObjectiveParams } from '../../../src/learners/gbm/objectives/objective-of.js';
import { gradientBoostingParams } from '../../../src/learners/gbm/params.js';
import { kernelBytes } from '../../../src/learners/kernels/bytes.js';

interface Kernels {
  derivatives(
    objective: number,
    begin: number,
    end: number,
    y: number,
    weight: number,
    margin: number,
    base: number,
    gradient: number,
    hessian: number,
    parameter: number,
  ): void;
  softmaxDerivatives(
    nClasses: number,
    begin: number,
    end: number,
    nRows: number,
    y: number,
    weight: number,
    margin: number,
    base: number,
    gradient: number,
    hessian: number,
  ): void;
  expOfRows(count: number, source: number, target: number): void;
}

/** What of WebAssembly is used here; the compiler's library for Node does not describe it. */
interface Wasm {
  readonly Memory: new (size: { initial: number; maximum: number; shared: boolean }) => {
    readonly buffer: SharedArrayBuffer;
  };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
}
const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: Wasm };

const memory = new wasm.Memory({ initial: 64, maximum: 65536, shared: true });
const kernels = new wasm.Instance(new wasm.Module(Buffer.from(kernelBytes, 'base64')), {
  env: { memory },
}).exports as Kernels;

/** Arrays one after the other in the kernels' memory, not at multiples of 16. */
function layout(): { floats(values: ArrayLike<number>): Float32Array; doubles(n: number): Float64Array } {
  let next = 1024 + 8;
  return {
    floats(values) {
      const array = new Float32Array(memory.buffer, next, values.length);
      array.set(Array.from(values));
      next += 4 * values.length + 4;
      return array;
    },
    doubles(n) {
      next = Math.ceil(next / 8) * 8;
      const array = new Float64Array(memory.buffer, next, n);
      next += 8 * n;
      return array;
    },
  };
}

const bits = new DataView(new ArrayBuffer(4));
function bitsOf(x: number): number {
  bits.setFloat32(0, x);
  return bits.getUint32(0);
}

const smallestNormal = 2 ** -126;
const largestFloat32 = 3.4028234663852886e38;

/** Distance in units of the last place of float32 at `expected`. */
function ulps(actual: number, expected: number): number {
  if (Object.is(actual, expected) || (!Number.isFinite(actual) && actual === Math.fround(expected))) return 0;
  const exponent = Math.floor(Math.log2(Math.max(Math.abs(expected), smallestNormal)));
  return Math.abs(actual - expected) / 2 ** (exponent - 23);
}

function exp(x: readonly number[]): Float32Array {
  const memoryOf = layout();
  const source = memoryOf.floats(x);
  const target = memoryOf.floats(new Float32Array(x.length).fill(7));
  kernels.expOfRows(x.length, source.byteOffset, target.byteOffset);
  return target.slice();
}

describe('exp in float32', () => {
  it('is within 2 ulp wherever the result is a number of float32', () => {
    const rng = createRng(1);
    const x = Array.from({ length: 100_000 }, () => Math.fround(-105 + 195 * rng.uniform()));
    // Near 0, where e^x - 1 is small, and around multiples of ln 2, where the reduction turns over.
    for (let i = 0; i < 20_000; i++) x.push(Math.fround((rng.uniform() - 0.5) * 10 ** -Math.floor(i / 2000)));
    for (let n = -149; n <= 128; n++) x.push(Math.fround((n + 0.5) * Math.LN2), Math.fround(n * Math.LN2));
    let worst = 0;
    exp(x).forEach((actual, i) => {
      worst = Math.max(worst, ulps(actual, Math.exp(x[i])));
    });
    expect(worst).toBeLessThanOrEqual(2);
  });

  it('takes the ends: overflow, underflow, zeros, infinities, NaN', () => {
    const ends = exp([0, -0, 88.722, 88.73, 89, 1e30, Infinity, -103.9, -104.1, -1e30, -Infinity, NaN]);
    expect([...ends.slice(0, 2)]).toEqual([1, 1]);
    expect(ends[2]).toBeGreaterThan(3.3e38);
    expect(ends[2]).toBeLessThanOrEqual(largestFloat32);
    expect([...ends.slice(3, 7)]).toEqual([Infinity, Infinity, Infinity, Infinity]);
    expect(ends[7]).toBe(2 ** -149);
    expect([...ends.slice(8)]).toEqual([0, 0, 0, NaN]);
  });
});

const adversarial = [
  0, -0, 1e-6, -1e-6, 1e-30, -1e-30, 0.5, -0.5, 1, -1, 3.3, -7.7, 20, -20, 60, -60, 100, -100, 1e30, -1e30,
];

interface Case {
  readonly params: Partial<ObjectiveParams>;
  readonly targets: readonly number[];
  readonly base: number;
}

const cases: readonly Case[] = [
  { params: { objective: 'binary' }, targets: [0, 1], base: 0 },
  { params: { objective: 'binary' }, targets: [0, 1], base: -2.3456789 },
  { params: { objective: 'squared-error' }, targets: [0, -1, 1e-6, 2.5, 1e6], base: 1.25 },
  { params: { objective: 'absolute-error' }, targets: [0, -1, 1e-6, 2.5, 1e6], base: -0.75 },
  { params: { objective: 'huber', huberDelta: 1.5 }, targets: [0, -1, 2.5, 100], base: 0.5 },
  { params: { objective: 'quantile', quantile: 0.9 }, targets: [0, -1, 2.5, 100], base: 0.5 },
  { params: { objective: 'poisson' }, targets: [0, 1, 2, 1000], base: 0.7 },
  { params: { objective: 'tweedie', tweedieVariancePower: 1.3 }, targets: [0, 0.01, 3, 1e4], base: -1.1 },
];

describe('derivatives', () => {
  it.each(cases)('have float32 precision: $params from $base', ({ params, targets, base }) => {
    const objective = objectiveOf(gradientBoostingParams(params));
    const { code, parameter, relativeTargets } = objective.kernel!;
    const rows = targets.flatMap((y) => adversarial.map((margin) => ({ y, margin: Math.fround(margin) })));
    const n = rows.length;
    for (const isWeighted of [false, true]) {
      const weights = rows.map((_, i) => (isWeighted ? [0.25, 1, 3, 0.7][i % 4] : 1));
      const memoryOf = layout();
      const y = memoryOf.floats(rows.map((row) => (relativeTargets ? row.y - base : row.y)));
      const weight = memoryOf.floats(weights);
      const margin = memoryOf.floats(rows.map((row) => row.margin));
      const gradient = memoryOf.floats(new Float32Array(n));
      const hessian = memoryOf.floats(new Float32Array(n));
      const weightAt = isWeighted ? weight.byteOffset : 0;
      const at = [y.byteOffset, weightAt, margin.byteOffset, base, gradient.byteOffset] as const;
      kernels.derivatives(code, 0, n, ...at, hessian.byteOffset, parameter);

      const [g, h] = [new Float64Array(n), new Float64Array(n)];
      const full = Float64Array.from(margin, (m) => base + m);
      // What the kernel was handed, so that only its own rounding counts.
      const seen = relativeTargets ? Float64Array.from(y, (t) => t + base) : Float64Array.from(y);
      objective.derivatives(seen, weight, [full], [g], [h]);
      rows.forEach((row, i) => {
        const z = Math.abs(full[i]);
        // Rounding a margin z to float32 moves an exponential by z 2^-24 of itself; each operation adds 2^-24.
        const relative = (z + 16) * 2 ** -23;
        // Residuals are differences of what float32 holds; exponentials of terms that may cancel.
        const size =
          params.objective === 'poisson' || params.objective === 'tweedie'
            ? Math.abs(h[i]) + weights[i] * row.y
            : relativeTargets
              ? Math.abs(g[i]) + weights[i] * 1e-6
              : Math.abs(g[i]);
        const where = `y=${row.y} margin=${row.margin}`;
        expectNear(gradient[i], g[i], relative * size, where);
        expectNear(hessian[i], h[i], relative * Math.abs(h[i]), where);
      });
    }
  });

  it('do not depend on where blocks begin and end, and touch no other row', () => {
    const rng = createRng(2);
    const n = 61;
    for (const { params, targets, base } of cases) {
      const { code, parameter } = objectiveOf(gradientBoostingParams(params)).kernel!;
      const memoryOf = layout();
      const y = memoryOf.floats(Array.from({ length: n }, (_, i) => targets[i % targets.length]));
      const weight = memoryOf.floats(Array.from({ length: n }, () => rng.uniform()));
      const margin = memoryOf.floats(Array.from({ length: n }, () => 4 * rng.normal()));
      const run = (blocks: readonly (readonly [number, number])[]): number[] => {
        const outputs = [0, 0].map(() => memoryOf.floats(new Float32Array(n).fill(77)));
        const [gradient, hessian] = outputs.map((output) => output.byteOffset);
        const at = [y.byteOffset, weight.byteOffset, margin.byteOffset, base, gradient, hessian] as const;
        for (const [begin, end] of blocks) kernels.derivatives(code, begin, end, ...at, parameter);
        return outputs.flatMap((output) => Array.from(output, bitsOf));
      };
      const whole = run([[0, n]]);
      // prettier-ignore
      expect(run([[0, 3], [3, 10], [10, 11], [11, 40], [40, 61]])).toEqual(whole);
      const part = run([[5, 18]]);
      part.forEach((value, k) => {
        const isInside = k % n >= 5 && k % n < 18;
        expect(value).toBe(isInside ? whole[k] : bitsOf(77));
      });
    }
  });
});

describe('softmax derivatives', () => {
  const rng = createRng(3);

  it.each([2, 3, 7])('have float32 precision for %i classes', (nClasses) => {
    const objective = objectiveOf(gradientBoostingParams({ objective: 'multiclass', nClasses }));
    const n = 150;
    const memoryOf = layout();
    const labels = Float64Array.from({ length: n }, () => rng.integer(nClasses));
    const y = memoryOf.floats(labels);
    const weights = memoryOf.floats(Array.from({ length: n }, (_, i) => [0.25, 1, 3][i % 3]));
    const margin = memoryOf.floats(
      Array.from({ length: nClasses * n }, () =>
        rng.uniform() < 0.5 ? 3 * rng.normal() : adversarial[rng.integer(adversarial.length)],
      ),
    );
    // Equal margins everywhere in the last row: several largest ones.
    for (let k = 0; k < nClasses; k++) margin[k * n + n - 1] = 1;
    const base = memoryOf.doubles(nClasses);
    base.forEach((_, k) => (base[k] = k < 2 ? 0 : -1.2345678 * k));
    for (const isWeighted of [false, true]) {
      const [gradient, hessian] = [0, 0].map(() => memoryOf.floats(new Float32Array(nClasses * n).fill(77)));
      const run = (begin: number, end: number): void =>
        kernels.softmaxDerivatives(
          nClasses,
          begin,
          end,
          n,
          y.byteOffset,
          isWeighted ? weights.byteOffset : 0,
          margin.byteOffset,
          base.byteOffset,
          gradient.byteOffset,
          hessian.byteOffset,
        );
      run(0, n);
      const full = Array.from(base, (b, k) =>
        Float64Array.from(margin.subarray(k * n, k * n + n), (m) => b + m),
      );
      const [g, h] = [0, 0].map(() => full.map(() => new Float64Array(n)));
      const weight = isWeighted ? weights : new Float64Array(n).fill(1);
      objective.derivatives(labels, weight, full, g, h);
      for (let k = 0; k < nClasses; k++) {
        for (let i = 0; i < n; i++) {
          const spread = Math.max(...full.map((m) => Math.abs(m[i])));
          // Margins that cancel beside 1e30 are lost in float32 and double alike, and so are their differences.
          const relative = (Math.min(spread, 1e3) + 16) * 2 ** -22;
          const where = `class ${k} row ${i}: ${full.map((m) => m[i]).join(' ')}`;
          expectNear(gradient[k * n + i], g[k][i], relative * Math.abs(g[k][i]), where);
          expectNear(hessian[k * n + i], h[k][i], relative * Math.abs(h[k][i]), where);
        }
      }
      const whole = [gradient, hessian].map((output) => Array.from(output, bitsOf));
      gradient.fill(77);
      hessian.fill(77);
      run(0, 5);
      run(5, 6);
      run(6, 131);
      run(131, n);
      expect([gradient, hessian].map((output) => Array.from(output, bitsOf))).toEqual(whole);
    }
  });
});

/** Subnormal results have no relative precision; what float32 cannot hold is Infinity. */
function expectNear(actual: number, expected: number, tolerance: number, where: string): void {
  if (Math.abs(expected) > 0.9999 * largestFloat32) {
    expect(Math.abs(actual), where).toBeGreaterThan(0.999 * largestFloat32);
    expect(Math.sign(actual), where).toBe(Math.sign(expected));
    return;
  }
  const difference = Math.abs(actual - expected);
  if (!(difference <= tolerance + smallestNormal)) {
    expect.fail(`${where}: ${actual} instead of ${expected}, off by ${difference}, allowed ${tolerance}`);
  }
}
