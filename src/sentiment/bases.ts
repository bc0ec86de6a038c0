import type { BaseSpec } from '../champion/base-model.js';

/** The base that carries the stack. */
export const textConsensus = ['text'] as const;

/**
 * Base models of a text: n-grams of words and characters, which learn negations ("không đẹp"), degrees and spellings
 * from the labels, and a regression on what the text looks like.
 */
export function textBases(nClasses: number): readonly BaseSpec[] {
  return [
    {
      name: 'text',
      kind: 'text-classifier',
      params: {
        column: 'text',
        nClasses,
        analyzers: [
          { unit: 'word', minN: 1, maxN: 2, maxLength: 400 },
          { unit: 'char', minN: 2, maxN: 5, maxLength: 400 },
        ],
      },
    },
    { name: 'measures', kind: 'logistic-regression', params: { nClasses, l2Regularization: 1 } },
  ];
}
