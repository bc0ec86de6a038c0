import { textPatterns, type TextPattern } from '../features/expression.js';
import { doubles, int32s, int64s, type GraphBuilder, type ValueName } from './graph.js';
import { cast, concat, pick, scalar } from './layout.js';

/** Numbers read off a text column: `[N]` sanitised strings in, `[N]` out. */

const entropyLength = 64;
// RE2 allows at most 1000 repeats of one expression.
const maxRepeat = 1000;

/** Tokens of every text, `[N, longest]`, filled up with ""; `[N, 0]` where no text has any. */
export function tokens(
  graph: GraphBuilder,
  texts: ValueName,
  how: { readonly expression: string } | { readonly characters: 'plain' | 'framed' },
): ValueName {
  const framed = 'characters' in how && how.characters === 'framed';
  return graph.node(
    'Tokenizer',
    [texts],
    {
      mark: { i: framed ? 1 : 0 },
      pad_value: { s: '' },
      mincharnum: { i: 1 },
      ...('expression' in how ? { tokenexp: { s: how.expression } } : { separators: { strings: [''] } }),
    },
    'com.microsoft',
  );
}

/** A "" for every text, `[N, 1]`: joined to tokens it makes sure that there is a column. */
export function blanks(graph: GraphBuilder, texts: ValueName): ValueName {
  const column = graph.node('Reshape', [texts, graph.constant(int64s([-1, 1]))]);
  return graph.node(
    'LabelEncoder',
    [column],
    { keys_strings: { strings: [''] }, values_strings: { strings: [''] }, default_string: { s: '' } },
    'ai.onnx.ml',
  );
}

/** The first `maxLength` code points of every text, `[N]`. */
export function truncate(graph: GraphBuilder, texts: ValueName, maxLength: number): ValueName {
  let expression = `(?s)\\A.{1,${Math.min(maxLength, maxRepeat)}}`;
  for (let rest = maxLength - maxRepeat; rest > 0; rest -= maxRepeat) {
    expression += `.{0,${Math.min(rest, maxRepeat)}}`;
  }
  const head = tokens(graph, texts, { expression });
  return pick(graph, concat(graph, [head, blanks(graph, texts)], 1), 0, 1);
}

/** Non-overlapping matches of a named pattern, `[N]`, float. */
export function countOf(graph: GraphBuilder, texts: ValueName, pattern: TextPattern): ValueName {
  return present(graph, tokens(graph, texts, { expression: textPatterns[pattern] }));
}

/** Code points, `[N]`, float. */
export function lengthOf(graph: GraphBuilder, texts: ValueName): ValueName {
  return present(graph, tokens(graph, texts, { characters: 'plain' }));
}

/** 1 for "", else 0, `[N]`, float. */
export function isEmpty(graph: GraphBuilder, texts: ValueName): ValueName {
  return encode(graph, texts, [''], [1], 0);
}

/** Position in `values`, -1 for any other text, `[N]`, float. */
export function categoryOf(graph: GraphBuilder, texts: ValueName, values: readonly string[]): ValueName {
  const distinct = [...new Set(values)];
  if (distinct.length === 0) return encode(graph, texts, [''], [-1], -1);
  return encode(
    graph,
    texts,
    distinct,
    distinct.map((value) => values.indexOf(value)),
    -1,
  );
}

/**
 * Shannon entropy of the first 64 code points in nats, `[N]`, double: the mean over characters of ln(n / times it
 * occurs), which is exactly 0 for a text of one repeated character.
 */
export function entropyOf(graph: GraphBuilder, texts: ValueName): ValueName {
  const characters = tokens(graph, truncate(graph, texts, entropyLength), { characters: 'plain' });
  // With seed 0 the padding "" hashes to 0 and no two characters of the BMP collide.
  const hash = graph.node(
    'MurmurHash3',
    [characters],
    { seed: { i: 0 }, positive: { i: 0 } },
    'com.microsoft',
  );
  const unsqueeze = (axis: number): ValueName =>
    graph.node('Unsqueeze', [hash, graph.constant(int64s([axis]))]);
  const same = graph.node('Equal', [unsqueeze(2), unsqueeze(1)]);
  const real = graph.node('Not', [graph.node('Equal', [hash, graph.constant(int32s([0], []))])]);
  const mask = cast(graph, real, 'double');
  const times = reduceSum(graph, cast(graph, same, 'double'), 2);
  const n = reduceSum(graph, mask, 1);
  const share = graph.node('Div', [graph.node('Unsqueeze', [n, graph.constant(int64s([1]))]), times]);
  const surprise = graph.node('Where', [real, share, graph.constant(doubles([1], []))]);
  const total = reduceSum(graph, graph.node('Log', [surprise]), 1);
  return graph.node('Div', [total, graph.node('Max', [n, scalar(graph, 1)])]);
}

function present(graph: GraphBuilder, found: ValueName): ValueName {
  const ones = encode(graph, found, [''], [0], 1);
  return graph.node('ReduceSum', [ones, graph.constant(int64s([1]))], { keepdims: { i: 0 } });
}

function reduceSum(graph: GraphBuilder, value: ValueName, axis: number): ValueName {
  return graph.node('ReduceSum', [value, graph.constant(int64s([axis]))], { keepdims: { i: 0 } });
}

function encode(
  graph: GraphBuilder,
  texts: ValueName,
  keys: readonly string[],
  values: readonly number[],
  other: number,
): ValueName {
  return graph.node(
    'LabelEncoder',
    [texts],
    { keys_strings: { strings: keys }, values_floats: { floats: values }, default_float: { f: other } },
    'ai.onnx.ml',
  );
}
