import { describe, expect, it } from 'vitest';
import { DataError, ExportError } from '../../src/core/errors.js';
import { graphBuilder } from '../../src/onnx/graph.js';
import { openSession } from '../../src/onnx/session.js';
import { isEmpty, lengthOf } from '../../src/onnx/text-numbers.js';

function graphOf(): Uint8Array {
  const graph = graphBuilder('g');
  const x = graph.input('x', 'float');
  const text = graph.input('text', 'string');
  graph.output('sum', 'Add', [x, graph.node('Add', [lengthOf(graph, text), isEmpty(graph, text)])]);
  graph.output('negative', 'Neg', [x]);
  return graph.finish();
}

describe('openSession', () => {
  it('runs columns in and columns out', async () => {
    const session = await openSession(graphOf(), { threads: 2 });
    expect(session.inputs).toEqual(['x', 'text']);
    expect(session.outputs).toEqual(['sum', 'negative']);
    const results = await session.run({ x: Float32Array.of(0.5, 1), text: ['đẹp', ''], spare: [] });
    expect(results).toEqual({ sum: Float32Array.of(3.5, 2), negative: Float32Array.of(-0.5, -1) });
    await session.close();
  });

  it('answers no rows with no rows', async () => {
    const session = await openSession(graphOf());
    expect(await session.run({ x: new Float32Array(), text: [] })).toEqual({
      sum: new Float32Array(),
      negative: new Float32Array(),
    });
    await session.close();
  });

  it('names columns that are missing or of another length', async () => {
    const session = await openSession(graphOf());
    const missing = session.run({ x: Float32Array.of(1) });
    await expect(missing).rejects.toThrow(DataError);
    await expect(missing).rejects.toThrow('column text is missing; the model reads x, text');
    const ragged = session.run({ x: Float32Array.of(1), text: ['a', 'b'] });
    await expect(ragged).rejects.toThrow('column text has 2 rows, expected 1 as in x');
    await session.close();
  });

  it('refuses bytes that are no graph', async () => {
    await expect(openSession(Uint8Array.of(1, 2, 3))).rejects.toThrow(ExportError);
  });
});
