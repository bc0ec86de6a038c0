import { describe, expect, it } from 'vitest';
import { ExportError } from '../../src/core/errors.js';
import { doubles, floats, graphBuilder, int64s } from '../../src/onnx/graph.js';
import { readModelInfo } from '../../src/onnx/proto.js';
import { openSession } from '../../src/onnx/session.js';

describe('graphBuilder', () => {
  it('keeps equal constants and equal nodes once', () => {
    const graph = graphBuilder('g');
    const x = graph.input('x', 'float');
    expect(graph.constant(doubles([1, 2]))).toBe(graph.constant(doubles([1, 2])));
    expect(graph.constant(doubles([1, 2]))).not.toBe(graph.constant(doubles([1, 2], [2, 1])));
    expect(graph.constant(doubles([0], []))).not.toBe(graph.constant(doubles([-0], [])));
    expect(graph.constant(floats([0], []))).not.toBe(graph.constant(doubles([0], [])));
    const one = graph.constant(floats([1], []));
    expect(graph.node('Add', [x, one])).toBe(graph.node('Add', [x, one]));
    expect(graph.node('Sub', [x, one])).not.toBe(graph.node('Sub', [one, x]));
    const cast = (to: number): string => graph.node('Cast', [x], { to: { i: to } });
    expect(cast(11)).not.toBe(cast(7));
  });

  it('gives inner values names that no column has', async () => {
    const graph = graphBuilder('g');
    const inputs = ['constant_0', 'add_1', 'add_2', 'tên cột "lạ" / #1'].map((name) =>
      graph.input(name, 'float'),
    );
    const sum = inputs.reduce((a, b) => graph.node('Add', [a, b]));
    graph.output('sum', 'Add', [sum, graph.constant(floats([0.5], []))]);
    const session = await openSession(graph.finish());
    const row = Object.fromEntries(inputs.map((name, i) => [name, Float32Array.of(10 ** i)]));
    expect(await session.run(row)).toEqual({ sum: Float32Array.of(1111.5) });
    await session.close();
  });

  it('refuses names that are empty or taken', () => {
    const graph = graphBuilder('g');
    graph.input('x', 'float');
    expect(() => graph.input('', 'float')).toThrow(ExportError);
    expect(() => graph.input('x', 'string')).toThrow('input x has the name of another');
    expect(() => graph.output('x', 'Neg', ['x'])).toThrow('output x has the name of another');
  });

  it('writes metadata in ASCII, sorted, and reads it back', () => {
    const graph = graphBuilder('g');
    graph.output('y', 'Neg', [graph.input('x', 'float')]);
    const card = { name: 'điểm tin cậy 😀', list: ['é'] };
    const bytes = graph.finish({ b: JSON.stringify(card), a: 'plain "text"\n' });
    const info = readModelInfo(bytes);
    expect(Object.keys(info.metadata)).toEqual(['a', 'b']);
    expect(info.metadata.a).toBe('plain "text"\n');
    expect(info.metadata.b).toMatch(/^[\x20-\x7e]*$/);
    expect(JSON.parse(info.metadata.b)).toEqual(card);
    expect(info).toMatchObject({
      irVersion: 8,
      producerName: 'kol-trainer',
      opsets: { '': 17, 'ai.onnx.ml': 3 },
      inputs: [{ name: 'x', type: 'float', dims: ['N'] }],
      outputs: [{ name: 'y', type: 'float', dims: ['N'] }],
      operators: ['Neg'],
    });
  });

  it('writes whole numbers of 64 bits', async () => {
    const extremes = [0n, 1n, 127n, 128n, 2n ** 53n + 1n, 2n ** 62n - 1n, 2n ** 63n - 1n, -1n, -(2n ** 63n)];
    const graph = graphBuilder('g');
    const x = graph.input('x', 'float');
    // Position of the x-th extreme in an attribute that lists them, read back through a tensor that holds them too.
    const index = graph.node('Cast', [x], { to: { i: 7 } });
    const value = graph.node('Gather', [graph.constant(int64s(extremes)), index], { axis: { i: 0 } });
    const found = graph.node(
      'LabelEncoder',
      [value],
      {
        keys_int64s: { ints: extremes },
        values_floats: { floats: extremes.map((_, i) => i + 0.5) },
        default_float: { f: -1 },
      },
      'ai.onnx.ml',
    );
    graph.output('y', 'Neg', [found]);
    const session = await openSession(graph.finish());
    const { y } = await session.run({ x: Float32Array.from(extremes.keys()) });
    expect([...y]).toEqual(extremes.map((_, i) => -i - 0.5));
    await session.close();
  });
});

describe('readModelInfo', () => {
  it('refuses bytes that are no message', () => {
    expect(() => readModelInfo(Uint8Array.from([0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 0x12]))).toThrow();
  });
});
