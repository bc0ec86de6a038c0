import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { calibrate } from '../../src/ensemble/calibration/apply.js';
import type { CalibratorModel } from '../../src/ensemble/calibration/model.js';
import { calibrator } from '../../src/onnx/calibrator.js';
import { int64s } from '../../src/onnx/graph.js';
import { toDouble } from '../../src/onnx/layout.js';
import { evaluate } from './evaluate.js';

const rng = createRng(8);
const steps = Array.from({ length: 300 }, () => rng.uniform()).sort((a, b) => a - b);

const calibrators: Record<string, CalibratorModel> = {
  identity: { kind: 'identity', format: 1 },
  platt: { kind: 'platt', format: 1, slope: 0.7, intercept: -1.3 },
  beta: { kind: 'beta', format: 1, a: 1.4, b: 0.6, c: 0.2 },
  'isotonic with one knot': { kind: 'isotonic', format: 1, x: Float64Array.of(0.4), y: Float64Array.of(0.3) },
  'isotonic with two knots': {
    kind: 'isotonic',
    format: 1,
    x: Float64Array.of(0.25, 0.75),
    y: Float64Array.of(0.1, 0.6),
  },
  'isotonic with many knots': {
    kind: 'isotonic',
    format: 1,
    x: Float64Array.from(steps, Math.fround),
    y: Float64Array.from(steps, (x) => x * x),
  },
};

describe('calibrator as a graph', () => {
  it.each(Object.entries(calibrators))('agrees with calibrate: %s', async (_, model) => {
    const margins = [-1000, -60, -16.2, -1.0986123, 0, 1.0986123, 16.2, 40, 1000, Infinity, -Infinity];
    for (const knot of 'x' in model ? model.x : []) margins.push(Math.log(knot / (1 - knot)));
    for (let i = 0; i < 400; i++) margins.push(rng.normal() * 4);
    const z = Float32Array.from(margins);
    for (const column of [z, z.slice(3, 4)]) {
      const [actual] = await evaluate({ z: column }, 1, (graph, inputs) => {
        const margin = graph.node('Reshape', [toDouble(graph, inputs.z), graph.constant(int64s([-1, 1]))]);
        return graph.node('Transpose', [calibrator(graph, model, margin)]);
      });
      calibrate(model, column).forEach((expected, i) => {
        expect(Math.abs(actual[i] - expected), `margin ${column[i]}`).toBeLessThanOrEqual(
          6.1e-8 * expected + 1.4e-45,
        );
      });
    }
  });
});
