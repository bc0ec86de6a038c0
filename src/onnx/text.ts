import { ExportError } from '../core/errors.js';
import { signCharacters } from '../core/sign-characters.js';
import { textPatterns } from '../features/expression.js';
import type { TextClassifierModel, TfidfAnalyzer, TfidfModel, TokenKind } from '../learners/text/model.js';
import { doubles, graphBuilder, int64s, type GraphBuilder, type ValueName } from './graph.js';
import { cast, concat, gather, scalar, transpose } from './layout.js';
import { ngramRows } from './ngrams.js';
import { blanks, tokens, truncate } from './text-numbers.js';

const word = textPatterns.words;
const signs = signCharacters
  .map(([first, last]) => `\\x{${first.toString(16)}}-\\x{${last.toString(16)}}`)
  .join('');

/** What the Tokenizer looks for; it takes the longest match. */
const tokenPatterns: Readonly<Record<TokenKind, string>> = {
  words: word,
  signs: `https?://|${word}(['\u2019]${word})*|!{1,3}|\\?{1,3}|\\.{1,3}|\\({1,3}|\\){1,3}|[${signs}]`,
};

/**
 * A text classifier as gather-sum: every n-gram of the text looks up its row of weights, and the rows are summed.
 * No document vector exists, so memory follows the length of the texts and not the size of the vocabulary.
 *
 * @param text sanitised texts `[N]`, string
 * @returns margins `[N, nMargins]`, double
 * @throws {ExportError} for a term that its vectoriser could never cut out of a text
 */
export function textClassifier(graph: GraphBuilder, model: TextClassifierModel, text: ValueName): ValueName {
  const { nMargins, vectorizers, weights, intercept } = model;
  const sums = vectorizers
    .map((vectorizer, v) =>
      termSums(graph, vectorizer, weights[v], nMargins, cutTokens(graph, text, vectorizer.analyzer)),
    )
    .reduce((left, right) => graph.node('Add', [left, right]));
  const margins = Array.from({ length: nMargins }, (_, k) => k);
  const weighted = gather(graph, sums, margins, 1);
  const squares = gather(graph, sums, [nMargins], 1);
  // Any term makes the sum of squares at least this; below it there is no term, and 0 / anything is 0.
  const least = vectorizers.reduce(
    (least, { idf }) => idf.reduce((low, value) => Math.min(low, value ** 2), least),
    Infinity,
  );
  const floor = least > 0 && least < Infinity ? least : 1;
  const norm = graph.node('Sqrt', [graph.node('Max', [squares, scalar(graph, floor)])]);
  const scaled = graph.node('Div', [weighted, norm]);
  return graph.node('Add', [scaled, graph.constant(doubles(intercept))]);
}

/**
 * A text classifier alone as a model: its column of sanitised texts `[N]` in, `margin_0`, `margin_1`, … `[N]` out.
 * @throws {ExportError} as `textClassifier`
 */
export function exportTextClassifier(model: TextClassifierModel): Uint8Array {
  const graph = graphBuilder('text-classifier');
  const margins = textClassifier(graph, model, graph.input(model.column, 'string'));
  const rows = cast(graph, transpose(graph, margins), 'float');
  for (let k = 0; k < model.nMargins; k++)
    graph.output(`margin_${k}`, 'Gather', [rows, graph.constant(int64s([k], []))], { axis: { i: 0 } });
  return graph.finish();
}

/** Tokens of the head of every text, `[N, longest + 1]`, filled up with "". */
function cutTokens(
  graph: GraphBuilder,
  text: ValueName,
  { tokens: kind = 'words', maxLength }: TfidfAnalyzer,
): ValueName {
  const head = truncate(graph, text, maxLength);
  const found = tokens(graph, head, { expression: tokenPatterns[kind] });
  return concat(graph, [found, blanks(graph, head)], 1);
}

/** Sums over the term occurrences of a text: the weights of every margin, then idf². `[N, nMargins + 1]` */
function termSums(
  graph: GraphBuilder,
  vectorizer: TfidfModel,
  weights: Float64Array,
  nMargins: number,
  words: ValueName,
): ValueName {
  const { analyzer, terms, idf } = vectorizer;
  const split = terms.map((term) => tokensOf(term, vectorizer));
  const { rows, nRows, rowOfTerm } =
    analyzer.unit === 'word'
      ? ngramRows(graph, split, words, 1)
      : ngramRows(graph, split, tokens(graph, words, { characters: 'framed' }), 2, words);

  const width = nMargins + 1;
  const table = new Float64Array(nRows * width);
  rowOfTerm.forEach((row, i) => {
    for (let k = 0; k < nMargins; k++) table[row * width + k] = weights[i * nMargins + k];
    table[row * width + nMargins] = idf[i] ** 2;
  });
  const looked = graph.node('Gather', [graph.constant(doubles(table, [nRows, width])), rows], {
    axis: { i: 0 },
  });
  const axes = analyzer.unit === 'word' ? [1] : [1, 2];
  return graph.node('ReduceSum', [looked, graph.constant(int64s(axes))], { keepdims: { i: 0 } });
}

function tokensOf(term: string, { analyzer }: TfidfModel): readonly string[] {
  const parts = analyzer.unit === 'word' ? term.split(' ') : Array.from(term);
  if (parts.length < analyzer.minN || parts.length > analyzer.maxN || parts.includes('')) {
    throw new ExportError(
      `text classifier: term ${JSON.stringify(term)} is not ${analyzer.minN} to ${analyzer.maxN} ${analyzer.unit}s`,
    );
  }
  return parts;
}
