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
  use: {
    intended: [
      'Tells, before a campaign is booked, how likely it is to succeed with a KOL, and what orders and revenue to expect, to compare KOLs for one offer and to plan its budget.',
    ],
    limits: [
      'It knows only campaigns that took place: KOLs and offers unlike any of these are guessed.',
      'It tells what goes together, not what causes what: changing one input of an offer need not change its success as the score does.',
      'KOLs without a campaign so far are judged by their audience alone: expect the figures of unseen KOLs.',
      'Expected orders and revenue are means of skewed amounts; most campaigns end below them.',
    ],
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
