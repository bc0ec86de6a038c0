import type { ColumnType } from '../core/table.js';

/** Labelled texts: label 0 negative, 1 neutral, 2 positive. */
export const sentimentTable = 'kol_gold.ml_text_sentiment';

/** Labelled texts: label 0 a person's own words, 1 spam. Where the table is missing, nothing is said of spam. */
export const spamTable = 'kol_gold.ml_text_spam';

/** A raw column of the tables of labelled texts. */
export interface TextColumn {
  readonly name: string;
  readonly type: ColumnType;
  readonly required: boolean;
}

/** The columns of both tables; of `split`, rows called `dev` are judged by a model of the others. */
export const textColumns: readonly TextColumn[] = [
  { name: 'text_id', type: 'string', required: true },
  { name: 'text', type: 'string', required: true },
  { name: 'lang', type: 'string', required: false },
  { name: 'label', type: 'number', required: true },
  { name: 'source', type: 'string', required: false },
  { name: 'split', type: 'string', required: false },
];

/** What labels 0, 1 and 2 are called. */
export const sentimentClasses = ['negative', 'neutral', 'positive'] as const;

/** What labels 0 and 1 of the spam table are called. */
export const spamClasses = ['own_words', 'spam'] as const;
