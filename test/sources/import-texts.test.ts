import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importTexts } from '../../src/sources/import-texts.js';
import { failure, fileWith, scratchFolder, sql } from './scratch.js';

const folder = scratchFolder();
const lakehouse = join(folder, 'lake');
const input = join(folder, 'corpora');
for (const name of [
  'sst2',
  'uit-vsfc/train',
  'uit-vsfc/dev',
  'sms-spam',
  'vader-icwsm2014',
  'twitter-us-airline',
])
  mkdirSync(join(input, name), { recursive: true });
const corpus = (name: string, content: string | Uint8Array): string => fileWith(input, name, content);

corpus('sst2/train.tsv', 'a "quoted film\t1\nbad , bad\t0\n');
corpus('sst2/dev.tsv', 'fine\t1\n');
for (const [split, lines] of [
  ['train', 2],
  ['dev', 1],
] as const) {
  corpus(
    `uit-vsfc/${split}/sents.txt`,
    'giảng buồn ngủ .\r\ngiáo trình tốt .\r\n'
      .split(/(?<=\n)/)
      .slice(0, lines)
      .join(''),
  );
  corpus(`uit-vsfc/${split}/sentiments.txt`, '0\n2\n'.slice(0, 2 * lines));
}
corpus('sms-spam/SMSSpamCollection.tsv', 'Label\tSMS\nham\tOk lar...\nspam\tWIN "cash" now\n');
for (const name of ['amazonReviewSnippets', 'movieReviewSnippets', 'nytEditorialSnippets'])
  corpus(`vader-icwsm2014/${name}_GroundTruth.txt`, '1_1\t-0.5\tweak\r\n1_2\t0.49\tso so\r\n');
corpus('vader-icwsm2014/tweets_GroundTruth.txt', '1\t2.7\tYay!\r\n');
corpus(
  'twitter-us-airline/TwitterUSAirlineSentiment.csv',
  'tweet_id,airline_sentiment,text\n1,neutral,"@air what, now?"\n2,negative,"late\nagain"\n',
);

const rows = (table: string): Promise<unknown[][]> =>
  sql(
    `SELECT text_id, text, lang, label, source, split FROM '${lakehouse}/kol_gold/${table}/*.parquet' ORDER BY text_id`,
  );

