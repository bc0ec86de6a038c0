import type { ClassCalibratorModel } from '../ensemble/calibration/class-model.js';
import type { CalibratorModel } from '../ensemble/calibration/model.js';
import { doubles, int64s, type GraphBuilder, type ValueName } from './graph.js';
import { cast, scalar } from './layout.js';

// The same bounds as in the calibrator's definition: they keep the logarithms finite.
const edge = 1e-7;

/**
 * 1 / (1 + e^-z) in double, written out: the Sigmoid operator flushes to 0 near -40.
 * @param z any shape
 */
export function sigmoid(graph: GraphBuilder, z: ValueName): ValueName {
  return sigmoidOfNegative(graph, graph.node('Neg', [z]));
}

function sigmoidOfNegative(graph: GraphBuilder, negative: ValueName): ValueName {
  return graph.node('Reciprocal', [graph.node('Add', [scalar(graph, 1), graph.node('Exp', [negative])])]);
}

/**
 * Calibrated probabilities of the positive class.
 * @param margin log-odds `[N, 1]`, double
 * @returns `[N, 1]`, double
 */
export function calibrator(graph: GraphBuilder, model: CalibratorModel, margin: ValueName): ValueName {
  switch (model.kind) {
    case 'identity':
      return sigmoid(graph, margin);
    case 'platt':
      return sigmoid(graph, affine(graph, margin, model.slope, model.intercept));
    case 'beta': {
      const p = graph.node('Clip', [sigmoid(graph, margin), scalar(graph, edge), scalar(graph, 1 - edge)]);
      const logP = graph.node('Log', [p]);
      const logQ = graph.node('Log', [graph.node('Sub', [scalar(graph, 1), p])]);
      const positive = graph.node('Mul', [scalar(graph, model.a), logP]);
      const negative = graph.node('Mul', [scalar(graph, model.b), logQ]);
      const odds = graph.node('Sub', [positive, negative]);
      return sigmoid(graph, graph.node('Add', [odds, scalar(graph, model.c)]));
    }
    case 'isotonic':
      return interpolate(graph, model.x, model.y, sigmoid(graph, margin));
  }
}

function affine(graph: GraphBuilder, z: ValueName, slope: number, intercept: number): ValueName {
  return graph.node('Add', [graph.node('Mul', [scalar(graph, slope), z]), scalar(graph, intercept)]);
}

/** Linear between knots, level beyond them: the segment is found by counting the inner knots not above p. */
function interpolate(graph: GraphBuilder, x: Float64Array, y: Float64Array, p: ValueName): ValueName {
  const last = x.length - 1;
  if (last === 0) return graph.node('Clip', [p, scalar(graph, y[0]), scalar(graph, y[0])]);
  const held = graph.node('Clip', [p, scalar(graph, x[0]), scalar(graph, x[last])]);
  const segment = last === 1 ? undefined : segmentOf(graph, x.subarray(1, last), held);
  const at = (values: Float64Array): ValueName =>
    segment === undefined
      ? scalar(graph, values[0])
      : graph.node('Gather', [graph.constant(doubles(values)), segment], { axis: { i: 0 } });
  const step = (values: Float64Array): Float64Array =>
    Float64Array.from({ length: last }, (_, i) => values[i + 1] - values[i]);

  const rise = graph.node('Mul', [at(step(y)), graph.node('Sub', [held, at(x.subarray(0, last))])]);
  return graph.node('Add', [at(y.subarray(0, last)), graph.node('Div', [rise, at(step(x))])]);
}

function segmentOf(graph: GraphBuilder, knots: Float64Array, p: ValueName): ValueName {
  const reached = graph.node('GreaterOrEqual', [p, graph.constant(doubles(knots))]);
  return graph.node('ReduceSum', [cast(graph, reached, 'int64'), graph.constant(int64s([1]))]);
}

/**
 * Calibrated probabilities of classes.
 * @param margins `[N, nClasses]`, double
 * @returns `[N, nClasses]`, double, every row summing to 1
 */
export function classCalibrator(
  graph: GraphBuilder,
  model: ClassCalibratorModel,
  margins: ValueName,
): ValueName {
  return graph.node('Softmax', [scaledMargins(graph, model, margins)], { axis: { i: 1 } });
}

function scaledMargins(graph: GraphBuilder, model: ClassCalibratorModel, margins: ValueName): ValueName {
  switch (model.kind) {
    case 'identity':
      return margins;
    case 'temperature':
      return graph.node('Mul', [margins, scalar(graph, model.scale)]);
    case 'vector': {
      const scaled = graph.node('Mul', [margins, graph.constant(doubles(model.scale))]);
      return graph.node('Add', [scaled, graph.constant(doubles(model.offset))]);
    }
  }
}
