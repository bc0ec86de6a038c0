import { leastMovement, week } from '../champion/forecast/history.js';
import type { ForecastChampion } from '../champion/forecast/model.js';
import { doubles, int64s, type GraphBuilder, type ValueName } from './graph.js';
import { cast, concat, gather, scalar, toDouble } from './layout.js';

/** What a row of the tables says, `[N, 1]` each, double. */
export interface KolRow {
  readonly level: ValueName;
  readonly spread: ValueName;
  readonly movement: ValueName;
}

/** A history as the members read it; `[N, 1]` where nothing else is said, double. */
export interface HistoryValues {
  /** `[N, history]` log(1 + y), NaN where missing. */
  readonly z: ValueName;
  /** `[N, history]` 1 where known, else 0. */
  readonly known: ValueName;
  readonly nKnown: ValueName;
  /** Whether there is any value, bool. */
  readonly isAny: ValueName;
  /** Sum of the values themselves. */
  readonly total: ValueName;
  readonly center: ValueName;
  /** Mean absolute deviation from `center`, or the table's. */
  readonly deviation: ValueName;
  /** `[N, history]` gaps filled with the latest value of the weekday, or `center`. */
  readonly filled: ValueName;
  readonly movement: ValueName;
}

/** @param history `[N, history]`, float */
export function historyValues(
  graph: GraphBuilder,
  model: ForecastChampion,
  history: ValueName,
  kol: KolRow,
): HistoryValues {
  const length = model.history;
  const zero = scalar(graph, 0);
  const x = toDouble(graph, history);
  // Neither NaN nor an infinity is equal to itself less itself.
  const isKnown = graph.node('Equal', [graph.node('Sub', [x, x]), zero]);
  const known = toDouble(graph, isKnown);
  const counts = graph.node('Where', [isKnown, graph.node('Max', [x, zero]), zero]);
  const logs = graph.node('Log', [graph.node('Add', [counts, scalar(graph, 1)])]);
  const z = graph.node('Where', [isKnown, logs, scalar(graph, NaN)]);
  const nKnown = sum(graph, known);
  const isAny = graph.node('Greater', [nKnown, zero]);
  const divisor = graph.node('Max', [nKnown, scalar(graph, 1)]);
  const mean = graph.node('Div', [sum(graph, logs), divisor]);
  const center = graph.node('Where', [isAny, mean, kol.level]);
  const apart = graph.node('Abs', [graph.node('Sub', [logs, center])]);
  const meanApart = graph.node('Div', [sum(graph, graph.node('Mul', [apart, known])), divisor]);
  return {
    z,
    known,
    nKnown,
    isAny,
    total: sum(graph, counts),
    center,
    deviation: graph.node('Where', [isAny, meanApart, kol.spread]),
    filled: fillByWeek(graph, z, length, center),
    movement: movementOf(graph, z, length, kol.movement),
  };
}

/** Each round looks twice as many weeks back as the one before; a column of NaN stands before the first day. */
function fillByWeek(graph: GraphBuilder, z: ValueName, length: number, otherwise: ValueName): ValueName {
  const nothing = graph.node('Mul', [gather(graph, z, [0], 1), scalar(graph, NaN)]);
  let filled = concat(graph, [z, nothing], 1);
  for (let back = week; back < length; back *= 2) {
    const before = Array.from({ length: length + 1 }, (_, i) =>
      i >= back && i < length ? i - back : length,
    );
    const earlier = gather(graph, filled, before, 1);
    filled = graph.node('Where', [graph.node('IsNaN', [filled]), earlier, filled]);
  }
  const days = gather(graph, filled, [...Array(length).keys()], 1);
  return graph.node('Where', [graph.node('IsNaN', [days]), otherwise, days]);
}

function movementOf(graph: GraphBuilder, z: ValueName, length: number, otherwise: ValueName): ValueName {
  const later = Array.from({ length: length - week }, (_, i) => i + week);
  const earlier = later.map((i) => i - week);
  const steps = graph.node('Sub', [gather(graph, z, later, 1), gather(graph, z, earlier, 1)]);
  const isMissing = graph.node('IsNaN', [steps]);
  const sizes = graph.node('Where', [isMissing, scalar(graph, 0), graph.node('Abs', [steps])]);
  const nPairs = sum(graph, toDouble(graph, graph.node('Not', [isMissing])));
  const mean = graph.node('Div', [sum(graph, sizes), graph.node('Max', [nPairs, scalar(graph, 1)])]);
  const isAny = graph.node('Greater', [nPairs, scalar(graph, 0)]);
  const moved = graph.node('Where', [isAny, mean, otherwise]);
  return graph.node('Max', [moved, scalar(graph, leastMovement)]);
}

/** Sums of rows, `[N, 1]`. */
export function sum(graph: GraphBuilder, value: ValueName): ValueName {
  return graph.node('ReduceSum', [value, graph.constant(int64s([1]))]);
}

/** Windows of days whose means are features: weights 0 or 1 by day. */
export interface MeanWindows {
  readonly names: readonly string[];
  /** `[history][nWindows]` */
  readonly table: Float64Array;
}

/**
 * Means of the known values of several windows at once, NaN where a window has none.
 * @param u `[N, history]` values, NaN where missing
 * @param known `[N, history]` 1 where known, else 0
 * @returns means and counts, `[N, nWindows]` each
 */
export function windowMeans(
  graph: GraphBuilder,
  u: ValueName,
  known: ValueName,
  { names, table }: MeanWindows,
): { means: ValueName; counts: ValueName } {
  const weights = graph.constant(doubles(table, [table.length / names.length, names.length]));
  const values = graph.node('Where', [graph.node('IsNaN', [u]), scalar(graph, 0), u]);
  const counts = graph.node('MatMul', [known, weights]);
  return { means: graph.node('Div', [graph.node('MatMul', [values, weights]), counts]), counts };
}

/** 1 where a value is 0 and known, double. */
export function zeros(graph: GraphBuilder, z: ValueName): ValueName {
  return cast(graph, graph.node('Equal', [z, scalar(graph, 0)]), 'double');
}
