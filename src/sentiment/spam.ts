import { assess, type Assessment } from '../champion/assess.js';
import { refitChampion, type FitContext } from '../champion/fit.js';
import type { ChampionModel } from '../champion/model.js';
import type { Lineage } from '../core/lineage.js';
import { groupedHoldOut } from '../ensemble/folds.js';
import { hasTable } from '../sources/missing-table.js';
import { readPinned } from '../sources/pinned-reading.js';
import type { TableSource } from '../sources/table-source.js';
import { spamClasses, spamTable } from './columns.js';
import type { SentimentConfig } from './config.js';
import { textsQuery } from './query.js';
import { textRows } from './rows.js';
import { spamSpec } from './spec.js';
import { sentimentWords } from './words.js';

/** A fitted and judged spam model. */
export interface SpamTraining {
  readonly model: ChampionModel;
  readonly assessment: Assessment;
  readonly lineage: Lineage;
}

/**
 * The spam half of a training of sentiment: the same learners on `kol_gold.ml_text_spam`.
 * @returns undefined where there is no such table
 */
export async function trainSpam(
  config: SentimentConfig,
  source: TableSource,
  context: FitContext,
): Promise<SpamTraining | undefined> {
  const { signal, progress } = context;
  if (!(await hasTable(source, spamTable, signal))) {
    progress.note(`there is no ${spamTable}: nothing is said of spam`);
    return undefined;
  }
  const { table, lineage } = await readPinned(source, textsQuery(spamTable), config, signal);
  const { data } = textRows(table, spamTable, spamClasses);
  const spec = spamSpec(config.folds);
  const split = groupedHoldOut(data.groups ?? [], config.holdOut, config.seed);
  const assessment = await assess(data, spec, split, sentimentWords.spam, context);
  const all = Uint32Array.from(data.y.keys());
  const model = await refitChampion(
    data,
    spec,
    all,
    assessment.fitted.model,
    context,
    'spam: champion on all texts',
  );
  return { model, assessment, lineage };
}
