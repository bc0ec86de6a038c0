import type { Assessment } from '../champion/assess.js';
import type { BaselineComparison } from './baselines.js';
import type { Slice } from './slices.js';

function metric({ evaluation }: Assessment, name: string): string {
  const found = evaluation.metrics.find((candidate) => candidate.name === name);
  return found === undefined ? 'unknown' : found.value.toFixed(3);
}

/** What the judgements stand for, and what follows from them. */
export const sentimentWords = {
  random: {
    title: 'random hold-out',
    note: 'texts drawn at random; none says the same as one that was trained on',
  },
  given: {
    title: 'given dev split',
    note: 'the rows that the corpora themselves hold out, judged by a model of the others',
  },
  spam: {
    title: 'spam: random hold-out',
    note: 'texts of the spam table drawn at random; none says the same as one that was trained on',
  },
  use: {
    intended: [
      'Tells whether comments on a KOL are negative, neutral or positive, and whether they are spam, to be summed up over many comments: shares, trends, sudden changes. Vietnamese and English, as far as the training texts go.',
    ],
    limits: [
      'Made for sums over comments: single ones, irony and quotations above all, are often misread.',
      'Languages and sources that were not trained on, or hardly, are guessed; the parts of the rows say which are there.',
      'Words change: compare new comments with the training by kol drift, and train again where they left it.',
      'It is no judgement of the person who wrote the comment, nor of the KOL.',
    ],
  },
  /** Sentences for report and terminal. */
  report: (
    random: Assessment,
    slices: readonly Slice[],
    baselines: readonly BaselineComparison[],
    sources: readonly string[],
    spam: Assessment | undefined,
  ): readonly string[] => [
    `On held-out texts accuracy is ${metric(random, 'accuracy')}, macro F1 ${metric(random, 'macro_f1')}, calibration error of the chosen class ${metric(random, 'calibration_error')}.`,
    ...(slices.length > 1
      ? [`Accuracy by language and source: ${slices.map(sliceInWords).join('; ')}.`]
      : []),
    ...baselines.map(baselineInWords),
    ...(spam === undefined ? [] : [`Spam: ROC-AUC ${metric(spam, 'roc_auc')} on held-out texts.`]),
    ...(sources.every((source) => source === 'simulated')
      ? [
          'All texts are simulated from a few dozen phrases: the figures show that the machinery works, not what to expect of real comments. Import real corpora with kol import texts.',
        ]
      : []),
  ],
} as const;

function sliceInWords({ name, nRows, accuracy: { value, lower, upper } }: Slice): string {
  return `${name} ${value.toFixed(3)} [${lower.toFixed(3)}, ${upper.toFixed(3)}] of ${nRows}`;
}

function baselineInWords({ name, comparisons }: BaselineComparison): string {
  const said = comparisons.map(
    ({ label, b, difference, lower, upper }) =>
      `${label.toLowerCase()} ${b.toFixed(3)} (difference ${difference.toFixed(3)} [${lower.toFixed(3)}, ${upper.toFixed(3)}])`,
  );
  return `Baseline ${name} on the same rows: ${said.join(', ')}.`;
}