describe('importTexts', () => {
  it('reads every corpus in its own form, in place of what was there', async () => {
    await importTexts({ input, lakehouse, corpora: ['sst2'] });
    const result = await importTexts({ input, lakehouse });
    expect(result).toEqual({
      nRows: 17,
      sources: {
        sst2: 3,
        'uit-vsfc': 3,
        'twitter-us-airline': 2,
        'vader-tweets': 1,
        'vader-amazon': 2,
        'vader-movie': 2,
        'vader-nyt': 2,
        'sms-spam': 2,
      },
      tables: ['kol_gold.ml_text_sentiment', 'kol_gold.ml_text_spam'],
      rejected: 0,
    });
    const sentiment = await rows('ml_text_sentiment');
    expect(sentiment).toHaveLength(15);
    expect(sentiment).toEqual(
      expect.arrayContaining([
        ['sst2-000001', 'a "quoted film', 'en', '2', 'sst2', 'train'],
        ['sst2-000003', 'fine', 'en', '2', 'sst2', 'dev'],
        ['uit-vsfc-000001', 'giảng buồn ngủ .', 'vi', '0', 'uit-vsfc', 'train'],
        ['uit-vsfc-000003', 'giảng buồn ngủ .', 'vi', '0', 'uit-vsfc', 'dev'],
        ['twitter-us-airline-000002', 'late\nagain', 'en', '0', 'twitter-us-airline', null],
        ['vader-amazon-000001', 'weak', 'en', '0', 'vader-amazon', null],
        ['vader-amazon-000002', 'so so', 'en', '1', 'vader-amazon', null],
        ['vader-tweets-000001', 'Yay!', 'en', '2', 'vader-tweets', null],
      ]),
    );
    expect(await rows('ml_text_spam')).toEqual([
      ['sms-spam-000001', 'Ok lar...', 'en', '0', 'sms-spam', null],
      ['sms-spam-000002', 'WIN "cash" now', 'en', '1', 'sms-spam', null],
    ]);
  });

  it('takes one corpus by its own folder, and leaves the other table alone', async () => {
    const result = await importTexts({ input: join(input, 'sms-spam'), lakehouse });
    expect(result.tables).toEqual(['kol_gold.ml_text_spam']);
    expect(await rows('ml_text_sentiment')).toHaveLength(15);
  });

  it('takes a file of texts and labels', async () => {
    const file = fileWith(folder, 'mine.csv', 'text,label,lang\n"đẹp, quá",2,vi\n<b>,0,\n');
    expect(await importTexts({ input: file, lakehouse })).toMatchObject({
      nRows: 2,
      sources: { imported: 2 },
    });
    expect(await rows('ml_text_sentiment')).toEqual([
      ['imported-000001', 'đẹp, quá', 'vi', '2', 'imported', null],
      ['imported-000002', '<b>', null, '0', 'imported', null],
    ]);
  });

  const broken = join(folder, 'broken');
  mkdirSync(broken);
  const sst2 = (train: string | Uint8Array): void => {
    fileWith(broken, 'train.tsv', train);
    fileWith(broken, 'dev.tsv', 'fine\t1\n');
  };
  const importing = (): Promise<string> => failure(() => importTexts({ input: broken, lakehouse }));

  it('names the line whose bytes are not UTF-8, or sets it aside', async () => {
    sst2(
      Buffer.concat([Buffer.from('good\t1\nb'), Buffer.of(0xc3, 0x28, 0xff), Buffer.from('d\t0\nnice\t1\n')]),
    );
    expect(await importing()).toBe(
      `DataError: ${broken}/train.tsv: line 2: expected UTF-8; mend the line, or leave such lines out with --skip-bad-rows FILE`,
    );
    const skipBadRows = join(folder, 'bad.csv');
    expect(await importTexts({ input: broken, lakehouse, skipBadRows })).toMatchObject({
      nRows: 3,
      rejected: 1,
    });
    expect(await sql(`SELECT line, "column", reason FROM '${skipBadRows}'`)).toEqual([
      ['2', `${broken}/train.tsv`, 'expected UTF-8'],
    ]);
    const file = fileWith(
      folder,
      'bytes.csv',
      Buffer.concat([Buffer.from('text,label\n"a'), Buffer.of(0xff), Buffer.from('",1\n')]),
    );
    expect(await failure(() => importTexts({ input: file, lakehouse }))).toMatch(
      /^DataError: .*bytes.csv.*UTF-8/,
    );
  });

  it.each([
    ['a label that is none', 'good\t7\n', 'line 1: holds "7", expected one of 0, 1'],
    ['a missing column', 'good\n', 'line 1: holds "good", expected 2 columns between tabs'],
  ])('names %s', async (_, content, message) => {
    sst2(content);
    expect(await importing()).toContain(message);
  });

  it('keeps what was there when it fails', async () => {
    const before = await rows('ml_text_sentiment');
    sst2('good\t7\n');
    await importing();
    expect(await rows('ml_text_sentiment')).toEqual(before);
  });

  it('names what a folder lacks, and labels beyond their range in a file', async () => {
    expect(await failure(() => importTexts({ input: lakehouse, lakehouse }))).toMatch(
      /DataError: .* holds no corpus .*sst2 \(train.tsv, dev.tsv\)/,
    );
    expect(await failure(() => importTexts({ input: join(folder, 'gone'), lakehouse }))).toMatch(
      /does not exist/,
    );
    const file = fileWith(folder, 'labels.csv', 'text,label\na,1\nb,2\n');
    expect(await failure(() => importTexts({ input: file, lakehouse, kind: 'spam' }))).toContain(
      'row 2: column label holds "2", expected a whole number from 0 to 1',
    );
    corpus('uit-vsfc/dev/sentiments.txt', '0\n1\n');
    expect(await failure(() => importTexts({ input: join(input, 'uit-vsfc'), lakehouse }))).toContain(
      'expected one label for every sentence',
    );
  });
});
