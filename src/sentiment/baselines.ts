import type { Assessment } from '../champion/assess.js';
import { Matrix, take } from '../core/matrix.js';
import type { Rng } from '../core/rng.js';
import { Table } from '../core/table.js';
import { calibrateClasses } from '../ensemble/calibration/classes.js';
import type { Split } from '../ensemble/folds.js';
import type { Comparison } from '../evaluation/compare.js';
import { compareClasses } from '../evaluation/compare-classes.js';
import { logisticRegression } from '../learners/linear/logistic-regression.js';
import { linearMargins } from '../learners/linear/margins.js';
import { sentimentClasses } from './columns.js';
import { lexiconValence } from './lexicon.js';
import type { TextRows } from './rows.js';

/** A champion against what needs no learning, on the rows it was judged on. */
export interface BaselineComparison {
  readonly name: string;
  readonly comparisons: readonly Comparison[];
}

/**
 * Compares a judged champion with the shares of the classes, and with a lexicon whose valences a regression turned into
 * probabilities; both learned from the training side of the same split.
 */
export async function compareWithBaselines(
  { data }: TextRows,
  { train, test }: Split,
  champion: Assessment,
  rng: Rng,
): Promise<readonly BaselineComparison[]> {
  const y = take(data.y, test);
  const texts = Table.strings(data.table, 'text');
  const counts = sentimentClasses.map((_, k) => train.reduce((n, row) => n + Number(data.y[row] === k), 0));
  const shares = counts.map((count) => new Float64Array(test.length).fill(count / train.length));

  const valences = (rows: Uint32Array): Matrix => {
    const found = Array.from(rows, (row) => lexiconValence(texts[row]));
    const columns = [
      found.map(({ negative }) => negative),
      found.map(({ positive }) => positive),
      found.map(({ negative, positive }) => positive - negative),
      found.map(({ negative, positive }) => Number(negative + positive === 0)),
    ];
    return Matrix.fromColumns(columns, ['negative', 'positive', 'balance', 'silent']);
  };
  const lexicon = await logisticRegression({ nClasses: sentimentClasses.length }).fit(
    valences(train),
    take(data.y, train),
    { rng: rng.split('lexicon') },
  );
  const spoken = calibrateClasses({ kind: 'identity', format: 1 }, linearMargins(lexicon, valences(test)));

  const against = (name: string, b: readonly Float64Array[]): BaselineComparison => ({
    name,
    comparisons: compareClasses({ y, a: champion.scores.classProbabilities, b, rng: rng.split(name) }),
  });
  return [against('lexicon', spoken), against('class shares', shares)];
}
