import { doubles, int64s, type GraphBuilder, type ValueName } from './graph.js';
import { elementTypes, type ElementType } from './proto.js';

/**
 * The moves of data that every exporter needs. Columns are stacked feature by feature, `[k, N]`: joining `[N]`
 * columns is then a single Concat, and picking some of them a single Gather of whole rows.
 */

/** k columns `[N]` as one matrix `[k, N]`. */
export function stackRows(graph: GraphBuilder, columns: readonly ValueName[]): ValueName {
  return graph.node('Reshape', [concat(graph, columns, 0), graph.constant(int64s([columns.length, -1]))]);
}

/** The parts side by side along `axis`; a single part as it is. */
export function concat(graph: GraphBuilder, parts: readonly ValueName[], axis: number): ValueName {
  return parts.length === 1 ? parts[0] : graph.node('Concat', parts, { axis: { i: axis } });
}

/** `[a, b]` as `[b, a]`. */
export function transpose(graph: GraphBuilder, value: ValueName): ValueName {
  return graph.node('Transpose', [value], { perm: { ints: [1, 0] } });
}

/** The slices at `indices` along `axis`, which stays. */
export function gather(
  graph: GraphBuilder,
  value: ValueName,
  indices: readonly number[],
  axis: number,
): ValueName {
  return graph.node('Gather', [value, graph.constant(int64s(indices))], { axis: { i: axis } });
}

/** The slice at `index` along `axis`, which vanishes. */
export function pick(graph: GraphBuilder, value: ValueName, index: number, axis: number): ValueName {
  return graph.node('Gather', [value, graph.constant(int64s([index], []))], { axis: { i: axis } });
}

/** The value in another element type. */
export function cast(graph: GraphBuilder, value: ValueName, type: ElementType): ValueName {
  return graph.node('Cast', [value], { to: { i: elementTypes[type] } });
}

/** The value in double precision. */
export function toDouble(graph: GraphBuilder, value: ValueName): ValueName {
  return cast(graph, value, 'double');
}

/** A double scalar. */
export function scalar(graph: GraphBuilder, value: number): ValueName {
  return graph.constant(doubles([value], []));
}
