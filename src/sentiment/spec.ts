import type { ChampionSpec } from '../champion/fit.js';
import { textBases, textConsensus } from './bases.js';
import { sentimentClasses, spamClasses } from './columns.js';
import { textMeasures } from './features.js';

const shared = {
  inputs: [{ name: 'text', type: 'string' }],
  features: textMeasures,
  categorical: [],
  text: ['text'],
  encoderOutputs: 1,
  consensus: textConsensus,
  keep: [],
} as const;

/** What is fitted for sentiment. */
export function sentimentSpec(nFolds: number): ChampionSpec {
  const classes = sentimentClasses;
  return { ...shared, task: 'multiclass', classes, bases: textBases(classes.length), nFolds };
}

/** What is fitted for spam. */
export function spamSpec(nFolds: number): ChampionSpec {
  return { ...shared, task: 'binary', classes: spamClasses, bases: textBases(2), nFolds };
}
