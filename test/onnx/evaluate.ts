import { graphBuilder, type GraphBuilder, type ValueName } from '../../src/onnx/graph.js';
import { openSession, type SessionColumns } from '../../src/onnx/session.js';

/**
 * Runs part of a graph in ONNX Runtime.
 * @param build adds nodes that read `inputs` and returns `[nOutputs, N]`, float or double
 * @returns `[nOutputs]` arrays of `[N]`
 */
export async function evaluate(
  columns: SessionColumns,
  nOutputs: number,
  build: (graph: GraphBuilder, inputs: Record<string, ValueName>) => ValueName,
): Promise<Float32Array[]> {
  const graph = graphBuilder('part');
  const inputs = Object.fromEntries(
    Object.entries(columns).map(([name, values]) => [
      name,
      graph.input(name, values instanceof Float32Array ? 'float' : 'string'),
    ]),
  );
  const rows = graph.node('Cast', [build(graph, inputs)], { to: { i: 1 } });
  for (let k = 0; k < nOutputs; k++) {
    const index = graph.constant({ type: 'int64', dims: [], data: BigInt64Array.of(BigInt(k)) });
    graph.output(`output ${k}`, 'Gather', [rows, index], { axis: { i: 0 } });
  }
  const session = await openSession(graph.finish());
  try {
    const results = await session.run(columns);
    return Array.from({ length: nOutputs }, (_, k) => results[`output ${k}`]);
  } finally {
    await session.close();
  }
}
