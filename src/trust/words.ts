import type { Assessment } from '../champion/assess.js';

function metric({ evaluation }: Assessment, name: string): string {
  const found = evaluation.metrics.find((candidate) => candidate.name === name);
  return found === undefined ? 'unknown' : found.value.toFixed(3);
}

/** What the two judgements stand for, and what follows from them. */
export const trustWords = {
  random: {
    title: 'random hold-out',
    note: 'accounts like those it was trained on, drawn at random and never seen',
  },
  forward: {
    title: 'newest accounts',
    note: 'the accounts created last, judged by a model of all older ones: what to expect on new accounts',
  },
  use: {
    intended: [
      'Orders the accounts of a KOL platform by how likely they are untrustworthy (bots, fakes, bought followings), for people to review the likeliest first and to be warned before a contract. trust_score is 100 times the probability that an account is trustworthy.',
    ],
    limits: [
      'A score is a reason to look, not a proof: nobody should be blocked or refused by it alone.',
      'It knows what its labels knew. What no source of labels called untrustworthy, it takes for trustworthy.',
      'Accounts created after the training are judged less well: expect the figures of the newest accounts, not those of the random hold-out.',
      'Platforms, languages and sizes of account with few labelled rows are judged by what was learned of the others.',
    ],
  },
  /** Sentences for report and terminal. */
  report: (random: Assessment, forward: Assessment): readonly string[] => [
    `On accounts like those it was trained on, ROC-AUC is ${metric(random, 'roc_auc')}; on accounts newer than all it was trained on, ${metric(forward, 'roc_auc')} (Brier score ${metric(forward, 'brier_score')}).`,
    'The figure on the newest accounts is what to expect on accounts created from now on, until some of them are labelled: in the public data a new source of labels, not age itself, is what changed between old and new accounts.',
    'Some hundred fresh labels help most: in experiments on the same data, 300 labels of the new months at five times the weight brought ROC-AUC forward in time from about 0.79 to 0.89-0.91, and 1,000 to 0.87-0.92.',
  ],
} as const;
