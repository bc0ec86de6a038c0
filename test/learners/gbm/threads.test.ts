import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { InterruptedError } from '../../../src/core/errors.js';
import { Matrix } from '../../../src/core/matrix.js';
import { encodeRecord, sha256 } from '../../../src/core/record.js';
import { createRng } from '../../../src/core/rng.js';
import { gradientBoosting, type BoostingFitOptions } from '../../../src/learners/gbm/gradient-boosting.js';
import type { GradientBoostingParams } from '../../../src/learners/gbm/params.js';

/** Enough cells for a team, and for narrow histogram entries where the loss allows them. */
const nRows = 70_001;
const nFeatures = 15;

const { X, y, weight } = sample();

function sample(): { X: Matrix; y: Float64Array; weight: Float64Array } {
  const rng = createRng(11);
  const columns = Array.from({ length: nFeatures }, () => new Float32Array(nRows));
  const y = new Float64Array(nRows);
  const weight = new Float64Array(nRows);
  for (let i = 0; i < nRows; i++) {
    for (let j = 0; j < nFeatures; j++) columns[j][i] = rng.normal();
    columns[3][i] = rng.integer(40);
    if (rng.uniform() < 0.2) columns[4][i] = NaN;
    y[i] = Number(columns[0][i] * columns[1][i] + Math.sin(columns[3][i]) + columns[2][i] > 0);
    weight[i] = rng.integer(4) / 2;
  }
  return { X: Matrix.fromColumns(columns), y, weight };
}

async function bytesOn(
  threads: number,
  params: Partial<GradientBoostingParams>,
  options: Partial<BoostingFitOptions> = {},
): Promise<string> {
  const model = await gradientBoosting({ nEstimators: 4, ...params }).fit(X, y, {
    rng: createRng(5),
    threads,
    ...options,
  });
  return sha256(encodeRecord(model));
}

/** Worker threads as they are started. */
let started: Worker[] = [];
const remember = (worker: Worker): void => void started.push(worker);

afterEach(() => {
  process.off('worker', remember);
  started = [];
});

describe('threads of a fit', () => {
  it('change no byte: log loss in narrow entries', async () => {
    const alone = await bytesOn(1, {});
    for (const threads of [2, 3, 4, 8]) expect(await bytesOn(threads, {})).toBe(alone);
  });

  it.each<[string, Partial<GradientBoostingParams>, Partial<BoostingFitOptions>]>([
    ['weights, wide entries', {}, { sampleWeight: weight }],
    [
      'squares, rows and columns drawn',
      { objective: 'squared-error', subsample: 0.6, colsampleByTree: 0.5 },
      {},
    ],
    ['categories', { categoricalFeatures: ['x3'] }, {}],
    ['symmetric trees', { growth: 'symmetric', maxDepth: 4 }, {}],
    ['classes', { objective: 'multiclass', nClasses: 2, nEstimators: 2 }, {}],
    ['absolute errors', { objective: 'absolute-error', nEstimators: 2 }, {}],
    ['steepest gradients', { sampling: 'goss' }, {}],
  ])('change no byte: %s', async (_, params, options) => {
    const alone = await bytesOn(1, params, options);
    expect(await bytesOn(2, params, options)).toBe(alone);
    expect(await bytesOn(3, params, options)).toBe(alone);
  });

  it('change no byte where the first column has few values', async () => {
    const few = Matrix.select(X, ['x3', ...X.names.filter((name) => name !== 'x3')]);
    const bytes: string[] = [];
    for (const threads of [1, 2, 3]) {
      const model = await gradientBoosting({ nEstimators: 4 }).fit(few, y, { rng: createRng(5), threads });
      bytes.push(sha256(encodeRecord(model)));
    }
    expect(new Set(bytes).size).toBe(1);
  });

  it('change no byte while other work takes the processors', async () => {
    const alone = await bytesOn(1, {});
    const busy = [1, 2].map(() => new Worker('for (;;);', { eval: true }));
    try {
      expect(await bytesOn(2, {})).toBe(alone);
      expect(await bytesOn(4, {})).toBe(alone);
    } finally {
      await Promise.all(busy.map((worker) => worker.terminate()));
    }
  });

  it('are all gone once a fit was aborted', async () => {
    process.on('worker', remember);
    const controller = new AbortController();
    const fitting = gradientBoosting({ nEstimators: 10_000 }).fit(X, y, {
      rng: createRng(1),
      threads: 3,
      signal: controller.signal,
      onProgress: (done) => {
        if (done === 3) controller.abort();
      },
    });
    await expect(fitting).rejects.toThrow(InterruptedError);
    expect(started.length).toBe(3);
    // An ended thread has no number any more.
    expect(started.map(({ threadId }) => threadId)).toEqual([-1, -1, -1]);
  });

  it.each([
    ['that leads', 0],
    ['that helps', 1],
  ])('end the fit with an error when the one %s is killed', async (_, which) => {
    process.on('worker', remember);
    const fitting = gradientBoosting({ nEstimators: 10_000 }).fit(X, y, {
      rng: createRng(1),
      threads: 2,
      onProgress: (done) => {
        if (done === 2) void started[which].terminate();
      },
    });
    await expect(fitting).rejects.toThrow(/thread of the fit ended/);
    expect(started.map(({ threadId }) => threadId)).toEqual([-1, -1]);
  });

  it('are a whole number from 1 to 64', async () => {
    await expect(bytesOn(0, {})).rejects.toThrow('threads=0 must be');
    await expect(bytesOn(1.5, {})).rejects.toThrow('threads=1.5 must be');
    await expect(bytesOn(65, {})).rejects.toThrow('threads=65 must be');
  });
});
