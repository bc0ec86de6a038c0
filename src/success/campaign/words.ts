import type { Assessment } from '../../champion/assess.js';

function metric({ evaluation }: Assessment, name: string): string {
  const found = evaluation.metrics.find((candidate) => candidate.name === name);
  return found === undefined ? 'unknown' : found.value.toFixed(3);
}

/** What the two judgements stand for, and what follows from them. */
export const campaignWords = {
  random: {
    title: 'unseen KOLs',
    note: 'campaigns of KOLs drawn at random, none of whose campaigns was trained on',
  },
  forward: {
    title: 'newest campaigns',
    note: 'the campaigns begun last, judged by a model of all whose results were known before: what to expect from now on',
  },
  /** Sentences for report and terminal. */
  report: (
    success: readonly [random: Assessment, forward: Assessment],
    orders: readonly [random: Assessment, forward: Assessment],
    revenue: readonly [random: Assessment, forward: Assessment],
  ): readonly string[] => [
    `Success: ROC-AUC is ${metric(success[0], 'roc_auc')} on campaigns of unseen KOLs and ${metric(success[1], 'roc_auc')} on the newest campaigns (Brier score ${metric(success[1], 'brier_score')}).`,
    `Forward in time, expected orders explain ${metric(orders[1], 'deviance_explained')} of the Tweedie deviance of their mean, expected revenue ${metric(revenue[1], 'deviance_explained')}.`,
  ],
} as const;
